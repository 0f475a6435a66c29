import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCESS_ROLES } from '../../lib/aws/access-roles.ts';
import { PostgresParity } from '../../lib/parity/postgres/postgres.ts';
import type { TablePlan } from '../../lib/plan/index.ts';
import { type WarehouseStep, warehouseSteps } from '../../lib/plan/warehouse.ts';
import { ourPlan } from '../support/run-lake.ts';
import { tablesOfSample } from './lake-tables.ts';

// A load of the warehouse is drop, create, insert, drop and rename, in a transaction a table: there is no merge on Redshift, so none to run.

const plan = ourPlan();
const kept = plan.tables.filter(({ layer }) => layer === 'mart' || layer === 'feature');
const steps = warehouseSteps(plan, { database: String, lakeRole: 'arn', roles: ACCESS_ROLES });

const quotedName = ({ name }: TablePlan) => `${name.replace('.', '."')}"`;
const lakeName = (table: TablePlan) => `lake_${quotedName(table)}`;

let postgres: PostgresParity;
beforeAll(async () => {
  postgres = await PostgresParity.start();
  const { tables } = await tablesOfSample(plan, { rows: 40, seed: 5, dirt: 0.1 });
  await postgres.load(tables);
  // The window on the lake: what `create external schema` shows on Redshift are views here.
  for (const layer of new Set(plan.tables.map((table) => table.layer)))
    await postgres.ask(`create schema lake_${layer}`);
  for (const table of plan.tables)
    await postgres.ask(`create view ${lakeName(table)} as select * from ${postgres.relation(table.name)}`);
});
afterAll(() => postgres.close());

/** Runs a step as one transaction, but for what only Redshift has. */
async function runStep({ statements, mayExist }: WarehouseStep): Promise<void> {
  await postgres.ask('begin');
  try {
    for (const sql of statements) if (!sql.startsWith('create external schema')) await postgres.ask(sql);
    await postgres.ask('commit');
  } catch (error) {
    await postgres.ask('rollback');
    if (!mayExist || !/already exists/.test(String(error))) throw error;
  }
}

const load = async () => {
  for (const step of steps) await runStep(step);
};

const count = async (from: string) => Number((await postgres.ask(`select count(*) as n from ${from}`)).rows[0]?.[0]);
const difference = (a: string, b: string) => count(`(select * from ${a} except all select * from ${b}) as d`);
/** Tables that a load makes beside the old ones. */
const left = () => count("pg_tables where tablename like '%\\_\\_next'");

it('has every row of every table as the lake shows it, after the second load too', async () => {
  for (const _ of ['first', 'second']) {
    await load();
    for (const table of kept) {
      expect(await difference(quotedName(table), lakeName(table)), table.name).toBe(0);
      expect(await difference(lakeName(table), quotedName(table)), table.name).toBe(0);
    }
  }
  const rows = await Promise.all(kept.map((table) => count(quotedName(table))));
  expect(rows.filter((each) => each > 0).length).toBeGreaterThan(kept.length / 2);
  expect(await left()).toBe(0);
});

it('follows the lake, and keeps a table as it was when its load fails', async () => {
  const [table, relation] = [
    kept.find(({ name }) => name === 'mart.refunds_by_customer'),
    'mart."refunds_by_customer"',
  ];
  const step = steps.find(({ name }) => name === 'mart.refunds_by_customer');
  if (table === undefined || step === undefined) throw new Error('no mart.refunds_by_customer');
  await postgres.ask(`delete from ${postgres.relation(table.name)}`);
  const before = await count(relation);
  expect(before).toBeGreaterThan(0);
  await expect(runStep({ ...step, statements: [...step.statements, 'select 1 / 0 as late'] })).rejects.toThrow(
    'division',
  );
  expect([await count(relation), await left()]).toEqual([before, 0]);
  await runStep(step);
  expect(await count(relation)).toBe(0);
});

it('shows each role the columns of its classes and no others', async () => {
  for (const { name: role, sees } of ACCESS_ROLES) {
    for (const table of kept) {
      const { rows } = await postgres.ask(
        `select attname::text as name from pg_attribute where attrelid = '${quotedName(table)}'::regclass and attnum > 0 and has_column_privilege('${role}', attrelid, attnum, 'select')`,
      );
      const expected = table.columns.filter(({ pii }) => sees.includes(pii)).map((column) => column.name);
      expect(rows.map(([name]) => name).sort(), `${role} ${table.name}`).toEqual(expected.sort());
    }
  }
});
