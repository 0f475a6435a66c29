import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCESS_ROLES } from '../../lib/aws/access-roles.ts';
import type { ColumnType } from '../../lib/contract/index.ts';
import { bridged } from '../../lib/parity/postgres/bridges.ts';
import { bind, type TablePlan } from '../../lib/plan/index.ts';
import { warehouseSteps } from '../../lib/plan/warehouse.ts';
import { ourPlan } from '../support/run-lake.ts';

const plan = ourPlan();
const kept = plan.tables.filter(({ layer }) => layer === 'mart' || layer === 'feature');
const steps = warehouseSteps(plan, { database: String, lakeRole: 'arn', roles: ACCESS_ROLES });

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
  // The window on the lake: what `create external schema` shows on Redshift are plain tables here.
  for (const table of plan.tables) {
    const name = lakeName(table);
    await db.exec(`create schema if not exists lake_${table.layer}`);
    await db.exec(bridged(bind(table.ddl.redshift, { table: () => name, asOf: null })));
  }
  for (const table of kept)
    await db.exec(
      `insert into ${lakeName(table)} values (${table.columns.map(({ type }) => VALUES[type.kind]).join(', ')})`,
    );
});
afterAll(() => db.close());

const lakeName = ({ name }: TablePlan) => `lake_${name.replace('.', '."')}"`;
const VALUES: Readonly<Record<ColumnType['kind'], string>> = {
  text: "'\u{1f600} it''s'",
  integer: '9007199254740993',
  decimal: '-0.01',
  date: "'9999-12-31'",
  instant: "'0001-01-01 00:00:00.000001'",
  boolean: 'true',
};

/** Runs every step as one transaction each, but for those that only Redshift has. */
async function load(): Promise<void> {
  for (const step of steps) {
    const statements = step.statements.filter((sql) => !sql.startsWith('create external schema'));
    // PostgreSQL grants to a role by its name alone.
    const run = db.transaction((tx) =>
      tx.exec(statements.map((sql) => `${bridged(sql).replace(' to role ', ' to ')};`).join('\n')),
    );
    await run.catch((error: unknown) => {
      if (!step.mayExist || !/already exists/.test(String(error))) throw error;
    });
  }
}

const rows = async (from: string) => (await db.query(`select * from ${from}`)).rows;

it('has every table as the lake shows it, and the second load replaces what the first made', async () => {
  await load();
  for (const table of kept)
    expect(await rows(table.name.replace('.', '."').concat('"')), table.name).toEqual(await rows(lakeName(table)));
  await db.exec(`delete from lake_mart.refunds_by_customer`);
  await load();
  expect(await rows('mart.refunds_by_customer')).toEqual([]);
  const left = "select tablename from pg_tables where tablename like '%\\_\\_next'";
  expect((await db.query(left)).rows).toEqual([]);
});

it('shows each role the columns of its classes and no others', async () => {
  for (const { name: role, sees } of ACCESS_ROLES) {
    for (const table of kept) {
      const relation = table.name.replace('.', '."').concat('"');
      const seen =
        "select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and has_column_privilege($2, attrelid, attnum, 'select')";
      const { rows: columns } = await db.query<{ name: string }>(seen, [relation, role]);
      const expected = table.columns.filter(({ pii }) => sees.includes(pii)).map((column) => column.name);
      expect(columns.map((column) => column.name).sort(), `${role} ${table.name}`).toEqual(expected.sort());
    }
  }
});
