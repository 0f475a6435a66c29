import { isUtf8 } from 'node:buffer';

/** Longest line that is handed to an engine's reader: 1 MiB. */
export const MAX_PLAIN_LINE_BYTES = 1024 * 1024;

/** How a run of plain lines ends its lines. */
type LineEnd = 'lf' | 'crlf';

const LF = 0x0a;
const CR = 0x0d;
// A line is judged by the sum of its bytes' weights: a comma is 1, and no number of commas in a line of 1 MiB reaches
// a carriage return, nor four of those a forbidden byte. Doubles hold the sum exactly or far out of reach.
const CR_WEIGHT = 2 ** 22;
const FORBIDDEN = 2 ** 24;
const WEIGHT = new Float64Array(256);
for (let control = 0; control < 0x20; control += 1) WEIGHT[control] = FORBIDDEN;
WEIGHT[0x09] = 0;
WEIGHT[LF] = 0;
WEIGHT[CR] = CR_WEIGHT;
WEIGHT[0x22] = FORBIDDEN;
WEIGHT[0x2c] = 1;

/** How far a run of plain lines reached. */
export interface PlainRun {
  /** Where the first line begins that does not belong to the run. */
  end: number;
  lines: number;
  /** Longest line, line end not counted. */
  longest: number;
}

/**
 * Takes plain lines with `commas` commas, one kind of line end and at most `maxLine` (1 MiB) bytes from `from` on. The caller vouches that
 * `bytes[from, to)` is valid UTF-8, begins at a line's begin and ends behind a line feed.
 * The loop is the speed of clean input (more than 1 GB/s): one look-up and one addition a byte, one branch a line.
 */
export function plainRun(
  bytes: Uint8Array,
  from: number,
  to: number,
  commas: number,
  ends: LineEnd,
  maxLine: number,
  run: PlainRun,
): void {
  const expected = ends === 'lf' ? commas : commas + CR_WEIGHT;
  const endBytes = ends === 'lf' ? 1 : 2;
  let begin = from;
  let lines = 0;
  let longest = 0;
  while (begin < to) {
    let at = begin;
    let sum = 0;
    let byte = 0;
    do {
      byte = bytes[at] as number;
      sum += WEIGHT[byte] as number;
      at += 1;
    } while (byte !== LF);
    const length = at - begin - endBytes;
    if (sum !== expected || length <= 0 || length > maxLine) break;
    if (endBytes === 2 && bytes[at - 2] !== CR) break;
    if (length > longest) longest = length;
    lines += 1;
    begin = at;
  }
  run.end = begin;
  run.lines = lines;
  run.longest = longest;
}

const BLOCK = 4096;

/** Knows which whole lines of a window are valid UTF-8, asking in blocks as large as the file's cleanliness allows. */
export class ValidLines {
  #bytes: Uint8Array | null = null;
  #to = 0;
  #regionEnd = 0;
  #badBlockEnd = 0;

  /** Forget everything: the window moved. `regionEnd` is where its last whole line ends. */
  reset(bytes: Uint8Array, regionEnd: number): void {
    this.#bytes = bytes;
    this.#regionEnd = regionEnd;
    this.#to = -1;
    this.#badBlockEnd = 0;
  }

  /** How far whole lines from `from` on are valid; `from` itself when already the first line is not. */
  from(from: number): number {
    const bytes = this.#bytes;
    if (bytes === null || from < this.#to) return this.#to;
    if (this.#to < 0 && isUtf8(bytes.subarray(from, this.#regionEnd))) this.#to = this.#regionEnd;
    else if (from >= this.#badBlockEnd) {
      const blockEnd = this.#lineEnd(Math.min(from + BLOCK, this.#regionEnd) - 1);
      if (isUtf8(bytes.subarray(from, blockEnd))) this.#to = blockEnd;
      else {
        this.#badBlockEnd = blockEnd;
        this.#to = this.#oneLine(bytes, from);
      }
    } else this.#to = this.#oneLine(bytes, from);
    return this.#to;
  }

  #oneLine(bytes: Uint8Array, from: number): number {
    const end = this.#lineEnd(from);
    return isUtf8(bytes.subarray(from, end)) ? end : from;
  }

  /** Where the line ends that `at` belongs to. */
  #lineEnd(at: number): number {
    const lf = this.#bytes?.indexOf(LF, at) ?? -1;
    return lf < 0 ? this.#regionEnd : lf + 1;
  }
}
