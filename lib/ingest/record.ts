/** Why one record is broken: stable words that the quarantine table and the corpus use (see test/fixtures/records/README.md). */
export type FaultCode =
  | 'unclosed_quote'
  | 'text_after_quote'
  | 'quote_in_text'
  | 'record_too_long'
  | 'nul'
  | 'invalid_utf8'
  | 'lone_cr'
  | 'too_few_fields'
  | 'too_many_fields'
  | 'invalid_json'
  | 'too_deep'
  | 'not_an_object'
  | 'duplicate_member'
  | 'lone_surrogate'
  | 'not_combined'
  | 'not_an_analysis'
  | 'broken_pair'
  | 'nothing_found';

/** Why one value of a JSON or XML record cannot be taken, although the record can be read. */
export interface ColumnFault {
  readonly column: string;
  readonly code: 'json_type' | 'number_range' | 'repeated_element' | 'element_content' | 'empty';
  readonly detail: string;
  /** The value as it was written, cut to 200 characters. */
  readonly found: string;
}

/** Receives the records that were read here, synchronously and in ascending order of their numbers. */
export interface RecordSink {
  /** A record that can be read. Values stand in column order; empty text is null. `faults` is absent or not empty. `rawText`: of JSON, the record as it stands in the file. */
  record(number: number, values: (string | null)[], faults?: readonly ColumnFault[], rawText?: string): void;
  /** A record that cannot. `rawText` is what stands in the file, cut to 64 KiB, in printable form. */
  fault(number: number, code: FaultCode, detail: string, rawText: string): void;
}

/** Longest record that is read, line end not counted: 64 MiB. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** How much of a broken record is kept as text. */
export const RAW_TEXT_BYTES = 64 * 1024;

/** Bytes as text for people: cut, bad UTF-8 as U+FFFD, NUL as its picture (tables and terminals choke on it). */
export function rawText(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, Math.min(to, from + RAW_TEXT_BYTES));
  return text.includes('\0') ? text.replaceAll('\0', '␀') : text;
}
