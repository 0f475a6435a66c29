import { JsonRecordReader } from './json-record.ts';
import type { JsonColumn } from './json-shape.ts';
import { readLines } from './lines.ts';
import { RAW_TEXT_BYTES, type RecordSink } from './record.ts';

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

/** Reads JSON lines: every line that is not blank is a record. An empty file has none. */
export async function readJsonLines(
  path: string,
  columns: readonly JsonColumn[],
  options: JsonOptions,
  sink: RecordSink,
): Promise<JsonRead> {
  const reader = new JsonRecordReader(columns);
  const read = await readLines(path, options, sink, (number, line) => deliver(reader, number, line, sink));
  return { ...read, extra: [...reader.columns.extra] };
}

/** Reads one record's text and hands it to the sink. */
export function deliver(reader: JsonRecordReader, number: number, raw: string, sink: RecordSink): void {
  const outcome = reader.read(raw);
  if (outcome !== 'record') sink.fault(number, outcome, detailOf(reader, outcome), raw.slice(0, RAW_TEXT_BYTES));
  else if (reader.columns.faults.length === 0) sink.record(number, reader.columns.values, undefined, raw);
  else sink.record(number, reader.columns.values, reader.columns.faults, raw);
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
