import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { countOf, type DuckDb, rowsOf } from '../engines/index.ts';
import { PROVENANCE } from '../plan/ddl.ts';
import type { ColumnPlan, TablePlan } from '../plan/plan.ts';
import { quoted, sqlType } from '../plan/types.ts';
import { asOfColumn } from '../run/building.ts';
import { quote } from '../run/ledger.ts';
import { CommandFailedError, UsageError } from './errors.ts';

/** How tables are exported. */
export interface ExportOptions {
  readonly fileFormat: 'parquet' | 'csv';
  /** Whether base tables carry the raw file and record number of each row. */
  readonly provenance: boolean;
  /** A column of every table, `none`, or null for what each contract says. */
  readonly partition: string | null;
  /** The as-of date whose answer is wanted; null for all that stand. Tables without as-of dates go whole. */
  readonly asOf: string | null;
}

/** What an export of a table wrote. */
export interface Exported {
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

type Stored = Pick<ColumnPlan, 'name' | 'type'>;

/** A partition as folders: `<key>=<value>/`. */
interface Split {
  readonly key: string;
  /** The value of a row, as text. */
  readonly value: string;
  /** A column that the folder's name carries, and so the files do not. */
  readonly dropped: string | null;
}

/** Folders that one table may be spread over: more are a mistake, and no engine reads them well. */
const MOST_FOLDERS = 5000;

/** What Hive, Spark, Athena and DuckDB call the partition of rows without a value. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

const STAMPS = { month: '%Y-%m', day: '%Y-%m-%d' } as const;

const name = (column: string): string => quoted(column, 'duckdb');

/** By which folders a table is split; null for none. @throws UsageError when the table has no such column. */
export function splitOf(table: TablePlan, partition: string | null): Split | null {
  if (partition === 'none') return null;
  const wanted = partition ?? table.partition?.column;
  if (wanted === undefined) return null;
  const column = table.columns.find((each) => each.name === wanted);
  if (!column)
    throw new UsageError(
      `${table.name} has no column ${wanted} to be partitioned by; it has ${table.columns.map((each) => each.name).join(', ')}`,
    );
  const { kind } = column.type;
  if (kind !== 'date' && kind !== 'instant')
    return { key: wanted, value: `cast(${name(wanted)} as varchar)`, dropped: wanted };
  const unit = table.partition?.column === wanted ? table.partition.transform : 'month';
  const taken = table.columns.some((each) => each.name === unit);
  return {
    key: taken ? `${wanted}_${unit}` : unit,
    value: `strftime(${name(wanted)}, ${quote(STAMPS[unit])})`,
    dropped: null,
  };
}

/**
 * A column as it is exported. Parquet has the contract's exact type. In CSV a time is ISO 8601, and text that a spreadsheet
 * would run as a formula is defused by a quote before it; numbers are left as they are.
 */
function exportedColumn({ name: column, type }: Stored, format: ExportOptions['fileFormat']): string {
  const stored = name(column);
  if (format === 'parquet') return `cast(${stored} as ${sqlType(type, 'duckdb')}) as ${stored}`;
  if (type.kind === 'instant') return `replace(cast(${stored} as varchar), ' ', 'T') as ${stored}`;
  if (type.kind !== 'text') return stored;
  const formula = `substr(${stored}, 1, 1) in ('=', '+', '-', '@', chr(9), chr(13))`;
  return `case when ${formula} then '''' || ${stored} else ${stored} end as ${stored}`;
}

const COPY = {
  parquet: 'format parquet, compression zstd',
  csv: "format csv, header true, delimiter ',', quote '\"', escape '\"', nullstr ''",
} as const;

/** Writes a table into a folder, one file a partition, rows in the order of the key, so that the same table gives the same files. */
export async function exportTable(
  db: DuckDb,
  table: TablePlan,
  folder: string,
  options: ExportOptions,
): Promise<Exported> {
  const split = splitOf(table, options.partition);
  const isLoaded = table.making.kind === 'load';
  const stored: readonly Stored[] = [...table.columns, ...(isLoaded && options.provenance ? PROVENANCE : [])];
  const columns = stored.filter((column) => column.name !== split?.dropped);
  const order = table.grain.length > 0 ? table.grain : PROVENANCE.map((column) => column.name);
  const written: Exported[] = [];
  const dated = options.asOf === null ? null : asOfColumn(table);
  const wanted = dated === null ? 'true' : `${name(dated)} = date ${quote(options.asOf ?? '')}`;
  const copy = async (file: string, where: string): Promise<void> => {
    const select = `select ${columns.map((column) => exportedColumn(column, options.fileFormat)).join(', ')} from ${table.name} where ${wanted} and ${where} order by ${order.map((column) => `${table.name}.${name(column)}`).join(', ')}`;
    const rows = await db.query(`copy (${select}) to ${quote(file)} (${COPY[options.fileFormat]})`);
    written.push({ rows: countOf(rows.rows[0]?.Count), files: 1, bytes: statSync(file).size });
  };
  const file = `part-0.${options.fileFormat}`;
  const values = split ? await valuesOf(db, table, split, wanted) : [];
  for (const value of values) {
    const within = join(folder, `${split?.key}=${value === null ? NO_VALUE : encodeURIComponent(value)}`);
    mkdirSync(within, { recursive: true });
    await copy(join(within, file), `${split?.value} is not distinct from ${value === null ? 'null' : quote(value)}`);
  }
  // A table without rows, or without partitions, is one file: its columns can be read all the same.
  if (values.length === 0) await copy(join(folder, file), 'true');
  const sum = (of: (each: Exported) => number) => written.reduce((total, each) => total + of(each), 0);
  return { rows: sum((each) => each.rows), files: written.length, bytes: sum((each) => each.bytes) };
}

async function valuesOf(db: DuckDb, table: TablePlan, split: Split, wanted: string): Promise<(string | null)[]> {
  const rows = await rowsOf(
    db,
    `select distinct ${split.value} as value from ${table.name} where ${wanted} order by value nulls last`,
  );
  if (rows.length > MOST_FOLDERS)
    throw new CommandFailedError(
      `${table.name} by ${split.key} would be ${rows.length} folders, at most ${MOST_FOLDERS} are written; choose another --partition, or none`,
    );
  return rows.map(({ value }) => (value === null || value === undefined ? null : String(value)));
}
