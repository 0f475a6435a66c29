import { rmSync } from 'node:fs';
import {
  type CsvRead,
  type DocumentFormat,
  type Identity,
  type RawFile,
  RefusedFile,
  readCsv,
  readDocument,
} from '../ingest/index.ts';
import { type ColumnPlan, quoted } from '../plan/index.ts';
import { parquetRecords } from './parquet.ts';
import { withWriter } from './record-writer.ts';
import { fileLiteral } from './relation.ts';
import type { StagingTables } from './staging-tables.ts';

/** What a file holds: records of any fate, and columns that the contract does not know. */
export interface Found {
  readonly records: number;
  readonly extra: readonly string[];
}

/** Lets the engine read its part of a file whose bytes were passed. @throws RefusedFile */
export type FinishScan = () => Promise<Found>;

/** A file on its way into the tables: its number marks its records. */
export interface Scan {
  readonly tables: StagingTables;
  readonly number: number;
  readonly file: RawFile;
  readonly identity: Identity;
  /** Folder for what the reader has to write down. */
  readonly scratch: string;
}

/** Marks the line that holds the place of a record which the splitter took. */
export const PLACEHOLDER = 'placeholder';

/** Passes over a file's bytes; what the splitter takes is written, what the engine reads waits for `finish`. @throws RefusedFile */
export async function scanFile(scan: Scan): Promise<FinishScan> {
  switch (scan.file.format) {
    case 'csv':
      return scanCsv(scan);
    case 'jsonl':
    case 'json':
    case 'xml':
    case 'log': {
      const found = await scanDocument(scan, scan.file.format);
      return async () => found;
    }
    case 'parquet':
      return () => readParquet(scan);
  }
}

async function scanCsv(scan: Scan): Promise<FinishScan> {
  const { columns } = scan.tables.table;
  let order: number[] = [];
  let extra: readonly string[] = [];
  const checkHeader = (header: readonly string[]) => {
    order = columns.map((column) => header.indexOf(column.path));
    extra = header.filter((name) => !columns.some((column) => column.path === name));
    refuseMissing(columns, scan.file.path, header);
  };
  const valuesOf = (fields: readonly (string | null)[]) =>
    order.map((index) => (index < 0 ? null : (fields[index] ?? null)));
  const read = await withWriter(scan.tables, scan.number, (write) =>
    readCsv(
      scan.identity.content,
      { scratchDir: scan.scratch, checkHeader },
      { record: (at, fields) => write.row(at, null, valuesOf(fields)), fault: write.fault },
    ),
  );
  return async () => {
    if (read.plain) await readPlain(scan, read.plain, read.header.length, order);
    return { records: read.records, extra };
  };
}

/** Plain lines go through the engine's parallel reader; what it returns must be as many as were counted. */
async function readPlain(
  { tables, number }: Scan,
  plain: NonNullable<CsvRead['plain']>,
  width: number,
  order: readonly number[],
): Promise<void> {
  const fields = Array.from({ length: width }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const reader = `read_csv(${fileLiteral(plain.path)}, header = true, auto_detect = false, delim = ',', quote = '', escape = '', new_line = '\\n', hive_partitioning = false, columns = {${fields}})`;
  const raw = tables.table.columns.map((column, index) => {
    const at = order[index] ?? -1;
    return `${at < 0 ? 'cast(null as varchar)' : `c${at}`} as ${quoted(`raw_${column.name}`, 'duckdb')}`;
  });
  const fault = plain.placeholders > 0 ? `case when c0 = chr(1) then '${PLACEHOLDER}' end` : 'cast(null as varchar)';
  const before = await tables.count('plain');
  await tables.conform(
    'plain',
    String(number),
    `(select ${raw.join(', ')}, ${fault} as _fault, cast(null as bigint) as _at from ${reader})`,
  );
  if (plain.sanitised) rmSync(plain.path, { force: true });
  const lines = (await tables.count('plain')) - before;
  if (lines !== plain.lines)
    throw new Error(`the engine read ${lines} lines of ${plain.path} where ${plain.lines} were counted`);
}

async function scanDocument({ tables, number, file, identity }: Scan, format: DocumentFormat): Promise<Found> {
  const { columns, making } = tables.table;
  const wanted = columns.map(({ name, path, type, lenient }) => ({ name, path, type, lenient }));
  return withWriter(tables, number, (write) =>
    readDocument(
      format,
      identity.content,
      wanted,
      making.records,
      { path: file.path },
      {
        record: (at, values, faults = []) => {
          // What cannot be taken is kept all the same, for whoever mends the record.
          for (const { column, found } of faults) values[columns.findIndex(({ name }) => name === column)] ??= found;
          write.row(at, faults.map((fault) => `${fault.column}:${fault.code}`).join(',') || null, values);
        },
        fault: write.fault,
      },
    ),
  );
}

async function readParquet({ tables, number, file, identity }: Scan): Promise<Found> {
  const { columns } = tables.table;
  const { relation, records, extra } = await parquetRecords(tables.db, columns, file, identity, refuseMissing);
  try {
    await tables.conform('split', String(number), relation);
  } catch (cause) {
    await tables.db.run(`delete from ${tables.typed('split')} where _raw_file = ${number}`);
    throw new RefusedFile('corrupt_parquet', file.path, cause instanceof Error ? cause.message : String(cause));
  }
  return { records, extra };
}

/** What columns nobody knows may be, without repeating them. */
function foundOthers(found: readonly string[]): string {
  const [only = ''] = found.length === 1 ? found : [];
  const separator = only.includes(';') ? 'semicolons' : only.includes('\t') ? 'tabs' : null;
  return separator === null
    ? `found ${found.length} others: is the header missing?`
    : `found 1 other with ${separator} in it: is the file separated by ${separator}? Expected commas`;
}

function refuseMissing(columns: readonly ColumnPlan[], path: string, found: readonly string[]): void {
  const missing = columns.filter((column) => !found.includes(column.path));
  const required = missing.filter((column) => !column.nullable).map((column) => column.path);
  if (required.length === 0) return;
  // Without one known name it is no header but the first record: what that says may be personal, so it is not repeated.
  const known = missing.length < columns.length;
  const instead = known ? `found: ${found.join(', ')}` : foundOthers(found);
  throw new RefusedFile('missing_column', path, `required columns are missing: ${required.join(', ')}; ${instead}`);
}
