import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { RefusedFile } from './errors.ts';
import { deliver, type JsonOptions, type JsonRead } from './json-lines.ts';
import { JsonRecordReader } from './json-record.ts';
import type { JsonColumn } from './json-shape.ts';
import { tooLong } from './lines.ts';
import { MAX_RECORD_BYTES, type RecordSink, rawText } from './record.ts';

const MAX_FILE_BYTES = 512 * 1024 * 1024;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const BRACE_END = 0x7d;
const BRACKET_END = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * Reads a `.json` file: one array whose elements are the records, or one object. The file is judged whole before the
 * sink hears of any record.
 * @throws RefusedFile when it is not valid JSON, neither array nor object, or too large.
 */
export async function readJson(
  path: string,
  columns: readonly JsonColumn[],
  options: JsonOptions,
  sink: RecordSink,
): Promise<JsonRead> {
  const name = options.path ?? path;
  const maxBytes = options.maxBytes ?? MAX_FILE_BYTES;
  const maxRecordBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
  const { size } = await stat(path);
  if (size > maxBytes) {
    const detail = `${size} bytes, expected at most ${maxBytes}: a .json file is held in memory; write JSON lines instead`;
    throw new RefusedFile('too_large', name, detail);
  }
  const bytes = await readFile(path);
  const elements = split(bytes, name);
  const reader = new JsonRecordReader(columns);
  const isTooLong = ([from, to]: Element) => to - from > maxRecordBytes;
  elements.forEach((element, n) => {
    if (isTooLong(element) || reader.read(bytes.toString('utf8', ...element)) !== 'invalid_json') return;
    throw notJson(name, `record ${n + 1} is not JSON (character ${reader.at + 1} of it)`);
  });
  elements.forEach((element, n) => {
    if (isTooLong(element)) sink.fault(n + 1, 'record_too_long', tooLong(maxRecordBytes), rawText(bytes, ...element));
    else deliver(reader, n + 1, bytes.toString('utf8', ...element), sink);
  });
  return { records: elements.length, blanks: 0, extra: [...reader.columns.extra] };
}

/** Where an element begins and ends. */
type Element = readonly [from: number, to: number];

/** The elements of the array, or the one object; whether each is valid JSON is judged apart. */
function split(bytes: Buffer, name: string): Element[] {
  if (!isUtf8(bytes)) throw notJson(name, 'found bytes that are not UTF-8');
  const bom = bytes.length >= 3 && bytes.indexOf('\uFEFF') === 0 ? 3 : 0;
  const open = afterSpace(bytes, bom);
  const first = bytes[open];
  if (first === BRACE) return [[open, bytes.length]];
  if (first !== BRACKET) throw notJson(name, `found ${first === undefined ? 'nothing' : 'something else'}`);
  const elements: Element[] = [];
  const begin = afterSpace(bytes, open + 1);
  let from = begin;
  let depth = 0;
  for (let at = begin; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = closingQuote(bytes, at);
    else if (byte === BRACE || byte === BRACKET) depth += 1;
    else if (depth > 0) depth -= byte === BRACE_END || byte === BRACKET_END ? 1 : 0;
    else if (byte === COMMA || byte === BRACKET_END) {
      // `[]` has no element; `[1,]` has an empty second one, which is not JSON.
      if (byte === COMMA || at > begin) elements.push([from, at]);
      from = at + 1;
      if (byte === COMMA) continue;
      const rest = afterSpace(bytes, at + 1);
      if (rest < bytes.length) throw notJson(name, `found more behind the array (byte ${rest + 1})`);
      return elements;
    }
  }
  throw notJson(name, 'the array never closes');
}

function notJson(name: string, found: string): RefusedFile {
  const next = 'one object a line goes into a .jsonl file';
  return new RefusedFile('invalid_json', name, `${found}; expected one JSON array of objects or one object; ${next}`);
}

function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at += 1;
  return at;
}

/** The quote that closes the string opening at `open`; the end of the bytes when none does. */
function closingQuote(bytes: Buffer, open: number): number {
  let at = open + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
