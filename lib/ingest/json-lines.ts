import { isAscii } from 'node:buffer';
import { ByteWindow } from './byte-window.ts';
import { JsonRecordReader } from './json-record.ts';
import type { JsonColumn } from './json-shape.ts';
import { ValidLines } from './plain-lines.ts';
import { MAX_RECORD_BYTES, RAW_TEXT_BYTES, type RecordSink, rawText } from './record.ts';

/** How a JSON file is read. */
export interface JsonOptions {
  /** The file's name in messages; default: the path that is read. */
  readonly path?: string;
  /** Default 64 MiB. */
  readonly maxRecordBytes?: number;
  /** Largest `.json` file, which is held in memory whole; default 512 MiB. JSON lines have no bound. */
  readonly maxBytes?: number;
  /** Bytes of one read; for tests. */
  readonly chunkBytes?: number;
}

/** What was read of a JSON file. */
export interface JsonRead {
  /** All records, broken ones included. */
  readonly records: number;
  readonly blanks: number;
  /** Dotted names of members that no column wants, 20 at most. */
  readonly extra: readonly string[];
}

const LF = 0x0a;
const CR = 0x0d;

/** Reads JSON lines: every line that is not blank is a record. An empty file has none. */
export async function readJsonLines(
  path: string,
  columns: readonly JsonColumn[],
  options: JsonOptions,
  sink: RecordSink,
): Promise<JsonRead> {
  const window = await ByteWindow.open(path, options.chunkBytes);
  const pass = new LinePass(columns, options.maxRecordBytes ?? MAX_RECORD_BYTES, sink);
  try {
    while (!window.done && window.end < 3) await window.more();
    if (window.bytes.subarray(0, window.end).indexOf('\uFEFF') === 0) window.start = 3;
    while (!window.done || window.start < window.end) {
      pass.consume(window);
      if (!window.done) await window.more();
    }
    return { records: pass.records, blanks: pass.blanks, extra: [...pass.reader.columns.extra] };
  } finally {
    await window.close();
  }
}

class LinePass {
  records = 0;
  blanks = 0;
  readonly reader: JsonRecordReader;
  readonly #max: number;
  readonly #sink: RecordSink;
  readonly #valid = new ValidLines();
  #skipping = false;

  constructor(columns: readonly JsonColumn[], max: number, sink: RecordSink) {
    this.reader = new JsonRecordReader(columns);
    this.#max = max;
    this.#sink = sink;
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
      const raw = bytes.toString(encoding, from, to);
      deliver(this.reader, this.records, raw, this.#sink);
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

/** Reads one record's text and hands it to the sink. */
export function deliver(reader: JsonRecordReader, number: number, raw: string, sink: RecordSink): void {
  const outcome = reader.read(raw);
  if (outcome !== 'record') sink.fault(number, outcome, detailOf(reader, outcome), raw.slice(0, RAW_TEXT_BYTES));
  else if (reader.columns.faults.length === 0) sink.record(number, reader.columns.values);
  else sink.record(number, reader.columns.values, reader.columns.faults);
}

function detailOf(reader: JsonRecordReader, outcome: string): string {
  switch (outcome) {
    case 'too_deep':
      return `nested too deep (character ${reader.at + 1})`;
    case 'not_an_object':
      return 'found JSON that is no object, expected {...}';
    case 'duplicate_member':
      return 'a member name stands more than once in one object';
    case 'nul':
      return 'a string holds U+0000';
    case 'lone_surrogate':
      return 'a string holds half of a surrogate pair';
    default:
      return `not JSON (character ${reader.at + 1})`;
  }
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== CR) return false;
  }
  return true;
}
