import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSqlFiles } from '../../lib/cli/plan-files.ts';
import {
  append,
  base,
  boolean,
  type Chart,
  type Columns,
  dashboard,
  date,
  decimal,
  type Filter,
  integer,
  question,
  ratio,
  showing,
  sum,
  text,
} from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { ContractError, dashboardsOf, type Plan, shownData } from '../../lib/plan/index.ts';
import { dashboards } from '../../lib/products/dashboards/index.ts';
import { products } from '../../lib/products/index.ts';

const parcel = base({
  name: 'parcel',
  product: 'post',
  owner: 'post',
  description: 'One row per parcel.',
  row: {
    id: text(),
    sent_on: date(),
    sender: text().personal('direct'),
    town: text().personal('indirect'),
    weight: decimal(9, 3),
    pieces: integer(),
    fragile: boolean(),
  },
  grain: ['id'],
  eventTime: 'sent_on',
  write: append(),
});
const BY_TOWN = `-- one row per town: parcels sent from it.
-- grain: town
select p.town, count(*) as parcels
from base.parcel as p
group by p.town
order by p.town
`;
const parcels = showing(parcel);
/** The same with no word from the compiler: what a plan is told by others. */
const untyped = showing<Columns>(parcel);
const towns = showing(question('parcels-by-town', { town: parcel.row.town, parcels: integer() }));

function compiled(charts: readonly Chart[], filters: readonly Filter[] = [], sql = BY_TOWN): Plan {
  const board = dashboard({
    name: 'board',
    product: 'post',
    owner: 'post',
    description: 'All.',
    sheets: [{ title: 'Post', charts, filters }],
  });
  const post = { name: 'post', description: 'Post.', datasets: [parcel], exposures: [board] };
  return compile([post], { 'analyst/parcels-by-town.sql': sql });
}

describe('a dashboard', () => {
  it('reads what its charts show: tables, and those that its questions read', () => {
    const plan = compiled([towns.bars('Towns', 'town', [sum('parcels')])]);
    expect(dashboardsOf(plan)).toMatchObject([{ kind: 'dashboard', reads: ['base.parcel'] }]);
  });

  it('gives its question columns with meaning, type and class, which other questions have not', () => {
    const { queries } = compiled([towns.bars('Towns', 'town', [sum('parcels')])]);
    expect(queries[0]?.columns).toMatchObject([
      { name: 'town', type: { kind: 'text' }, pii: 'indirect' },
      { name: 'parcels', type: { kind: 'integer' }, pii: 'none' },
    ]);
    expect(compiled([parcels.number('Pieces', sum('pieces'))]).queries[0]?.columns).toBeNull();
  });

  it('shows of a table the columns that its charts and filters name, no more', () => {
    const charts = [parcels.number('Weight', ratio('weight', 'pieces'))];
    const [data, ...others] = shownData(compiled(charts, [parcels.since('From', 'sent_on', 3)]));
    expect(data?.columns.map(({ name }) => name)).toEqual(['sent_on', 'weight', 'pieces']);
    expect(others).toEqual([]);
  });

  it.each<[string, readonly Chart[], string, (readonly Filter[])?]>([
    [
      'a column that is not there',
      [untyped.number('Weight', sum('wieght'))],
      'dashboard.board, sheet Post, Weight: names wieght, which base.parcel does not have; its columns: id, sent_on, sender, town, weight, pieces, fragile',
    ],
    [
      'whom a row is about',
      [parcels.table('All', { column: 'sender', order: 'highest' }, ['sender'])],
      'shows base.parcel.sender, which names a person',
    ],
    ['a boolean', [parcels.bars('Fragile', 'fragile', [sum('pieces')])], 'shows base.parcel.fragile, a boolean'],
    ['a sum of texts', [parcels.number('Towns', sum('town'))], 'adds up town, which is text; measure a number'],
    [
      'an order by what it does not show',
      [parcels.table('All', { column: 'weight', order: 'highest' }, ['id'])],
      'is ordered by weight, which it does not show',
    ],
    [
      'a question that nobody wrote',
      [showing(question('parcels-by-twon', { town: text() })).bars('Towns', 'town', [])],
      'shows parcels-by-twon, which is neither table nor saved question; known: base.parcel, parcels-by-town',
    ],
    [
      'a period of what is no time',
      [parcels.number('Pieces', sum('pieces'))],
      'begins at town, which is text; name a date or a moment',
      [parcels.since('From', 'town', 3)],
    ],
    [
      'a choice among numbers',
      [parcels.number('Pieces', sum('pieces'))],
      'lets choose of pieces, which is integer; name a text',
      [parcels.choice('Pieces', 'pieces')],
    ],
    [
      'a bound on what it has no chart of',
      [parcels.number('Pieces', sum('pieces'))],
      'bounds parcels-by-town, of which the sheet has no chart',
      [towns.choice('Town', 'town')],
    ],
  ])('with %s is refused, naming sheet and chart', (_, charts, message, filters = []) => {
    expect(() => compiled(charts, filters)).toThrow(ContractError);
    expect(() => compiled(charts, filters)).toThrow(message);
  });

  it('is refused where its question selects other columns than it says', () => {
    const sql = BY_TOWN.replace('as parcels', 'as sent');
    expect(() => compiled([towns.number('Parcels', sum('parcels'))], [], sql)).toThrow(
      'parcels-by-town: sql/analyst/parcels-by-town.sql selects town, sent; the question says town, parcels',
    );
  });

  it('is refused where a question is told in two ways, or names a person', () => {
    const again = showing(question('parcels-by-town', { town: text(), parcels: integer() }));
    const twice = [towns.number('Parcels', sum('parcels')), again.number('Again', sum('parcels'))];
    expect(() => compiled(twice)).toThrow('parcels-by-town: its columns are declared twice');
    const naming = showing(question('parcels-by-town', { town: parcel.row.sender, parcels: integer() }));
    expect(() => compiled([naming.number('Parcels', sum('parcels'))])).toThrow('answers town, which names a person');
  });
});

// Judged by the compiler: a line that should not compile, and does, is an unused @ts-expect-error.
const misspelt = [
  // @ts-expect-error no column wieght
  () => parcels.number('Weight', sum('wieght')),
  // @ts-expect-error no column send_on
  () => parcels.line('Weight', 'send_on', [sum('weight')]),
  // @ts-expect-error no column sender_id
  () => parcels.choice('Sender', 'sender_id'),
];

describe('our dashboards', () => {
  const plan = compile(products, readSqlFiles(fileURLToPath(new URL('../../sql/', import.meta.url))));

  it('are all in the plan, each of a product that there is', () => {
    expect(misspelt).toHaveLength(3);
    expect(
      dashboardsOf(plan)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(dashboards.map(({ name }) => name).sort());
  });

  it('are where the lineage ends for each table that they show', () => {
    for (const { name, reads, sheets } of dashboardsOf(plan)) {
      const shown = [...new Set(sheets.flatMap(({ charts }) => charts.map(({ shows }) => shows)))];
      const tables = shown.flatMap((each) => plan.queries.find((query) => query.name === each)?.reads ?? [each]);
      expect([...new Set(tables)].sort(), name).toEqual([...reads]);
    }
  });
});
