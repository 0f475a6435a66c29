import fc from 'fast-check';
import type { ColumnType } from '../../lib/contract/index.ts';
import { DuckDb } from '../../lib/engines/index.ts';
import type { ParityTable } from '../../lib/parity/engine.ts';
import { tableOf, written } from '../../lib/parity/tables.ts';
import { bind } from '../../lib/plan/index.ts';
import { relationOf } from '../../lib/run/relation.ts';
import type { Rows } from './same-on-rows.ts';

/** A table whose rows are drawn. */
export interface DrawnTable {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    /** Its values as DuckDB casts them from text. */
    readonly values: fc.Arbitrary<string | null>;
  }[];
  /** No two rows are alike in these; none for any rows. */
  readonly unique: readonly string[];
}

/** The most rows of a table. */
const ROWS = 80;

/** Rows for each of the tables. */
export const drawnRows = (tables: readonly DrawnTable[]): fc.Arbitrary<Rows> =>
  fc.record(Object.fromEntries(tables.map((table) => [table.name, rowsOf(table)])));

function rowsOf({ columns, unique }: DrawnTable): fc.Arbitrary<Rows[string]> {
  const row = fc.record(Object.fromEntries(columns.map(({ name, values }) => [name, values])));
  const size = { maxLength: ROWS, size: 'max' } as const;
  const selector = (each: Rows[string][number]) => JSON.stringify(unique.map((column) => each[column]));
  // Without the bias most tables would have two or three rows.
  return fc.noBias(unique.length === 0 ? fc.array(row, size) : fc.uniqueArray(row, { ...size, selector }));
}

/** Fills a table of a database, all of whose columns take null: what a contract refuses is not the question here. */
export async function fill(
  db: DuckDb,
  name: string,
  columns: ParityTable['columns'],
  rows: Rows[string],
): Promise<void> {
  await db.run(bind(tableOf(name, columns).duckdb, { table: relationOf, asOf: null }));
  if (rows.length === 0) return;
  const tuples = rows.map((row) => `(${columns.map((column) => literal(row[column.name] ?? null)).join(', ')})`);
  await db.run(`insert into ${relationOf(name)} values ${tuples.join(', ')}`);
}

const literal = (value: string | null): string => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`);

/** The tables of these rows that are wanted, as files in the folder. */
export async function tablesOfRows(
  tables: readonly DrawnTable[],
  rows: Rows,
  folder: string,
  wanted: (name: string) => boolean,
): Promise<ParityTable[]> {
  const db = await DuckDb.open();
  try {
    const made: ParityTable[] = [];
    for (const schema of new Set(tables.map(({ name }) => name.split('.')[0]))) await db.run(`create schema ${schema}`);
    for (const { name, columns } of tables.filter((table) => wanted(table.name))) {
      await fill(db, name, columns, rows[name] ?? []);
      made.push(await written(db, folder, name, columns, tableOf(name, columns)));
    }
    return made;
  } finally {
    db.close();
  }
}
