import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * The sanitised copy of a CSV file: a header line, then exactly one plain LF-ended line a record, so that
 * line number - 1 = record number. Records that are not plain are placeholders: byte 0x01 and the commas.
 * Writes are synchronous and large: the page cache takes them faster than the pass over the bytes makes them.
 */
export class PlainCopy {
  readonly path: string;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  readonly #placeholder: Buffer;
  #used = 0;
  #open = true;

  /** `header`: the line that stands for the header, without line end; `commas`: in every line. */
  constructor(path: string, header: string, commas: number) {
    this.path = path;
    this.#fd = openSync(path, 'wx');
    this.#placeholder = Buffer.from(`\u0001${','.repeat(commas)}\n`);
    const line = Buffer.from(`${header}\n`);
    this.lines(line, 0, line.length);
  }

  /** Plain LF-ended lines, as they are. */
  lines(bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to) {
      if (this.#used === BUFFER_BYTES) this.#flush();
      const take = Math.min(to - at, BUFFER_BYTES - this.#used);
      bytes.copy(this.#buffer, this.#used, at, at + take);
      this.#used += take;
      at += take;
    }
  }

  /** Plain CRLF-ended lines: the carriage returns go. */
  crlfLines(bytes: Buffer, from: number, to: number): void {
    for (let begin = from; begin < to; begin += BUFFER_BYTES) {
      const end = Math.min(to, begin + BUFFER_BYTES);
      if (end - begin > BUFFER_BYTES - this.#used) this.#flush();
      const out = this.#buffer;
      let used = this.#used;
      for (let at = begin; at < end; at += 1) {
        const byte = bytes[at] as number;
        out[used] = byte;
        if (byte !== CR) used += 1;
      }
      this.#used = used;
    }
  }

  /**
   * A line whose quotes only decorate it (`"a","b"`): written without them. Gives the length written, or 0 (and nothing
   * is written) when it has another number of fields, is longer than `maxLine` (1 MiB), or holds what a plain line may not. `to` stands
   * behind the line feed; the caller vouches for valid UTF-8.
   */
  unquoted(bytes: Buffer, from: number, to: number, commas: number, maxLine: number): number {
    const end = bytes[to - 2] === CR ? to - 2 : to - 1;
    if (end - from > maxLine) return 0;
    if (to - from > BUFFER_BYTES - this.#used) this.#flush();
    const out = this.#buffer;
    let used = this.#used;
    let left = commas;
    let at = from;
    for (;;) {
      if (bytes[at] === QUOTE) {
        at += 1;
        let byte = bytes[at] as number;
        while (byte !== QUOTE) {
          if (byte === COMMA || (byte < 0x20 && byte !== 0x09)) return 0;
          out[used] = byte;
          used += 1;
          at += 1;
          byte = bytes[at] as number;
        }
        at += 1;
      } else {
        while (at < end && bytes[at] !== COMMA) {
          const byte = bytes[at] as number;
          if (byte === QUOTE || (byte < 0x20 && byte !== 0x09)) return 0;
          out[used] = byte;
          used += 1;
          at += 1;
        }
      }
      if (at === end) break;
      if (bytes[at] !== COMMA || left === 0) return 0;
      out[used] = COMMA;
      used += 1;
      left -= 1;
      at += 1;
    }
    // One empty field would make a blank line, which is no record.
    if (left > 0 || used === this.#used) return 0;
    const length = used - this.#used;
    out[used] = LF;
    this.#used = used + 1;
    return length;
  }

  /** A line that keeps the number of a record that is not in this file. */
  placeholder(): void {
    this.lines(this.#placeholder, 0, this.#placeholder.length);
  }

  /** Copies `[from, to)` of a file: whole plain lines that were passed before the first line that is not plain. */
  prefix(path: string, from: number, to: number): void {
    const source = openSync(path, 'r');
    try {
      let at = from;
      while (at < to) {
        if (this.#used === BUFFER_BYTES) this.#flush();
        const take = Math.min(to - at, BUFFER_BYTES - this.#used);
        const read = readSync(source, this.#buffer, this.#used, take, at);
        if (read === 0) throw new Error(`${path}: shrank to ${at} bytes while it was read, ${to} were there before`);
        this.#used += read;
        at += read;
      }
    } finally {
      closeSync(source);
    }
  }

  /** Writes what is left and closes. */
  close(): void {
    this.#flush();
    closeSync(this.#fd);
    this.#open = false;
  }

  /** Removes the copy, closed or not. */
  discard(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
    rmSync(this.path, { force: true });
  }

  #flush(): void {
    let at = 0;
    while (at < this.#used) at += writeSync(this.#fd, this.#buffer, at, this.#used - at);
    this.#used = 0;
  }
}
