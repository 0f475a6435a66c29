import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DuckDb } from '../../lib/engines/index.ts';
import type { ParityTable } from '../../lib/parity/engine.ts';
import { LEDGER, tableOf, written } from '../../lib/parity/tables.ts';
import { bind, type Load, type Plan, quoted, storedColumns, type TablePlan } from '../../lib/plan/index.ts';
import { relationOf } from '../../lib/run/relation.ts';
import { tempFolder } from '../support/run-lake.ts';
import { type DrawnTable, drawnRows, fill } from './drawn-tables.ts';
import { nasty } from './nasty-values.ts';
import type { Rows } from './same-on-rows.ts';

/** Keys come from a few dozen values, so that references find, miss and multiply. */
const KEYS = ['K1', '', '\u{1f600}', 'e\u0301', ...Array.from({ length: 30 }, (_, n) => `k${n}`)];

/** Two runs at one moment, one for an earlier date that came later; a check that no run knows, and one never measured again. */
const LEDGER_ROWS: Readonly<Record<string, string>> = {
  'ops.file': "values ('reviews', 'loaded', '2026-05-30'), ('dim_dates', 'refused', '9999-12-31')",
  'ops.run': `values
    ('r1', 'ok', '2026-05-30 02:00:00', '2026-05-29'), ('r2', 'ok', '2026-05-31 02:00:00', '2026-05-30'),
    ('r3', 'ok', '2026-05-31 02:00:00', '2026-05-30'), ('r4', 'failed', '2026-06-01 02:00:00.000001', '2026-05-28')`,
  'ops.step': `values
    ('r1', 'base.refund', 3, 2, 0, 0, 1, 2), ('r2', 'base.refund', 8, 8, 0, 0, 0, 10), ('r3', 'base.refund', 1, 0, 1, 0, 0, 10),
    ('r3', 'mart.session', 0, 0, 0, 0, 0, 5), ('r0', 'base.void', 9, 9, 0, 0, 0, 9)`,
  'ops.check': `values
    ('r1', 'base.refund', 'a', 'a is there', 'warn', 'warn', 1, 2), ('r2', 'base.refund', 'a', 'a is there', 'warn', 'pass', 0, 10),
    ('r3', 'base.refund', 'a', 'a is there', 'warn', 'warn', 3, 10), ('r1', 'base.refund', 'b', 'b is there', 'fail', 'fail', 2, 2),
    ('r2', 'base.void', 'a', 'a is there', 'fail', 'skipped', 0, 0), ('r0', 'base.void', 'b', 'b is there', 'fail', 'fail', 1, 9)`,
};

/** Rows that no source would send, for every table that is loaded. */
export const nastyRows = (plan: Plan): fc.Arbitrary<Rows> =>
  drawnRows(plan.tables.flatMap((table) => (table.making.kind === 'load' ? [drawn(table, table.making)] : [])));

const drawn = (table: TablePlan, { rules }: Load): DrawnTable => ({
  name: table.name,
  unique: table.grain,
  columns: storedColumns(table).map(({ name, type, nullable }) => {
    const listed = rules.flatMap((rule) => (rule.kind === 'one_of' && rule.column === name ? rule.values : []));
    const key = type.kind === 'text' && /_id$|^id$|^sku$/.test(name);
    // A key of its own table is wanted in many values, one that refers to another in few.
    const others = table.grain.includes(name) ? [nasty(type)] : [];
    const keys = fc.oneof(fc.constantFrom(...KEYS), ...others);
    const value = listed.length > 0 ? fc.constantFrom(...listed) : key ? keys : nasty(type);
    return { name, type, values: nullable ? fc.option(value, { freq: 4 }) : value };
  }),
});

/** The lake of these rows: the other tables are made of them by DuckDB. Of all of it, the tables that are wanted. */
export async function nastyTables(
  plan: Plan,
  rows: Rows,
  asOf: string,
  wanted: (name: string) => boolean,
): Promise<ParityTable[]> {
  const db = await DuckDb.open();
  try {
    for (const schema of ['raw', 'base', 'mart', 'feature', 'ops']) await db.run(`create schema ${schema}`);
    const bound = (sql: string) => bind(sql, { table: relationOf, asOf });
    const folder = mkdtempSync(join(tempFolder(), 'nasty-'));
    const tables: ParityTable[] = [];
    const add = async (name: string, columns: ParityTable['columns']) => {
      if (wanted(name)) tables.push(await written(db, folder, name, columns, tableOf(name, columns)));
    };
    for (const table of plan.tables) {
      const { name, making } = table;
      const columns = storedColumns(table);
      await fill(db, name, columns, rows[name] ?? []);
      const list = columns.map((column) => quoted(column.name, 'duckdb')).join(', ');
      if (making.kind === 'select')
        await db.run(`insert into ${relationOf(name)} select ${list} from (${bound(making.select.duckdb)})`);
      await add(name, columns);
    }
    for (const [name, columns] of Object.entries(LEDGER)) {
      await fill(db, name, columns, []);
      await db.run(`insert into ${relationOf(name)} ${LEDGER_ROWS[name]}`);
      await add(name, columns);
    }
    return tables;
  } finally {
    db.close();
  }
}
