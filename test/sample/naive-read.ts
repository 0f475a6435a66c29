import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { contracts } from './judge.ts';
import { analysisRecords, xmlRecords } from './naive-trees.ts';

/** A raw record by name, or null when it cannot be told apart into values. JSON and Parquet values keep their type. */
export type RawRecord = Readonly<Record<string, unknown>> | null;

const strict = new TextDecoder('utf-8', { fatal: true });

function utf8(bytes: Buffer): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** RFC 4180, byte by byte and slow: a fault of quoting spoils its own line, reading resumes at the next. */
export function splitCsv(bytes: Buffer): (string[] | null)[] {
  const records: (string[] | null)[] = [];
  let at = bytes[0] === 0xef && bytes[1] === 0xbb ? 3 : 0;
  const byte = (offset: number): string => String.fromCharCode(bytes[offset] ?? 10);
  const lineEnd = (from: number): number => {
    const end = bytes.indexOf(10, from);
    return end < 0 ? bytes.length : end;
  };
  while (at < bytes.length) {
    const begin = at;
    if (byte(at) === '\n' || (byte(at) === '\r' && byte(at + 1) === '\n')) {
      at = lineEnd(at) + 1;
      continue;
    }
    const fields: Buffer[] = [];
    let good = true;
    for (;;) {
      let end = at;
      if (byte(at) === '"' && at < bytes.length) {
        end = at + 1;
        while (end < bytes.length && (byte(end) !== '"' || byte(end + 1) === '"')) end += byte(end) === '"' ? 2 : 1;
        good &&= end < bytes.length;
        fields.push(
          Buffer.from(
            bytes
              .subarray(at + 1, end)
              .toString('latin1')
              .replaceAll('""', '"'),
            'latin1',
          ),
        );
        end++;
      } else {
        while (end < bytes.length && byte(end) !== ',' && byte(end) !== '\n') end++;
        const last = byte(end) === '\n' && byte(end - 1) === '\r' ? end - 1 : end;
        good &&= !bytes.subarray(at, last).includes('"');
        fields.push(bytes.subarray(at, last));
      }
      at = end + (byte(end) === '\r' && byte(end + 1) === '\n' ? 1 : 0);
      if (!good || at >= bytes.length || byte(at) === '\n') break;
      if (byte(at) !== ',') good = false;
      if (!good) break;
      at++;
    }
    if (!good) at = lineEnd(begin);
    const texts = fields.map(utf8);
    const clean = good && texts.every((text) => text !== null && !text.includes('\0'));
    records.push(clean ? texts.map((text) => text ?? '') : null);
    at++;
  }
  return records;
}

/** CSV records under the names of the header; a record with more or fewer fields is told apart by nobody. */
function csvRecords(bytes: Buffer): RawRecord[] {
  const [header, ...rest] = splitCsv(bytes);
  if (!header) throw new Error('no header');
  return rest.map((fields) => {
    if (fields === null || fields.length !== header.length) return null;
    return Object.fromEntries(header.map((name, place) => [name, fields[place]]));
  });
}

function jsonRecord(text: string | null): RawRecord {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    // JSON.parse keeps the last of two members with one name, so labels are counted: strings before a colon.
    const labels = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;
    return labels === membersOf(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** How many members an object has, those of objects within counted. */
const membersOf = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 0
    : Object.values(value).reduce<number>((sum, each) => sum + membersOf(each) + (Array.isArray(value) ? 0 : 1), 0);

function lineRecords(bytes: Buffer, read: (line: string | null) => RawRecord): RawRecord[] {
  const records: RawRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at) < 0 ? bytes.length : bytes.indexOf(10, at);
    const line = bytes.subarray(at, end);
    if (line.toString('latin1').trim() !== '') records.push(read(utf8(line)?.replace(/\r$/, '') ?? null));
    at = end + 1;
  }
  return records;
}

/** One array with an object a line, as samples write it. */
function jsonArray(bytes: Buffer): RawRecord[] {
  JSON.parse(bytes.toString('utf8'));
  const lines = bytes.toString('utf8').trim().split('\n').slice(1, -1);
  return lines.map((line) => jsonRecord(line.replace(/,$/, '')));
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** One line of a web server's log, field by field; null when it is none. */
function logRecord(text: string | null): RawRecord {
  if (text === null || text.includes('\0')) return null;
  const fields: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const closing = { '"': '"', '[': ']' }[rest[0] ?? ''];
    const end = closing === undefined ? rest.indexOf(' ') : rest.indexOf(closing, 1);
    if (closing !== undefined && end < 0) return null;
    fields.push(closing === undefined ? (end < 0 ? rest : rest.slice(0, end)) : rest.slice(0, end + 1));
    const after = closing === undefined ? end : end + 1;
    if (end < 0 || after === rest.length) break;
    if (rest[after] !== ' ' || after + 1 === rest.length) return null;
    rest = rest.slice(after + 1);
  }
  const shape = fields.map((field) => ('"['.includes(field[0] ?? ' ') ? field[0] : '.')).join('');
  if (!/^[.]{3}[[]"[.]{2}""[.]?$/.test(shape) || fields.includes('')) return null;
  const [host, , user, time = '', request = '', status, bytes, referrer, agent, seconds] = fields.map((field) =>
    field.replace(/^["[]|["\]]$/g, ''),
  );
  const [, day, month = '', year, clock] = /^(..)[/](...)[/](....):(........) [+]0000$/.exec(time) ?? [];
  const at =
    day === undefined ? time : `${year}-${String(MONTHS.indexOf(month) / 3 + 1).padStart(2, '0')}-${day}T${clock}Z`;
  const [method, path, protocol] = request.split(' ');
  const named = { host, remote_user: user, requested_at: at, method, path, protocol, status };
  const record = { ...named, bytes_sent: bytes, referrer, user_agent: agent, request_seconds: seconds };
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, value === '-' ? null : value]));
}

async function parquetRecords(path: string): Promise<RawRecord[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const reader = await connection.runAndReadAll(`select columns(*)::varchar from read_parquet('${path}')`);
  const records = reader.getRowObjects();
  connection.closeSync();
  return records;
}

/** The bytes of a file, decompressed. */
export const contentOf = (path: string): Buffer => {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};

/** All records of a raw file in order, however it is written. */
export async function readRecords(path: string): Promise<RawRecord[]> {
  if (path.endsWith('.parquet')) return parquetRecords(path);
  const bytes = contentOf(path);
  if (/[.]csv([.]gz)?$/.test(path)) return csvRecords(bytes);
  if (/[.]log([.]gz)?$/.test(path)) return lineRecords(bytes, logRecord);
  const contract = contracts.get(/([^/]+)[/]dt=[^/]+[/][^/]+$/.exec(path)?.[1] ?? '');
  if (contract?.records?.kind === 'xml') return xmlRecords(bytes, contract);
  if (contract?.records) return analysisRecords(lineRecords(bytes, jsonRecord), contract);
  return path.endsWith('.json') ? jsonArray(bytes) : lineRecords(bytes, jsonRecord);
}
