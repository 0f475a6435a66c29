import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atLeast, between, type Check, days, freshWithin, oneOf, rowCount, unique } from '../../lib/contract/index.ts';
import { DuckDb, type Result, rowOf } from '../../lib/engines/index.ts';
import { lineageOf, type Plan, type TablePlan } from '../../lib/plan/index.ts';
import { NO_CONTESTS } from '../../lib/run/contests.ts';
import { measureChecks } from '../../lib/run/measuring.ts';
import { bindLocal } from '../../lib/run/relation.ts';
import { planTable } from '../support/run-lake.ts';
import { shopPlan } from '../support/run-shop.ts';

/** Checks that look at rows one by one, or at a whole column: they share the scan. */
const SCANNED: readonly Check[] = [
  atLeast('amount', 0),
  between('pieces', 1, 5),
  oneOf('id', ['1', '2', '3', '4', '5']),
  freshWithin(days(2), 'sold_on'),
  rowCount(1, 1000),
];
const ROWS = 20;

describe('the row checks of a table', () => {
  let db: DuckDb;
  let statements: string[];
  /** Counts what goes to the engine. */
  let counting: DuckDb;

  beforeAll(async () => {
    db = await DuckDb.open();
    counting = {
      query: (sql: string): Promise<Result> => {
        statements.push(sql);
        return db.query(sql);
      },
      run: (sql: string): Promise<void> => {
        statements.push(sql);
        return db.run(sql);
      },
      // Measuring asks for nothing else.
    } as unknown as DuckDb;
    await db.run('create schema base');
    await db.run(bindLocal(planTable(shopPlan(), 'base.sale').ddl.duckdb, null));
    await db.run(
      `insert into base.sale select cast(i as varchar), date '2024-06-01', i - 3, i, 'Ann', 'f', i, timestamp '2024-06-02 00:00:00' from range(1, ${ROWS + 1}) as t(i)`,
    );
  });
  afterAll(() => db.close());

  async function measure(checks: readonly Check[]) {
    const plan: Plan = shopPlan({ checks });
    const table: TablePlan = planTable(plan, 'base.sale');
    statements = [];
    const outcomes = await measureChecks(
      {
        db: counting,
        asOf: '2024-06-30',
        lineage: lineageOf(plan),
        instead: new Map(),
        contests: NO_CONTESTS,
      },
      table,
      table.checks,
    );
    return { table, outcomes: Object.fromEntries(outcomes.map((each) => [each.check, [each.failed, each.total]])) };
  }

  test.each([1, 2, 3, 4, 5])('%i of them are one statement, and one look at each row', async (count) => {
    const passing = [
      atLeast('amount', -10),
      between('pieces', 1, ROWS),
      oneOf('buyer', ['Ann']),
      freshWithin(days(40), 'sold_on'),
      rowCount(1),
    ].slice(0, count);
    const { table } = await measure(passing);
    expect(statements).toHaveLength(1);
    expect(await scansIn(db, bindLocal(table.scan?.duckdb ?? '', '2024-06-30'))).toEqual(['sale']);
  });

  test('gives each check its own numbers', async () => {
    const { outcomes } = await measure(SCANNED);
    expect(outcomes).toEqual({
      'one_claim(id)': [0, 0],
      'at_least(amount)': [2, ROWS],
      'between(pieces)': [15, ROWS],
      'one_of(id)': [15, ROWS],
      'fresh(sold_on)': [1, 1],
      row_count: [0, 1],
    });
  });

  test('looks for rows at fault only where a check is broken, one statement each', async () => {
    await measure(SCANNED);
    const [scan, ...others] = statements;
    expect(scan).toMatch(/^select count\(\*\) as total,/);
    // Three checks have rows to name; freshness judges the table.
    expect(others).toHaveLength(3);
    for (const sql of others) expect(sql).toMatch(/limit 3$/);
  });

  test('key checks are one statement each, apart from the scan', async () => {
    await measure([atLeast('amount', -10), unique(['buyer'], { tolerate: { rows: 5 } }), rowCount(1)]);
    expect(statements).toHaveLength(2);
    await measure([unique(['id'])]);
    expect(statements).toHaveLength(1);
  });

  test('a table without checks is not looked at', async () => {
    const { table } = await measure([]);
    expect(table.scan).toBeNull();
    expect(statements).toEqual([]);
  });
});

/** The tables that a query's plan scans, once for each scan. */
async function scansIn(db: DuckDb, sql: string): Promise<string[]> {
  const row = await rowOf(db, `explain (format json) ${sql}`);
  const found: string[] = [];
  const walk = (node: { name?: string; children?: unknown[]; extra_info?: Record<string, unknown> }): void => {
    if (/SCAN/.test(node.name ?? ''))
      found.push(
        String(node.extra_info?.Table ?? '')
          .split('.')
          .at(-1) ?? '',
      );
    for (const child of node.children ?? []) walk(child as typeof node);
  };
  for (const node of JSON.parse(String(row.explain_value))) walk(node);
  return found;
}
