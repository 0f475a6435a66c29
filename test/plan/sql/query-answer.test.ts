import { describe, expect, it } from 'vitest';
import { queryToDuckDb } from '../../../lib/plan/sql/index.ts';

const context = { tables: ['base.purchase', 'base.refund'], asOf: '2026-01-31' };
const queried = (sql: string) => queryToDuckDb(sql, context);

describe('columns of an ad-hoc query are called as Athena calls them', () => {
  it.each<[sql: string, found: string[], names: string[]]>([
    ['select count(*) from purchase', ['count_star()'], ['_col0']],
    [
      'select id, count(*), sum(amount) as total from purchase group by 1',
      ['id', 'count_star()', 'total'],
      ['id', '_col1', 'total'],
    ],
    ['select amount + 1, (id) from purchase', ['(amount + 1)', 'id'], ['_col0', 'id']],
    ['select *, 1 from purchase', ['id', 'amount', '1'], ['id', 'amount', '_col2']],
    ['select 1, p.*, 2, id from purchase p', ['1', 'a', 'b', '2', 'id'], ['_col0', 'a', 'b', '_col3', 'id']],
    [
      'select 1, p.*, r.*, 2 from purchase p cross join refund r',
      ['1', 'a', 'b', 'c', '2'],
      ['_col0', 'a', 'b', 'c', '_col4'],
    ],
    ['select p.*, 1, r.* from purchase p cross join refund r', ['a', '1', 'b'], ['a', '1', 'b']],
    ['with q as (select 1 as x) select max(x) from q', ['max(x)'], ['_col0']],
    ['select max(id) from purchase union all select id from refund', ['max(id)'], ['_col0']],
    ['(select 1)', ['1'], ['_col0']],
    ["values (1, 'a')", ['col0', 'col1'], ['_col0', '_col1']],
    ['show tables', ['table_schema', 'table_name'], ['table_schema', 'table_name']],
  ])('%s', (sql, found, names) => {
    expect(queried(sql).names(found)).toEqual(names);
  });
});

describe('where an answer may not be the one that Athena gives, it is said', () => {
  const zero = expect.stringMatching(/^x \/ 0 is null here/);
  const scale = expect.stringMatching(/^decimals divide to doubles here/);
  const interval = expect.stringMatching(/^a date plus or minus an interval/);

  it.each<[sql: string, notes: unknown[]]>([
    ['select id from purchase', []],
    ['select 1 / 0', [zero]],
    ['select 7 / 2', []],
    ['select amount / 3 from purchase', [scale]],
    ['select amount / amount, 1 / amount from purchase', [scale, zero]],
    ['select cast(amount as double) / nullif(amount, 0) from purchase', []],
    ["select date '2024-01-31' - interval '1' day", [interval]],
    ["select cast(:as_of - interval '1' day as date)", []],
    ["select id from purchase where timestamp > :as_of - interval '1' month", []],
  ])('%s', (sql, notes) => {
    expect(queried(sql).notes).toEqual(notes);
  });
});
