import { isAscii } from 'node:buffer';
import { ByteWindow } from './byte-window.ts';
import { ValidLines } from './plain-lines.ts';
import { MAX_RECORD_BYTES, RAW_TEXT_BYTES, type RecordSink, rawText } from './record.ts';

const LF = 0x0a;
const CR = 0x0d;

/** How the lines of a file are read. */
export interface LineOptions {
  /** Default 64 MiB. */
  readonly maxRecordBytes?: number;
  /** Bytes of one read; for tests. */
  readonly chunkBytes?: number;
}

/** Takes a line that is no longer than it may be and is UTF-8, by its number among those that are not blank. */
export type TakeLine = (number: number, line: string) => void;

/**
 * Reads a file in which every line that is not blank is a record. Lines end with LF or CRLF; a byte order mark at the begin
 * is skipped. Lines that are too long or not UTF-8 go to the sink as faults, the others to `take`.
 */
export async function readLines(
  path: string,
  options: LineOptions,
  sink: RecordSink,
  take: TakeLine,
): Promise<{ readonly records: number; readonly blanks: number }> {
  const window = await ByteWindow.open(path, options.chunkBytes);
  const pass = new LinePass(options.maxRecordBytes ?? MAX_RECORD_BYTES, sink, take);
  try {
    while (!window.done && window.end < 3) await window.more();
    if (window.bytes.subarray(0, window.end).indexOf('\uFEFF') === 0) window.start = 3;
    while (!window.done || window.start < window.end) {
      pass.consume(window);
      if (!window.done) await window.more();
    }
    return { records: pass.records, blanks: pass.blanks };
  } finally {
    await window.close();
  }
}

class LinePass {
  records = 0;
  blanks = 0;
  readonly #max: number;
  readonly #sink: RecordSink;
  readonly #take: TakeLine;
  readonly #valid = new ValidLines();
  #skipping = false;

  constructor(max: number, sink: RecordSink, take: TakeLine) {
    this.#max = max;
    this.#sink = sink;
    this.#take = take;
  }

  consume(window: ByteWindow): void {
    const { bytes, end } = window;
    // A last line without line feed gets one, behind the end.
    if (window.done) bytes[end] = LF;
    const region = window.done ? end + 1 : bytes.lastIndexOf(LF, end - 1) + 1;
    this.#valid.reset(bytes, Math.max(region, window.start));
    const encoding = isAscii(bytes.subarray(window.start, Math.max(region, window.start))) ? 'latin1' : 'utf8';
    while (window.start < region && window.start < end) {
      const from = window.start;
      const lf = bytes.indexOf(LF, from);
      window.start = Math.min(lf + 1, end);
      if (this.#skipping) this.#skipping = false;
      else this.#line(bytes, from, lf > from && bytes[lf - 1] === CR ? lf - 1 : lf, encoding);
    }
    this.#tooLong(window);
  }

  #line(bytes: Buffer, from: number, to: number, encoding: 'latin1' | 'utf8'): void {
    if (isBlank(bytes, from, to)) {
      this.blanks += 1;
      return;
    }
    this.records += 1;
    if (to - from > this.#max) {
      this.#sink.fault(this.records, 'record_too_long', tooLong(this.#max), rawText(bytes, from, to));
    } else if (this.#valid.from(from) === from) {
      this.#sink.fault(this.records, 'invalid_utf8', 'found bytes that are not UTF-8', rawText(bytes, from, to));
    } else {
      this.#take(this.records, bytes.toString(encoding, from, to));
    }
  }

  /** A line that is longer than the window may become is judged by its begin; its rest is passed over. */
  #tooLong(window: ByteWindow): void {
    const { bytes, start, end } = window;
    if (!this.#skipping) {
      if (window.done || end - start <= Math.max(this.#max + 1, RAW_TEXT_BYTES) || isBlank(bytes, start, end)) return;
      this.records += 1;
      this.#sink.fault(this.records, 'record_too_long', tooLong(this.#max), rawText(bytes, start, end));
      this.#skipping = true;
    }
    window.start = end;
  }
}

/** The message of a record that is longer than `max`. */
export const tooLong = (max: number): string => `found more than ${max} bytes in one record`;

/** Whether a line holds nothing but spaces, tabs and carriage returns: such a line is no record. */
export function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== CR) return false;
  }
  return true;
}
