import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryToDuckDb, SqlError } from '../../../lib/plan/sql/index.ts';
import { lakeWith, rowsOf } from './lake.ts';

const tables = ['base.purchase', 'base.void', 'mart.void', 'mart.refunds_by_customer'];
const context = { tables, asOf: '2026-01-31' };
let lake: DuckDBConnection;

beforeAll(async () => {
  lake = await lakeWith({
    'base.purchase': "('a', '2025-01-31 10:59:00', 'c', 'm', 7.50), ('b', '2025-03-01 00:00:00', null, 'm', 1.00)",
  });
});
afterAll(() => lake.closeSync());

async function ask(sql: string): Promise<readonly unknown[]> {
  const query = queryToDuckDb(sql, context);
  for (const statement of query.prelude) await lake.run(statement);
  return (await rowsOf(lake, query.sql)).map((row) => Object.values(row));
}

describe('queryToDuckDb answers what analysts type into Athena', () => {
  const cases: readonly (readonly [sql: string, rows: readonly unknown[]])[] = [
    ['select id from purchase order by id', [['a'], ['b']]],
    ['SELECT "id" FROM "base"."purchase" ORDER BY 1 DESC LIMIT 1;', [['b']]],
    ['select id from awsdatacatalog.base.purchase order by id limit 1', [['a']]],
    ['select purchase.id from purchase where purchase.amount > 2', [['a']]],
    ['with void as (select 3 as x) select x from void', [[3]]],
    ['with purchase as (select id from purchase where amount > 2) select id from purchase', [['a']]],
    ['select count(*) from purchase p where exists (select 1 from base.void v where v.parent_id = p.id)', [['0']]],
    ["select date_add('month', 1, timestamp) from purchase where id = 'a'", [['2025-02-28 10:59:00']]],
    [
      "select date_add('day', amount_days, timestamp) from (select timestamp, 2 as amount_days from purchase where id = 'b') x",
      [['2025-03-03 00:00:00']],
    ],
    ["select date_diff('hour', timestamp '2025-01-01 10:59:00', timestamp '2025-01-01 11:01:00')", [['0']]],
    ['select 7 / 2, cast(7 as double) / 2', [[3, 3.5]]],
    ['select :as_of', [['2026-01-31']]],
    ['select percent(1, 3), percent(count(*), 0) from purchase', [['33.33', null]]],
    [
      "select date_format(timestamp, '%Y-%m'), count(*) filter (where amount > 2) from purchase group by 1 order by 1",
      [
        ['2025-01', '1'],
        ['2025-03', '0'],
      ],
    ],
    ['select max_by(id, amount), approx_percentile(amount, 0.5) from purchase', [['a', '1.00']]],
    ['select x from unnest(sequence(1, 3)) as t(x) order by x', [['1'], ['2'], ['3']]],
    [
      "values (1, 'a'), (2, 'b')",
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    ['select id from purchase -- trailing words\n;', [['a'], ['b']]],
    ["select 'select * from nowhere' as t", [['select * from nowhere']]],
    ["select table_name from information_schema.tables where table_name = 'refund'", [['refund']]],
    [
      'describe purchase',
      [
        ['id', 'VARCHAR', 'YES'],
        ['timestamp', 'TIMESTAMP', 'YES'],
        ['customer_id', 'VARCHAR', 'YES'],
        ['merchant_id', 'VARCHAR', 'YES'],
        ['amount', 'DECIMAL(12,2)', 'YES'],
      ],
    ],
  ];
  it.each(cases)('%s', async (sql, rows) => {
    expect(await ask(sql)).toEqual(rows);
  });

  it('lists the tables of the lake', async () => {
    expect(await ask('show tables')).toContainEqual(['base', 'purchase']);
    expect(await ask('SHOW TABLES;')).toContainEqual(['mart', 'refunds_by_customer']);
  });
  it('names what it reads, without its steps and system tables', () => {
    const sql =
      'with x as (select id from purchase) select x.id from x join base.void v on v.id = x.id join ops.run r on r.id = x.id';
    expect(queryToDuckDb(sql, context).references).toEqual(['base.purchase', 'base.void']);
  });
  it("takes nesting deeper than the parser's guard would", async () => {
    expect(await ask(`select ${'('.repeat(25)}1${')'.repeat(25)} as x`)).toEqual([[1]]);
  });
});

describe('queryToDuckDb refuses', () => {
  const cases: readonly (readonly [sql: string, message: RegExp])[] = [
    [
      'select * from void',
      /query:1:15 ambiguous-table: Several tables are called void\. Write base\.void or mart\.void\./,
    ],
    ['select * from purchas', /query:1:15 unknown-table: No table is called purchas\. Did you mean base\.purchase\?/],
    ['select *\nfrom mart.purchase', /query:2:6 unknown-table: .* Did you mean base\.purchase\?/],
    ['select * from zebra', /Known: base\.purchase, base\.void/],
    ['describe zebra', /unknown-table/],
    ['delete from purchase', /not-a-select: delete does not only read/],
    ['insert into base.purchase select * from base.purchase', /not-a-select/],
    ['update base.purchase set id = 1', /not-a-select/],
    ['drop table base.purchase', /not-a-select/],
    ['create table base.x as select 1 as x', /not-a-select/],
    ["copy base.purchase to 'x'", /not-a-select/],
    ["attach 'x'", /not-a-select/],
    ['set x = 1', /not-a-select/],
    ['explain select 1', /Begin with select, with, values, show tables or describe/],
    ['with a as (select 1 as x) insert into base.purchase select * from a', /not-a-select/],
    ['select 1; drop table base.purchase', /one-select/],
    ['', /one-select/],
    ['select from where', /query:1:\d+ syntax/],
    ["select 'a", /query:1:8 syntax/],
  ];
  it.each(cases)('%s', (sql, message) => {
    expect(() => queryToDuckDb(sql, context)).toThrow(message);
    expect(() => queryToDuckDb(sql, context)).toThrow(SqlError);
  });
  it(':as_of without a date', () => {
    expect(() => queryToDuckDb('select :as_of as d', { tables, asOf: null })).toThrow(/query:1:8 parameter/);
  });
});
