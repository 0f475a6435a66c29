import { describe, expect, it } from 'vitest';
import {
  append,
  base,
  boolean,
  type Column,
  date,
  decimal,
  entity,
  feature,
  instant,
  integer,
  mart,
  replace,
  text,
} from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { ContractError } from '../../lib/plan/index.ts';
import { SqlError } from '../../lib/plan/sql/index.ts';

const about = { product: 'shop', owner: 'shop' } as const;

const sale = base({
  ...about,
  name: 'sale',
  description: 'One row per sale.',
  row: { id: text(), buyer: text(), at: instant(), amount: decimal(12, 2) },
  grain: ['id'],
  eventTime: 'at',
  write: append(),
});
const note = base({
  ...about,
  name: 'note',
  description: 'One row per note.',
  row: { id: text(), buyer: text() },
  grain: ['id'],
  eventTime: null,
  write: append(),
});
const total = mart({
  ...about,
  name: 'total',
  description: 'One row per buyer.',
  row: { buyer: text() },
  grain: ['buyer'],
  write: replace(),
});

const HEAD = '-- one row per buyer and point in time.\n-- grain: buyer, seen_at\n';
const SELECT = `select p.buyer, p.seen_at, count(s.id) as sales
from spine.points as p
left join base.sale as s
  on s.buyer = p.buyer
  and s.at <= p.seen_at
  and s._known_from <= p.seen_at
group by p.buyer, p.seen_at`;

interface Ask {
  readonly select?: string;
  readonly row?: Readonly<Record<string, Column>>;
  readonly from?: readonly [table: string, column?: string];
}

function compiled({ select = SELECT, row = {}, from = ['base.sale'] }: Ask = {}) {
  const buyer = feature({
    ...about,
    name: 'buyer',
    description: 'One row per buyer and point in time.',
    row: { buyer: text(), seen_at: instant(), sales: integer(), ...row },
    entity: entity('buyer', ...from),
    eventTime: 'seen_at',
  });
  const product = { name: 'shop', description: 'A shop.', datasets: [sale, note, total, buyer], exposures: [] };
  const totals = '-- one row per buyer.\n-- grain: buyer\nselect s.buyer from base.sale as s group by s.buyer';
  const plan = compile([product], { 'mart/total.sql': totals, 'feature/buyer.sql': `${HEAD}${select}` });
  const table = plan.tables.find(({ name }) => name === 'feature.buyer');
  if (table?.making.kind !== 'select' || table.feature === undefined) throw new Error('no feature table');
  return { ...table, making: table.making, feature: table.feature };
}

