import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  append,
  atLeast,
  base,
  between,
  type Check,
  date,
  days,
  decimal,
  freshWithin,
  integer,
  oneOf,
  rowCount,
  text,
  unique,
} from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import type { TablePlan } from '../../lib/plan/index.ts';
import { dqdl, greatExpectations, odcs } from '../../lib/quality/formats/index.ts';

/** A base table with one check. */
function tableWith(check: Check<'id' | 'sold_on' | 'count' | 'price' | 'state' | 'note'>): TablePlan {
  const row = {
    id: text(),
    sold_on: date(),
    count: integer(),
    price: decimal(9, 2),
    state: text(),
    note: text().nullable().personal('direct'),
  };
  const thing = base({
    ...{ name: 'thing', product: 'shop', owner: 'shop', description: 'One row per thing.', row, grain: ['id'] },
    ...{ eventTime: 'sold_on', write: append(), checks: [check] },
  });
  const [table] = compile([{ name: 'shop', description: 'A shop.', datasets: [thing], exposures: [] }], {}).tables;
  if (!table) throw new Error('no table');
  return table;
}

const ruleOf = (check: Parameters<typeof tableWith>[0]) =>
  dqdl(tableWith(check)).text.split('\n').at(-3)?.trim().replace(/,$/, '');
const expectationOf = (check: Parameters<typeof tableWith>[0]) =>
  JSON.parse(greatExpectations(tableWith(check)).text).expectations.at(-1);
const contractOf = (check: Parameters<typeof tableWith>[0]) =>
  parse(odcs(tableWith(check), { database: '/lake/lake.duckdb' }).text);

describe('a ruleset', () => {
  it.each([
    ['a bound of a column that is always there', atLeast('price', 0), 'ColumnValues "price" >= 0'],
    ['two bounds of whole numbers, ends included', between('count', 1, 5), 'ColumnValues "count" between 0 and 6'],
    ['texts', oneOf('state', ['new', 'a "b"']), 'ColumnValues "state" in ["new", "a \\"b\\""]'],
    ['a number of rows', rowCount(1, 9), 'RowCount between 0 and 10'],
    ['at least so many rows', rowCount(1), 'RowCount >= 1'],
    ['a key', unique(['state', 'count']), 'IsPrimaryKey "state" "count"'],
  ])('has a rule of its own for %s', (_, check, rule) => expect(ruleOf(check)).toBe(rule));

  it.each([
    ['decimals between two bounds', between('price', 0, 5), /not \(t\.`price` >= 0 and t\.`price` <= 5\).*" <= 0$/],
    ['a column that may be missing', oneOf('note', ['a']), /from primary as t\) as m" <= 0$/],
    ['a key that may be missing', unique(['note']), /group by `note`/],
    ['some rows that are tolerated', atLeast('price', 0, { tolerate: { rows: 3 } }), /select failed.*" <= 3$/],
    ['a share that is tolerated', atLeast('price', 0, { tolerate: { share: 0.25 } }), /failed as double.*" <= 0\.25$/],
    [
      'freshness',
      freshWithin(days(2), 'sold_on'),
      /max\(cast\(`sold_on` as date\)\) >= date_sub\(current_date\(\), 2\)/,
    ],
  ])('falls back to the SQL of the plan for %s', (_, check, rule) => expect(ruleOf(check)).toMatch(rule));
});

describe('a suite', () => {
  it('says how grave a clause is, and what it is called here', () => {
    expect(expectationOf(atLeast('price', 0, { severity: 'fail' }))).toEqual({
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'price', min_value: 0 },
      description: 'price is at least 0',
      severity: 'critical',
      meta: { clause: 'at_least(price)' },
    });
    expect(expectationOf(atLeast('price', 0)).severity).toBe('warning');
  });

  it.each([
    [{ rows: 3 }, 'failed > 3'],
    [{ share: 0.25 }, 'failed > 0.25 * total'],
  ])('lets a query count what is tolerated: %j', (tolerate, end) => {
    const { type, kwargs } = expectationOf(atLeast('price', 0, { tolerate }));
    expect(type).toBe('unexpected_rows_expectation');
    expect(kwargs.unexpected_rows_query.endsWith(`from {batch} as t) as m where ${end}`)).toBe(true);
  });
});

describe('an Open Data Contract', () => {
  it('has columns, key, personal data and the lake as its server', () => {
    const { servers, schema } = contractOf(rowCount(1));
    expect(servers).toEqual([{ server: 'lake', type: 'duckdb', database: '/lake/lake.duckdb', schema: 'base' }]);
    const [id, , , price, , note] = schema[0].properties;
    expect(id).toMatchObject({ name: 'id', required: true, primaryKey: true, primaryKeyPosition: 1 });
    expect(price).toMatchObject({ logicalType: 'number', physicalType: 'decimal(9, 2)' });
    expect(note).toMatchObject({ required: false, classification: 'restricted' });
  });

  it.each([
    ['a number of rows', rowCount(1, 9), { metric: 'rowCount', mustBeBetween: [1, 9] }],
    ['rows that are tolerated', atLeast('price', 0, { tolerate: { rows: 3 } }), { mustBeLessOrEqualTo: 3 }],
    ['a share that is tolerated', atLeast('price', 0, { tolerate: { share: 0.5 } }), { mustBeLessOrEqualTo: 0.5 }],
  ])('states %s', (_, check, wanted) => expect(contractOf(check).schema[0].quality[0]).toMatchObject(wanted));

  it('makes freshness a service level', () => {
    const { slaProperties, schema } = contractOf(freshWithin(days(2), 'sold_on'));
    expect(slaProperties).toEqual([{ property: 'freshness', value: 2, unit: 'd', element: 'thing.sold_on' }]);
    expect(schema[0].quality).toBeUndefined();
  });
});

it.each([dqdl, greatExpectations, (table: TablePlan) => odcs(table, { database: '' })])(
  'what no tool can see in a table is left out by name (%#)',
  (format) => expect(format(tableWith(atLeast('price', 0))).leftOut).toEqual(['one_claim(id)']),
);
