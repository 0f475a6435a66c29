import { describe, expect, it } from 'vitest';
import { ENGINES } from '../../lib/plan/sql/index.ts';
import { runCli } from '../support/cli.ts';

const purposes = async (name: string, target: string) => {
  const { stdout, code } = await runCli(['compile', name, '--target', target, '--format', 'json']);
  expect(code).toBe(0);
  const compiled = JSON.parse(stdout) as { name: string; statements: { purpose: string; sql: string }[] };
  return { name: compiled.name, statements: new Map(compiled.statements.map(({ purpose, sql }) => [purpose, sql])) };
};

describe('compile', () => {
  it('knows every engine of the plan', async () => {
    const { stdout } = await runCli(['compile', '--help']);
    for (const engine of ENGINES) expect(stdout).toContain(`"${engine}"`);
  });

  it.each([
    ['duckdb', ['ddl', 'conform', 'scan', 'check refers_to(parent_id, base.purchase)']],
    ['spark', ['ddl', 'conform', 'scan', 'check refers_to(parent_id, base.purchase)']],
    ['athena', ['ddl', 'scan', 'check refers_to(parent_id, base.purchase)']],
    ['redshift', ['ddl', 'scan', 'check refers_to(parent_id, base.purchase)']],
  ])('gives a base table for %s: how it is made where it is made, and its checks', async (target, wanted) => {
    const { name, statements } = await purposes('refund', target);
    expect(name).toBe('base.refund');
    expect([...statements.keys()].filter((each) => !each.startsWith('offenders'))).toEqual(wanted);
    expect(statements.get('ddl')).toMatch(/^create table base\.refund \(/);
    expect(statements.get('check refers_to(parent_id, base.purchase)')).toContain('base.purchase as p');
  });

  it('gives a mart by its select, with names in place and the as-of date a parameter', async () => {
    const { statements } = await purposes('mart.agg_shipments', 'athena');
    expect(statements.get('select')).toContain('from base.shipment_deliveries as s');
    expect(statements.get('select')).toContain(':as_of as ingestion_date');
  });

  it('puts the as-of date in', async () => {
    const { stdout } = await runCli(['compile', 'agg_shipments', '--as-of', '2026-06-30', '--target', 'redshift']);
    expect(stdout).toContain("date '2026-06-30' AS ingestion_date");
    expect(stdout).not.toContain(':as_of');
  });

  it.each(['refund-rate', 'refund-rate.sql'])("gives an analyst's query %s by its name", async (name) => {
    const { stdout } = await runCli(['compile', name, '--target', 'athena']);
    expect(stdout).toMatch(/^-- refund-rate: query \(athena\)\n-- one row per calendar month/);
  });

  it('prints the whole plan as JSON without a table', async () => {
    const { stdout } = await runCli(['compile', '--format', 'json']);
    const plan = JSON.parse(stdout);
    expect(plan.format).toBe(1);
    expect(plan.tables.map(({ name }: { name: string }) => name)).toContain('mart.refunds_by_customer');
  });

  it.each(ENGINES)('leaves no marker of ours in any SQL for %s', async (target) => {
    const { stdout, code } = await runCli(['compile', '--target', target]);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/\{\{|\}\}/);
    for (const name of ['base.void', 'mart.best_performing_product'])
      expect(stdout).toContain(`-- ${name}: ddl (${target})`);
    expect(stdout).toContain(`-- late-shipments: query (${target})`);
  });

  it('gives a row per statement to programs', async () => {
    const { stdout } = await runCli(['compile', 'reviews', '--format', 'ndjson']);
    const [first] = stdout.split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      name: 'base.reviews',
      kind: 'table',
      target: 'duckdb',
      purpose: 'ddl',
    });
  });

  it.each([
    [['refunds_by_custmer'], 'Did you mean mart.refunds_by_customer?'],
    [['purchase', '--target', 'oracle'], "argument 'oracle' is invalid"],
    [['purchase', '--as-of', '2026-02-30'], '"2026-02-30" is not a date'],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await runCli(['compile', ...argv]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