describe('a feature contract', () => {
  it('says what Feature Store wants to know', () => {
    const more = { price: decimal(9, 2), first_at: instant(), day: date() };
    const select = SELECT.replace(
      ' as sales',
      ' as sales, cast(sum(s.amount) as decimal(9, 2)) as price, min(s.at) as first_at, cast(min(s.at) as date) as day',
    );
    expect(compiled({ row: more, select }).feature).toMatchObject({
      recordIdentifier: 'buyer',
      eventTime: 'seen_at',
      definitions: [
        { name: 'buyer', type: 'String' },
        { name: 'seen_at', type: 'String' },
        { name: 'sales', type: 'Integral' },
        { name: 'price', type: 'Fractional' },
        { name: 'first_at', type: 'String' },
        { name: 'day', type: 'String' },
      ],
    });
  });

  it('is keyed by entity and event time, made whole for the as-of day, fed by what it reads and by its entities', () => {
    const table = compiled({ from: ['base.note'] });
    expect(table).toMatchObject({ grain: ['buyer', 'seen_at'], write: { kind: 'replace' }, level: 1 });
    expect(table.reads).toEqual(['base.note', 'base.sale']);
    expect(table.making.takesAsOf).toBe(true);
  });

  it.each(['duckdb', 'spark', 'athena', 'redshift'] as const)(
    'has one select for %s, with points given or of the day',
    (engine) => {
      const { feature: given, making } = compiled();
      const [before, after, ...more] = given.select[engine].split('{{spine.points}}');
      expect(more).toEqual([]);
      expect(making.select[engine].startsWith(`${before}(select distinct `)).toBe(true);
      expect(making.select[engine].endsWith(after ?? '?')).toBe(true);
      expect(making.select[engine]).toMatch(/_known_from.? <= cast\(\{\{as_of\}\} \+ interval '1' day as timestamp/);
      expect(making.select[engine]).not.toContain('spine.points');
    },
  );

  const refused: readonly (readonly [what: string, ask: Ask, says: RegExp])[] = [
    ['a boolean', { row: { b: boolean() }, select: SELECT.replace(' as sales', ' as sales, true as b') }, /boolean/],
    [
      'a reserved name',
      { row: { write_time: integer() }, select: SELECT.replace(' as sales', ' as sales, 1 as write_time') },
      /write_time is a name that Feature Store keeps/,
    ],
    [
      'a name too long',
      {
        row: { ['n'.repeat(65)]: integer() },
        select: SELECT.replace(' as sales', ` as sales, 1 as ${'n'.repeat(65)}`),
      },
      /at most 64 characters/,
    ],
    ['an event time that is a day', { row: { seen_at: date() } }, /seen_at is its event time but no instant/],
    ['an event time that may be missing', { row: { seen_at: instant().nullable() } }, /seen_at/],
    ['an entity named by an amount', { row: { buyer: decimal(9, 2) } }, /buyer names the entity as decimal/],
    ['entities of a mart', { from: ['mart.total'] }, /entities come from mart.total.buyer/],
    [
      'entities of a column that is not there',
      { from: ['base.sale', 'customer'] },
      /entities come from base.sale.customer/,
    ],
    [
      'a select that reads the as-of date',
      { select: SELECT.replace('group by', 'where p.buyer is not null or :as_of is null group by') },
      /reads :as_of/,
    ],
    [
      'a select without the points',
      { select: 'select s.buyer, s.at as seen_at, 1 as sales from base.sale as s' },
      /does not read spine.points/,
    ],
  ];
  it.each(refused)('%s is refused', (_what, ask, says) => {
    expect(() => compiled(ask)).toThrow(ContractError);
    expect(() => compiled(ask)).toThrow(says);
  });
});

describe('a select that could see later rows', () => {
  const cases: readonly (readonly [what: string, select: string, says: RegExp])[] = [
    [
      'without the event time',
      SELECT.replace('  and s.at <= p.seen_at\n', ''),
      /base.sale is read without a bound on at/,
    ],
    ['without the arrival', SELECT.replace('\n  and s._known_from <= p.seen_at', ''), /without a bound on _known_from/],
    ['bounded the wrong way', SELECT.replace('s.at <= p.seen_at', 's.at >= p.seen_at'), /bound on at/],
    ['bounded by another column', SELECT.replace('s.at <= p.seen_at', 's.at <= s._known_from'), /bound on at/],
    [
      'bounded by choice',
      SELECT.replace('and s.at <= p.seen_at', "and (s.at <= p.seen_at or s.id = 'x')"),
      /bound on at/,
    ],
    [
      'bounded in another step',
      `with late as (select s.id, s.buyer, s.at from base.sale as s)
select p.buyer, p.seen_at, count(l.id) as sales from spine.points as p
left join late as l on l.buyer = p.buyer and l.at <= p.seen_at group by p.buyer, p.seen_at`,
      /bound on at/,
    ],
    [
      'of a table joined along',
      SELECT.replace('group by', 'left join base.note as n on n.buyer = p.buyer group by'),
      /base.note is read without a bound on _known_from/,
    ],
    [
      'in a subquery',
      SELECT.replace('group by', 'where exists (select n.id from base.note as n where n.buyer = p.buyer) group by'),
      /base.note/,
    ],
    [
      'from a mart',
      SELECT.replace('group by', 'left join mart.total as t on t.buyer = p.buyer group by'),
      /mart.total does not say from when/,
    ],
    [
      'from the features themselves',
      SELECT.replace('group by', 'left join feature.buyer as t on t.buyer = p.buyer group by'),
      /feature.buyer does not say/,
    ],
  ];
  it.each(cases)('%s is refused', (_what, select, says) => {
    expect(() => compiled({ select })).toThrow(SqlError);
    expect(() => compiled({ select })).toThrow(says);
  });

  it('is taken with both bounds, wherever they stand in the select that names the table', () => {
    const noted = 'left join base.note as n on n.buyer = p.buyer where (n._known_from <= p.seen_at) group by';
    expect(compiled({ select: SELECT.replace('group by', noted) }).reads).toEqual(['base.note', 'base.sale']);
  });
});
