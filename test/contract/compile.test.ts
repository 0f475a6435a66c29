import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSqlFiles } from '../../lib/cli/plan-files.ts';
import {
  append,
  atLeast,
  base,
  date,
  exposure,
  identity,
  integer,
  keep,
  mart,
  merge,
  month,
  type Product,
  refersTo,
  replace,
  text,
  xmlElements,
} from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { ContractError, type SqlFiles } from '../../lib/plan/index.ts';
import { SqlError } from '../../lib/plan/sql/index.ts';
import { products } from '../../lib/products/index.ts';

const SQL = readSqlFiles(fileURLToPath(new URL('../../sql/', import.meta.url)));

/** Makes every change to a value throw. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) frozen(each);
  return value;
}

describe('compile', () => {
  const plan = compile(products, SQL);

  it('gives the same bytes for the same input, however the SQL files are ordered, and changes nothing of it', () => {
    const turned = Object.fromEntries(Object.entries(SQL).reverse());
    expect(JSON.stringify(compile(frozen(products), frozen(turned)))).toBe(JSON.stringify(plan));
  });

  it('gives a plan that survives JSON: no undefined, no class, no function, no bigint', () => {
    expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
  });

  it('says in words what a rule wants that is waived for some rows', () => {
    const making = plan.tables.find(({ name }) => name === 'base.inventory_event')?.making;
    expect(making).toMatchObject({
      kind: 'load',
      faults: { 'quantity:unless': 'quantity is not at least 0, unless type is one of adjust' },
    });
  });

  it('orders tables by level, then name, whatever the order of the products', () => {
    expect(compile([...products].reverse(), SQL).tables).toEqual(plan.tables);
    const order = plan.tables.map(({ level, name }) => `${level} ${name}`);
    expect(order).toEqual([...order].sort());
    for (const table of plan.tables)
      for (const read of table.reads)
        expect(plan.tables.findIndex(({ name }) => name === read)).toBeLessThan(plan.tables.indexOf(table));
  });

  it('reads what a model reads off its SQL, where and join clauses included', () => {
    const reads = (name: string) => plan.tables.find((table) => table.name === name)?.reads;
    expect(reads('mart.refunds_by_customer')).toEqual(['base.purchase', 'base.refund', 'base.void']);
    expect(reads('mart.best_performing_product')).toEqual([
      'base.dim_dates',
      'base.dim_products',
      'base.orders',
      'base.reviews',
      'base.shipment_deliveries',
    ]);
  });
});

// A lakehouse of two tables, and every way to contradict oneself in it.
const parcel = {
  name: 'parcel',
  product: 'post',
  owner: 'post',
  description: 'One row per parcel.',
  row: { id: text(), day: date(), letter_id: text().nullable() },
  grain: ['id'],
  eventTime: 'day',
  write: append(),
} as const;
const letter = base({
  ...parcel,
  name: 'letter',
  description: 'One row per letter and page.',
  row: { id: text(), page: integer() },
  grain: ['id', 'page'],
  eventTime: null,
});
const daily = {
  name: 'daily',
  product: 'post',
  owner: 'post',
  description: 'One row per day.',
  row: { day: date(), parcels: integer() },
  grain: ['day'],
  write: replace(),
} as const;
const DAILY =
  '-- one row per day.\n-- grain: day\nselect p.day, count(*) as parcels\nfrom base.parcel as p\ngroup by p.day\n';

interface Case {
  readonly datasets: Product['datasets'];
  readonly sql?: SqlFiles;
  readonly exposures?: Product['exposures'];
  readonly name?: string;
}
const post = ({ datasets, exposures = [], name = 'post' }: Case): Product => ({
  name,
  description: 'Post.',
  datasets,
  exposures,
});
const compileCase = (given: Case) => compile([post(given)], given.sql ?? { 'mart/daily.sql': DAILY });
const good: Case = { datasets: [base(parcel), letter, mart(daily)] };

describe('a contract that contradicts itself, another or its model', () => {
  it('is not this one', () => {
    expect(compileCase(good).tables.map(({ name }) => name)).toEqual(['base.letter', 'base.parcel', 'mart.daily']);
  });

  it.each<[string, Case, RegExp]>([
    ['two tables of one name', { datasets: [base(parcel), base(parcel)] }, /^base.parcel: is declared twice; rename/],
    ['a table in capitals', { datasets: [base({ ...parcel, name: 'Parcel' })] }, /the name Parcel is not snake_case/],
    ['a table with a dash', { datasets: [base({ ...parcel, name: 'par-cel' })] }, /par-cel is not snake_case/],
    ['a table that begins with a digit', { datasets: [base({ ...parcel, name: '1st' })] }, /1st is not snake_case/],
    ['a table without a name', { datasets: [base({ ...parcel, name: '' })] }, /is not snake_case/],
    ['a product in capitals', { datasets: [base({ ...parcel, product: 'Post' })] }, /the name Post is not snake_case/],
    [
      'a column with a quote',
      { datasets: [base({ ...parcel, row: { ...parcel.row, 'a"b': text() } })] },
      /the name a"b is not snake_case/,
    ],
    [
      'a description of no grain',
      { datasets: [base({ ...parcel, description: 'Parcels.' })] },
      /^base.parcel: its description is "Parcels."; begin it with "One row per "/,
    ],
    ['no grain', { datasets: [base({ ...parcel, grain: [] })] }, /the grain is empty; give it a grain, or write: keep/],
    ['keep() with a grain', { datasets: [base({ ...parcel, write: keep() })] }, /keep\(\) has a grain/],
    [
      'a key that may be missing',
      { datasets: [base({ ...parcel, grain: ['id', 'letter_id'] })] },
      /the key column letter_id is nullable; make it required/,
    ],
    [
      'an event time that is no time',
      { datasets: [base({ ...parcel, eventTime: 'id' })] },
      /^base.parcel: the event time is id, which is text; name a date\(\) or an instant\(\)/,
    ],
    [
      'a partition by month of what has no month',
      { datasets: [base({ ...parcel, partitionBy: month('id') })] },
      /^base.parcel: the partition by month is id, which is text; name a date/,
    ],
    ['a base table that is replaced', { datasets: [base({ ...parcel, write: replace() })] }, /cannot be replaced/],
    [
      'a mart that is appended to',
      { datasets: [base(parcel), mart({ ...daily, write: append() })] },
      /a mart cannot be written by append; use replace\(\) or merge\(\)/,
    ],
    [
      'a mart without a key',
      { datasets: [base(parcel), mart({ ...daily, grain: [], write: keep() })] },
      /a mart cannot be written by keep/,
    ],
    ['a mart without its file', { ...good, sql: {} }, /^mart.daily: sql\/mart\/daily.sql is missing; write its select/],
    [
      'a model with other columns',
      { datasets: [base(parcel), mart({ ...daily, row: { day: date(), parcel_count: integer() } })] },
      /sql\/mart\/daily.sql selects day, parcels; the contract says day, parcel_count/,
    ],
    [
      'a model with columns in another order',
      { datasets: [base(parcel), mart({ ...daily, row: { parcels: integer(), day: date() } })] },
      /selects day, parcels; the contract says parcels, day/,
    ],
    [
      'a reference to an unknown table',
      { datasets: [base({ ...parcel, checks: [refersTo('letter_id', 'lettre')] })] },
      /^base.parcel: refers to lettre, which is no table with a key of one column/,
    ],
    [
      'a reference to a key of two columns',
      { datasets: [letter, base({ ...parcel, checks: [refersTo('letter_id', 'letter')] })] },
      /refers to letter, which is no table with a key of one column/,
    ],
    [
      'a check twice',
      { datasets: [base({ ...parcel, checks: [refersTo('letter_id', 'parcel'), refersTo('letter_id', 'parcel')] })] },
      /check refers_to\(letter_id, base.parcel\) is declared twice/,
    ],
    [
      'a consumer of a table that nobody declares',
      {
        ...good,
        exposures: [
          exposure({
            name: 'board',
            kind: 'report',
            product: 'post',
            owner: 'post',
            description: 'All.',
            reads: ['mart.dayly'],
          }),
        ],
      },
      /^board: reads mart.dayly, which no contract declares; known: base.letter/,
    ],
    ...(
      [
        ['Post..Parcel', 'id', /its records are at Post..Parcel; name elements from the root/],
        ['Post.Parcel', 'Sender..Id', /^base.parcel: letter_id is read from Sender..Id; name elements/],
        ['Post.Parcel', '@id.Sender', /read from @id.Sender; name elements, and an attribute at the end/],
        ['Post.Parcel', '/Post', /read from \/Post; leave the way to the record \(Post.Parcel\)/],
        ['Post.Parcel', '/Post.Parcel', /read from \/Post.Parcel; leave the way/],
        ['Post.Parcel', '/Post.Parcel.Id', /read from \/Post.Parcel.Id; leave the way/],
        ['Post.Parcel', '/Office.Id', /read from \/Office.Id; leave the way/],
      ] as const
    ).map(([record, path, message]): [string, Case, RegExp] => [
      `the path ${path} in records at ${record}`,
      {
        datasets: [
          base({
            ...parcel,
            row: { ...parcel.row, letter_id: text().nullable().from(path) },
            records: xmlElements(record),
          }),
        ],
      },
      message,
    ]),
  ])('%s is refused, with the way out', (_says, given, message) => {
    expect(() => compileCase(given)).toThrow(ContractError);
    expect(() => compileCase(given)).toThrow(message);
  });

  it.each<[string, Case, string]>([
    [
      'a model that reads what nobody declares',
      { datasets: [mart(daily)] },
      'No table is called base.parcel. Known: mart.daily.',
    ],
    [
      'a saved question that reads what nobody declares',
      { ...good, sql: { 'mart/daily.sql': DAILY, 'analyst/ask.sql': DAILY.replace('base.parcel', 'base.parcels') } },
      'sql/analyst/ask.sql:4:6 unknown-table: No table is called base.parcels. Did you mean base.parcel?',
    ],
    [
      'a sum over a table that nobody declares',
      {
        datasets: [
          base({
            ...parcel,
            checks: [
              identity(
                'sums',
                'it adds up',
                'select 1 as total from base.nobody',
                'select 1 as total from base.parcel',
              ),
            ],
          }),
        ],
      },
      'sums (left):1:24 unknown-table: No table is called base.nobody. Known: base.parcel.',
    ],
  ])('%s is refused at its place in the SQL', (_says, given, message) => {
    expect(() => compileCase(given)).toThrow(SqlError);
    expect(() => compileCase(given)).toThrow(message);
  });

  it('says whom it concerns and what to do, apart', () => {
    try {
      compileCase({ datasets: [base({ ...parcel, grain: [] })] });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ subject: 'base.parcel', hint: 'give it a grain, or write: keep()' });
    }
  });

  it('refuses a merged mart whose SQL does not read :as_of: keys long gone would stay', () => {
    const sql = { 'mart/one.sql': '-- one row per day.\n-- grain: day\nselect d.day, d.parcels\nfrom mart.two as d\n' };
    const given = {
      datasets: [mart({ ...daily, name: 'two', write: replace() }), mart({ ...daily, name: 'one', write: merge() })],
      sql,
    };
    expect(() =>
      compileCase({ ...given, sql: { ...sql, 'mart/two.sql': sql['mart/one.sql'].replace('two', 'one') } }),
    ).toThrow('mart.one: merge() without :as_of in its SQL keeps rows of answers long gone; use replace()');
  });

  it('refuses a circle of marts and names it', () => {
    const select = (from: string) =>
      `-- one row per day.\n-- grain: day\nselect d.day, d.parcels\nfrom mart.${from} as d\n`;
    const round = { ...daily, write: replace() };
    const given = {
      datasets: [mart({ ...round, name: 'one' }), mart({ ...round, name: 'two' })],
      sql: { 'mart/one.sql': select('two'), 'mart/two.sql': select('one') },
    };
    expect(() => compileCase(given)).toThrow(/mart.one.*mart.two|mart.two.*mart.one/);
  });

  it('takes what is odd and right: a check on its own key, the same name in two layers', () => {
    const mine = mart({ ...daily, name: 'parcel', checks: [atLeast('parcels', 0)] });
    const tables = compileCase({ datasets: [base(parcel), mine], sql: { 'mart/parcel.sql': DAILY } }).tables;
    expect(tables.map(({ name }) => name)).toEqual(['base.parcel', 'mart.parcel']);
  });
});
