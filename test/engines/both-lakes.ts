import { join } from 'node:path';
import { DuckDb, rowsOf } from '../../lib/engines/index.ts';
import { quoted, storedColumns, type TablePlan } from '../../lib/plan/index.ts';
import type { SparkSession, TextRow } from './spark-session.ts';

/** Something that answers `select` with rows of text. */
type Ask = (select: string) => Promise<readonly TextRow[]>;

const inOrder = (rows: readonly TextRow[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

/** The rows of a table on this machine's lake, as text. */
async function duckRows(lake: string, select: string): Promise<TextRow[]> {
  const db = await DuckDb.open({ path: join(lake, 'lake.duckdb'), readOnly: true });
  try {
    const rows = await rowsOf(db, select);
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
    );
  } finally {
    db.close();
  }
}

const duckSelect = (table: TablePlan): string =>
  `select ${storedColumns(table)
    .map(({ name }) => `cast(${quoted(name, 'duckdb')} as varchar) as ${quoted(name, 'duckdb')}`)
    .join(', ')} from ${table.name}`;

const sparkSelect = (table: TablePlan, prefix: string): string =>
  `select ${storedColumns(table)
    .map(({ name }) => quoted(name, 'spark'))
    .join(', ')} from lake.${prefix}${table.name}`;

/** What Spark's lake holds of a table, in an order of its own; its databases may have a prefix. */
export const onSpark = async (spark: SparkSession, table: TablePlan, prefix = ''): Promise<string[]> =>
  inOrder(await spark.rows(sparkSelect(table, prefix)));

/** What this machine's lake holds of it. */
export const onDuckDb = async (lake: string, table: TablePlan): Promise<string[]> =>
  inOrder(await duckRows(lake, duckSelect(table)));

/** What the ledger keeps of files and of single records; `$join` is the engine's word for it. */
export const LEDGER_OF_RECORDS: Readonly<Record<string, readonly string[]>> = {
  'ops.quarantine': ['dataset', 'file', 'record', "$join(reasons, ' | ') as reasons", 'raw'],
  'ops.refused_field': ['dataset', 'file', 'record', 'field', 'reason', 'raw'],
  'ops.discard': ['dataset', 'file', 'record', 'fate'],
  'ops.contested': ['table_name', "$join(key, ' | ') as key", 'file', 'record'],
  'ops.file': ['dataset', 'path', 'sha256', 'status', 'bytes', 'rows', 'arrived_on'],
};

/** What Spark's ledger and this machine's say in a table. */
export async function ledgers(
  spark: SparkSession,
  lake: string,
  table: string,
  prefix = '',
): Promise<readonly [theirs: readonly string[], ours: readonly string[]]> {
  const as = (join: string) => (LEDGER_OF_RECORDS[table] ?? []).map((column) => column.replace('$join', join));
  return [
    await ledgerRows((select) => spark.rows(select), `lake.${prefix}${table}`, as('array_join')),
    await ledgerRows((select) => duckRows(lake, select), table, as('array_to_string')),
  ];
}

/** Rows of a ledger table without the ids of runs, whose raw texts are compared as the JSON that they are. */
async function ledgerRows(ask: Ask, table: string, columns: readonly string[]): Promise<string[]> {
  const rows = await ask(`select ${columns.join(', ')} from ${table}`);
  return inOrder(rows.map((row) => ({ ...row, ...('raw' in row ? { raw: canonical(row.raw ?? null) } : {}) })));
}

function canonical(raw: string | null): string | null {
  try {
    return raw === null ? null : JSON.stringify(JSON.parse(raw));
  } catch {
    return raw;
  }
}
