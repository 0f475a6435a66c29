import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DuckDb } from '../../lib/engines/index.ts';
import type { ParityTable } from '../../lib/parity/engine.ts';
import { LEDGER, tableOf, written } from '../../lib/parity/tables.ts';
import { bind, type Plan, quoted, storedColumns, type TablePlan } from '../../lib/plan/index.ts';
import { relationOf } from '../../lib/run/relation.ts';
import { tempFolder } from '../support/run-lake.ts';
import { nasty } from './nasty-rows.ts';

const ROWS = 60;
/** Keys come from a few values, so that references find, miss and multiply. */
const KEYS = ['k1', 'k2', 'k3', 'K1', '', '\u{1f600}', 'e\u0301'];

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

/** A lake of rows that no source would send: base tables drawn at random, the others made of them by DuckDB. The same seed, the same rows. */
export async function nastyTables(plan: Plan, seed: number, asOf: string): Promise<ParityTable[]> {
  const db = await DuckDb.open();
  try {
    for (const schema of ['raw', 'base', 'mart', 'feature', 'ops']) await db.run(`create schema ${schema}`);
    const bound = (sql: string) => bind(sql, { table: relationOf, asOf });
    const folder = mkdtempSync(join(tempFolder(), 'nasty-'));
    const tables: ParityTable[] = [];
    // Columns take null wherever it comes from: what a contract refuses is not the question here.
    const add = async (name: string, columns: ParityTable['columns'], rows: string) => {
      const ddl = tableOf(name, columns);
      await db.run(bound(ddl.duckdb));
      await db.run(`insert into ${relationOf(name)} ${rows}`);
      tables.push(await written(db, folder, name, columns, ddl));
    };
    for (const [place, table] of plan.tables.entries()) {
      const columns = table.columns.map(({ name }) => quoted(name, 'duckdb')).join(', ');
      const { making } = table;
      const rows =
        making.kind === 'load'
          ? nastyRows(table, seed + place)
          : `select ${columns} from (${bound(making.select.duckdb)})`;
      await add(table.name, storedColumns(table), rows);
    }
    for (const [name, columns] of Object.entries(LEDGER)) await add(name, columns, LEDGER_ROWS[name] ?? '');
    return tables;
  } finally {
    db.close();
  }
}

/** Rows as `values`, no two of one key. */
function nastyRows(table: TablePlan, seed: number): string {
  const columns = storedColumns(table);
  const rules = table.making.kind === 'load' ? table.making.rules : [];
  const tuple = fc.tuple(
    ...columns.map(({ name, type, nullable }) => {
      const listed = rules.flatMap((rule) => (rule.kind === 'one_of' && rule.column === name ? rule.values : []));
      const key = type.kind === 'text' && /_id$|^id$|^sku$/.test(name) && !table.grain.includes(name);
      const value = listed.length > 0 ? fc.constantFrom(...listed) : key ? fc.constantFrom(...KEYS) : nasty(type);
      return nullable ? fc.option(value, { freq: 4 }) : value;
    }),
  );
  const key = table.grain.map((column) => columns.findIndex(({ name }) => name === column));
  const keyOf = (row: readonly unknown[]) => JSON.stringify(key.map((at) => row[at]));
  const drawn = fc.sample(tuple, { numRuns: ROWS, seed }).map((row) => [...row]);
  const rows = key.length === 0 ? drawn : [...new Map(drawn.map((row) => [keyOf(row), row])).values()];
  const literal = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`);
  return `values ${rows.map((row) => `(${row.map((value) => literal(value ?? null)).join(', ')})`).join(', ')}`;
}
