import { describe, expect, it } from 'vitest';
import { queryToAthena, SqlError } from '../../../lib/plan/sql/index.ts';

const tables = ['base.purchase', 'base.void', 'mart.void', 'mart.refunds_by_customer'];
const context = { tables, asOf: '2026-01-31', database: (layer: string) => `dev_${layer}` };
const asked = (sql: string) => queryToAthena(sql, context).sql;

describe("queryToAthena keeps the author's text", () => {
  it.each([
    ['select id from purchase -- all\n;', 'select id from "dev_base"."purchase" -- all'],
    ['SELECT "id" FROM "base"."purchase" LIMIT 1;', 'SELECT "id" FROM "dev_base"."purchase" LIMIT 1'],
    [
      'select 1 from mart.void v join base.void b on b.id = v.id',
      'select 1 from "dev_mart"."void" v join "dev_base"."void" b on b.id = v.id',
    ],
    ['with void as (select 3 as x) select x from void', 'with void as (select 3 as x) select x from void'],
    ["select ':as_of', :as_of", "select ':as_of', date '2026-01-31'"],
    ["select 'from purchase' as t", "select 'from purchase' as t"],
    ['select * from ops.run', 'select * from "dev_ops"."run"'],
    // Databases that the plan does not know may be there all the same.
    ['select * from dev_raw.purchase', 'select * from dev_raw.purchase'],
    ['select table_name from information_schema.tables', 'select table_name from information_schema.tables'],
  ])('%s', (sql, expected) => expect(asked(sql)).toBe(expected));

  it('expands the functions of the plan', () => {
    expect(asked('select percent(1, 3) as p from purchase')).not.toContain('percent(');
  });

  it('lists and describes the tables of the environment', () => {
    expect(asked('show tables')).toContain("in ('dev_base', 'dev_mart', 'dev_ops')");
    expect(asked('describe purchase')).toContain("table_schema = 'dev_base' and table_name = 'purchase'");
  });
});

it.each([
  ['select 1 from void', /Several tables are called void.*base\.void or mart\.void/],
  ['select 1 from base.nowhere', /No table is called base\.nowhere/],
  ['delete from purchase', /does not only read/],
])('refuses %s', (sql, message) => {
  expect(() => asked(sql)).toThrow(message);
  expect(() => asked(sql)).toThrow(SqlError);
});

it('refuses :as_of where there is no date', () => {
  expect(() => queryToAthena('select :as_of as d', { ...context, asOf: null })).toThrow(/query:1:8 parameter/);
});

it('names what stands outside of the portable core, where it stands', () => {
  expect(queryToAthena('select id from purchase', context).unportable).toEqual([]);
  expect(queryToAthena('select now() as n from purchase', context).unportable).toEqual([
    expect.stringMatching(/^1:8 .*now/),
  ]);
});
