import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CsvOptions, type RecordSink, readCsv } from '../../lib/ingest/index.ts';

/** What any reader makes of a CSV file: its records and faults by number. */
export interface Reading {
  header: readonly string[];
  records: { number: number; fields: (string | null)[] }[];
  faults: { number: number; code: string }[];
  blanks: number;
}

/** A sink that remembers, and insists on ascending numbers. */
export function collector() {
  const records: Reading['records'] = [];
  const faults: { number: number; code: string; column?: string }[] = [];
  const raw = new Map<number, string>();
  let last = 0;
  const next = (number: number) => {
    if (number <= last) throw new Error(`record ${number} after record ${last}`);
    last = number;
  };
  const sink: RecordSink = {
    record(number, fields, columnFaults) {
      next(number);
      records.push({ number, fields });
      for (const { column, code } of columnFaults ?? []) faults.push({ number, column, code });
    },
    fault(number, code, detail, rawText) {
      next(number);
      if (detail === '') throw new Error(`${code} without detail`);
      faults.push({ number, code });
      raw.set(number, rawText);
    },
  };
  return { sink, records, faults, raw };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN = /["\u0000-\u0008\u000a-\u001f]/;

/** Reads a CSV file, and the plain file with it as naively as can be: split at line feeds, split at commas. */
export async function readWhole(path: string, options: CsvOptions): Promise<Reading> {
  const { sink, records, faults } = collector();
  const read = await readCsv(path, options, sink);
  if (read.plain !== null) {
    const lines = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      .decode(readFileSync(read.plain.path))
      .split('\n');
    if (lines.at(-1) === '') lines.pop();
    lines.shift();
    if (lines.length !== read.plain.lines) throw new Error(`${lines.length} lines, said ${read.plain.lines}`);
    let placeholders = 0;
    lines.forEach((line, n) => {
      const fields = line.split(',').map((field) => (field === '' ? null : field));
      if (fields.length !== read.header.length) throw new Error(`line ${n + 1} is not plain`);
      if (fields[0] !== '\u0001' && FORBIDDEN.test(line)) throw new Error(`line ${n + 1} is not plain`);
      if (fields[0] === '\u0001' && fields.slice(1).every((field) => field === null)) placeholders += 1;
      else records.push({ number: n + 1, fields });
    });
    if (placeholders !== read.plain.placeholders) throw new Error(`${placeholders} placeholders`);
    const longest = Math.max(
      ...readFileSync(read.plain.path, 'latin1')
        .split('\n')
        .map((line) => line.length),
    );
    if (longest !== read.longestLine) throw new Error(`longest line ${longest}, said ${read.longestLine}`);
  }
  records.sort((a, b) => a.number - b.number);
  const numbers = [...records, ...faults].map(({ number }) => number).sort((a, b) => a - b);
  if (numbers.some((number, n) => number !== n + 1) || numbers.length !== read.records) {
    throw new Error(`records ${numbers.join(' ')} of ${read.records}`);
  }
  return { header: read.header, records, faults, blanks: read.blanks };
}

/** A folder for one test file, and a way to put bytes there. */
export function workshop() {
  const dir = mkdtempSync(join(tmpdir(), 'records-'));
  return {
    dir,
    put(name: string, bytes: Buffer | string): string {
      const path = join(dir, name);
      writeFileSync(path, bytes);
      return path;
    },
    end: () => rmSync(dir, { recursive: true, force: true }),
  };
}
