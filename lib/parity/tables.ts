import { join } from 'node:path';
import type { ColumnType } from '../contract/index.ts';
import type { DuckDb } from '../engines/index.ts';
import { createTable } from '../plan/ddl.ts';
import { type Plan, quoted, type Rendered, sqlType, storedColumns } from '../plan/index.ts';
import { quote } from '../run/ledger.ts';
import { relationOf } from '../run/relation.ts';
import type { ParityTable } from './engine.ts';

type Columns = ParityTable['columns'];

const texts = (...names: readonly string[]): Columns => names.map((name) => ({ name, type: { kind: 'text' } }));
const counts = (...names: readonly string[]): Columns => names.map((name) => ({ name, type: { kind: 'integer' } }));

/** What checks and questions read of the ledger. */
export const LEDGER: Readonly<Record<string, Columns>> = {
  'ops.file': [...texts('dataset', 'status'), { name: 'arrived_on', type: { kind: 'date' } }],
  'ops.run': [
    ...texts('run_id', 'status'),
    { name: 'started_at', type: { kind: 'instant' } },
    { name: 'as_of', type: { kind: 'date' } },
  ],
  'ops.step': [
    ...texts('run_id', 'table_name'),
    ...counts('read', 'accepted', 'duplicate', 'superseded', 'quarantined', 'rows'),
  ],
  'ops.check': [
    ...texts('run_id', 'table_name', 'check_name', 'says', 'severity', 'verdict'),
    ...counts('failed', 'total'),
  ],
};

/** Writes the tables of a lake as Parquet files into a folder: those of the plan, and the part of the ledger that checks and questions read. */
export async function tablesOfLake(db: DuckDb, plan: Plan, folder: string): Promise<ParityTable[]> {
  const tables: ParityTable[] = [];
  for (const table of plan.tables) tables.push(await written(db, folder, table.name, storedColumns(table), table.ddl));
  for (const [name, columns] of Object.entries(LEDGER))
    tables.push(await written(db, folder, name, columns, tableOf(name, columns)));
  return tables;
}

/** The statement that makes a table of nullable columns, per engine. */
export const tableOf = (name: string, columns: Columns): Rendered =>
  createTable({
    name,
    description: '',
    partition: null,
    making: {
      kind: 'select',
      file: null,
      select: { duckdb: '', spark: '', athena: '', redshift: '' },
      takesAsOf: false,
    },
    columns: columns.map((column) => ({
      ...column,
      nullable: true,
      description: '',
      pii: 'none',
      path: column.name,
      lenient: false,
    })),
  });

/** A relation of the database as a table to compare on. */
export async function written(
  db: DuckDb,
  folder: string,
  name: string,
  columns: Columns,
  ddl: Rendered,
): Promise<ParityTable> {
  const file = join(folder, `${name}.parquet`);
  const typed = (column: { readonly name: string; readonly type: ColumnType }) =>
    `cast(${quoted(column.name, 'duckdb')} as ${sqlType(column.type, 'duckdb')}) as ${quoted(column.name, 'duckdb')}`;
  const select = `select ${columns.map(typed).join(', ')} from ${relationOf(name)}`;
  await db.run(`copy (${select}) to ${quote(file)} (format parquet)`);
  return { name, columns: columns.map(({ name: column, type }) => ({ name: column, type })), ddl, file };
}
