import { describe, expect, test } from 'vitest';
import {
  append,
  atLeast,
  base,
  between,
  type Column,
  type Columns,
  date,
  decimal,
  identity,
  instant,
  integer,
  merge,
  type Product,
  rowCount,
  text,
} from '../../lib/contract/index.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { needsAttention, RunFailedError, type RunReport } from '../../lib/run/index.ts';
import { preview } from '../../lib/run/preview.ts';
import { lakeStatus } from '../../lib/run/status.ts';
import { ChangeRefusedError } from '../../lib/run/work.ts';
import { checkResult, csv, fileResult, tableResult, Workshop } from '../support/run-lake.ts';
import { SALE, type ShopOptions, shopPlan, TOTAL_SQL } from '../support/run-shop.ts';

const HEADER = ['id', 'sold_on', 'amount', 'pieces', 'buyer', 'note', 'colour'];
/** Two plain sales; one too dear for decimal(12,2); one with more pieces than 64 bits; one without a day; one of many pieces. */
const SALES = csv(HEADER, [
  ['a', '2024-01-10', '10.00', '1', 'Ann', 'gift', 'red'],
  ['b', '2024-02-10', '20.50', '2', 'Bob', null, 'blue'],
  ['dear', '2024-02-11', '12345678901.25', '3', null, null, 'red'],
  ['many', '2024-02-12', '1.00', '12345678901234567890', null, null, 'red'],
  ['undated', null, '1.00', '1', null, null, 'red'],
  ['lots', '2024-02-13', '1.00', '500', null, null, 'red'],
]);
const JANUARY = '2024-01-31';
const MARCH = '2024-03-31';

/** The same lake and raw zone under another plan. */
const under = (plan: Plan, shop: Workshop): Workshop => new Workshop(plan, shop.folder);

/** A lake with an answer for two as-of dates. */
async function made(options: ShopOptions = {}): Promise<Workshop> {
  const shop = new Workshop(shopPlan(options));
  shop.put('sale/1.csv', SALES);
  await shop.run({ asOf: JANUARY });
  await shop.run({ asOf: MARCH });
  return shop;
}

/** What a lake made from nothing by this plan holds, for the same as-of dates. */
async function fromNothing(plan: Plan): Promise<Record<string, string[]>> {
  const shop = new Workshop(plan);
  shop.put('sale/1.csv', SALES);
  await shop.run({ asOf: JANUARY });
  await shop.run({ asOf: MARCH });
  return shop.tables();
}

const quarantinedIds = async (shop: Workshop): Promise<string[]> => {
  const rows = await shop.query('select raw from ops.quarantine order by record');
  return rows.map((row) => (JSON.parse(String(row.raw)) as { id: string }).id);
};

async function failureOf(run: Promise<unknown>): Promise<RunFailedError> {
  const thrown = await run.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(RunFailedError);
  return thrown as RunFailedError;
}

const row = (change: Readonly<Record<string, Column>>) => ({ row: { ...SALE, ...change } });
const DIRTY = ['dear', 'many', 'undated'];

describe('a change that loses nothing is seen, shown, and rebuilt from raw', () => {
  interface Case {
    readonly what: string;
    readonly before?: ShopOptions;
    readonly after: ShopOptions;
    readonly says: string;
    readonly refused: readonly string[];
  }
  const cases: readonly Case[] = [
    {
      what: 'a column added',
      after: row({ note: text().nullable() }),
      says: 'column note added (text)',
      refused: DIRTY,
    },
    {
      what: 'a required column added that every file has',
      after: row({ colour: text() }),
      says: 'column colour added (text)',
      refused: DIRTY,
    },
    {
      what: 'a decimal widened',
      after: row({ amount: decimal(14, 2) }),
      says: 'amount widened from decimal(12,2) to decimal(14,2)',
      refused: ['many', 'undated'],
    },
    {
      what: 'a decimal with more places',
      after: row({ amount: decimal(13, 3) }),
      says: 'amount widened from decimal(12,2) to decimal(13,3)',
      refused: DIRTY,
    },
    {
      what: 'an integer made a decimal',
      after: row({ pieces: decimal(20, 0) }),
      says: 'pieces widened from integer to decimal(20,0)',
      refused: ['dear', 'undated'],
    },
    {
      what: 'a column made optional',
      after: row({ sold_on: date().nullable() }),
      says: 'sold_on made optional',
      refused: ['dear', 'many'],
    },
    {
      what: 'a rule added',
      after: { rules: [between('pieces', 0, 100)] },
      says: 'its rules changed',
      refused: [...DIRTY, 'lots'],
    },
    {
      what: 'a rule removed',
      before: { rules: [between('pieces', 0, 100)] },
      after: {},
      says: 'its rules changed',
      refused: DIRTY,
    },
    {
      what: 'a rule changed',
      before: { rules: [between('pieces', 0, 100)] },
      after: { rules: [between('pieces', 2, 1000)] },
      says: 'its rules changed',
      refused: ['a', 'dear', 'many', 'undated'],
    },
    {
      what: 'a value taken from another place',
      after: row({ buyer: text().nullable().from('note') }),
      says: 'its rules changed',
      refused: DIRTY,
    },
    {
      what: 'columns reordered',
      after: { row: Object.fromEntries(Object.entries(SALE).reverse()) },
      says: 'columns reordered',
      refused: DIRTY,
    },
  ];

  test.each(cases)('$what', async ({ before = {}, after, says, refused }) => {
    const old = await made(before);
    const shop = under(shopPlan(after), old);
    const planned = await preview(shop.lake, shop.request({ asOf: MARCH }));
    expect(planned.tables).toMatchObject([
      {
        table: 'base.sale',
        action: 'rebuild',
        because: [says],
        new_files: 0,
        read_by: ['export.sales', 'mart.total'],
      },
      { table: 'mart.total', action: 'build', because: ['base.sale changed'] },
    ]);
    const report = await shop.run({ asOf: MARCH });
    expect(report.result.status).toBe('ok');
    expect(report.notes).toContain(`base.sale is made anew: ${says}`);
    expect(tableResult(report, 'base.sale')).toMatchObject({
      read: 6,
      accepted: 6 - refused.length,
      quarantined: refused.length,
    });
    expect(await quarantinedIds(shop)).toEqual(refused);
    const fresh = await fromNothing(shop.plan);
    expect((await shop.tables())['base.sale']).toEqual(fresh['base.sale']);
    expect((await shop.tables())['mart.total']).toEqual(expect.arrayContaining(fresh['mart.total']?.slice(1) ?? []));
    expect((await shop.run({ asOf: MARCH })).result.status).toBe('nothing_new');
    expect((await preview(shop.lake, shop.request({ asOf: MARCH }))).tables).toEqual([]);
  });
});

describe('a model that changes', () => {
  test('is computed anew for every as-of date that was ever answered, and nothing else is', async () => {
    const old = await made();
    const shop = under(shopPlan({ totalSql: TOTAL_SQL.replace('count(*)', 'count(*) * 10') }), old);
    expect((await preview(shop.lake, shop.request({ asOf: MARCH }))).tables).toMatchObject([
      { table: 'mart.total', action: 'rebuild', because: ['its SQL changed'], read_by: ['export.sales'] },
    ]);
    const report = await shop.run({ asOf: MARCH });
    expect(report.result.files.map((file) => file.status)).toEqual(['known']);
    expect(await shop.query('select as_of_date, sales, total from mart.total order by 1')).toEqual([
      { as_of_date: JANUARY, sales: 10n, total: '10.00' },
      { as_of_date: MARCH, sales: 30n, total: '31.50' },
    ]);
    expect((await shop.run({ asOf: MARCH })).result.status).toBe('nothing_new');
  });

  test('with a column more: the earlier answers have it too', async () => {
    const old = await made();
    const totalRow = { as_of_date: date(), sales: integer(), pieces: integer() };
    const totalSql = TOTAL_SQL.replace(
      'cast(coalesce(sum(s.amount), 0) as decimal(38, 2)) as total',
      'cast(sum(s.pieces) as bigint) as pieces',
    );
    const dropping = under(shopPlan({ totalRow, totalSql }), old);
    expect((await failureOf(dropping.run({ asOf: MARCH }))).cause).toBeInstanceOf(ChangeRefusedError);
    await dropping.run({ asOf: MARCH, rebuild: ['mart.total'] });
    expect(await dropping.query('select as_of_date, pieces from mart.total order by 1')).toEqual([
      { as_of_date: JANUARY, pieces: 1n },
      { as_of_date: MARCH, pieces: 503n },
    ]);
  });
});

describe('the answer for an as-of date', () => {
  const perBuyer: ShopOptions = {
    totalSql: `-- one row per as-of date: the last buyer until then, if any sale is known.
-- grain: as_of_date
select :as_of as as_of_date, count(*) as sales, cast(sum(s.amount) as decimal(38, 2)) as total
from base.sale as s
where s.sold_on <= :as_of
having count(*) > 0
`,
  };

  test('that has no rows any more leaves none behind; those of other dates stand', async () => {
    const old = await made(perBuyer);
    expect(await old.query('select as_of_date, sales from mart.total order by 1')).toMatchObject([
      { sales: 1n },
      { sales: 3n },
    ]);
    const shop = under(shopPlan({ ...perBuyer, rules: [atLeast('pieces', 1000)] }), old);
    await shop.run({ asOf: MARCH });
    expect(await shop.query('select as_of_date, sales from mart.total order by 1')).toEqual([
      { as_of_date: JANUARY, sales: 1n },
    ]);
  });
});

describe('checks that change are measured anew, and no table is rebuilt', () => {
  interface Case {
    readonly what: string;
    readonly before: ShopOptions;
    readonly after: ShopOptions;
    readonly table: 'base.sale' | 'mart.total';
    readonly check: string;
    readonly says: string;
    readonly expected: object;
  }
  const sums = (right: string) =>
    identity('adds_up', 'it adds up', 'select cast(1 as bigint) as total', right, { severity: 'fail' });
  const cases: readonly Case[] = [
    {
      what: 'a check added',
      before: {},
      after: { checks: [atLeast('pieces', 2)] },
      table: 'base.sale',
      check: 'at_least(pieces)',
      says: 'check at_least(pieces) is new',
      expected: { verdict: 'warn', failed: 1, total: 3 },
    },
    {
      what: 'a threshold changed',
      before: { checks: [atLeast('pieces', 2)] },
      after: { checks: [atLeast('pieces', 3)] },
      table: 'base.sale',
      check: 'at_least(pieces)',
      says: 'check at_least(pieces) changed',
      expected: { verdict: 'warn', failed: 2 },
    },
    {
      what: 'a severity changed',
      before: { checks: [atLeast('pieces', 2)] },
      after: { checks: [atLeast('pieces', 2, { severity: 'fail' })] },
      table: 'base.sale',
      check: 'at_least(pieces)',
      says: 'check at_least(pieces) changed',
      expected: { verdict: 'fail', severity: 'fail', failed: 1 },
    },
    {
      what: 'a tolerance changed',
      before: { checks: [atLeast('pieces', 2)] },
      after: { checks: [atLeast('pieces', 2, { tolerate: { rows: 1 } })] },
      table: 'base.sale',
      check: 'at_least(pieces)',
      says: 'check at_least(pieces) changed',
      expected: { verdict: 'pass', failed: 1 },
    },
    {
      what: 'the SQL of an identity changed, not its words',
      before: { totalChecks: [sums('select cast(1 as bigint) as total')] },
      after: { totalChecks: [sums('select cast(2 as bigint) as total')] },
      table: 'mart.total',
      check: 'adds_up',
      says: 'check adds_up changed',
      expected: { verdict: 'fail', failed: 1 },
    },
  ];

  test.each(cases)('$what', async ({ before, after, table, check, says, expected }) => {
    const old = await made(before);
    const changedIn = () => old.query('select table_name, changed_in from ops.made order by 1');
    const stood = await changedIn();
    const shop = under(shopPlan(after), old);
    expect((await preview(shop.lake, shop.request({ asOf: MARCH }))).tables).toMatchObject([
      { table, action: 'check', because: [says] },
    ]);
    const report = await shop.run({ asOf: MARCH });
    expect(checkResult(report, table, check)).toMatchObject(expected);
    expect(await changedIn()).toEqual(stood);
    expect((await shop.run({ asOf: MARCH })).result.status).toBe('nothing_new');
    expect(checkResult(await shop.run({ asOf: MARCH }), table, check)).toMatchObject(expected);
  });

  test('a check removed is no longer reported, nor broken in status', async () => {
    const old = await made({ checks: [rowCount(100, null, { severity: 'fail' })] });
    expect(await lakeStatus(old.lake, old.plan)).toMatchObject({ broken: [{ check: 'row_count' }] });
    const shop = under(shopPlan(), old);
    const report = await shop.run({ asOf: MARCH });
    expect(report.result.status).toBe('nothing_new');
    expect(report.result.checks.map((check) => check.check)).not.toContain('row_count');
    expect(await lakeStatus(shop.lake, shop.plan)).toMatchObject({ broken: [] });
  });
});

describe('a change that would lose something is refused with the way out', () => {
  interface Case {
    readonly what: string;
    readonly before?: ShopOptions;
    readonly after: ShopOptions;
    readonly says: string;
  }
  const { buyer: _, ...unsold } = SALE;
  const cases: readonly Case[] = [
    {
      what: 'a decimal narrowed',
      after: row({ amount: decimal(10, 2) }),
      says: 'amount narrowed from decimal(12,2) to decimal(10,2)',
    },
    {
      what: 'a decimal with fewer digits before the point',
      after: row({ amount: decimal(12, 3) }),
      says: 'amount changed from decimal(12,2) to decimal(12,3)',
    },
    {
      what: 'a decimal made an integer',
      after: row({ amount: integer() }),
      says: 'amount changed from decimal(12,2) to integer',
    },
    { what: 'text made a date', after: row({ buyer: date().nullable() }), says: 'buyer changed from text to date' },
    // A rebuild reads the raw files again, where a day is not written as a time and a JSON number is no text.
    {
      what: 'a date made a timestamp',
      after: row({ sold_on: instant() }),
      says: 'sold_on changed from date to timestamp',
    },
    {
      what: 'a number made text',
      after: row({ pieces: text() }),
      says: 'pieces changed from integer to text',
    },
    { what: 'a column removed', after: { row: unsold }, says: 'column buyer removed' },
    { what: 'a column made required', after: row({ buyer: text() }), says: 'buyer made required' },
    { what: 'another key', after: { grain: ['id', 'sold_on'] }, says: 'key changed from (id) to (id, sold_on)' },
    { what: 'another write policy', after: { write: merge('sold_on') }, says: 'write policy changed' },
    {
      what: 'another source',
      before: { source: 'sale' },
      after: { source: 'shop_sale' },
      says: 'source changed from raw.sale to raw.shop_sale',
    },
  ];

  test.each(cases)('$what', async ({ what, before = {}, after, says }) => {
    const old = await made(before);
    const stood = await old.tables();
    const shop = under(shopPlan(after), old);
    if (what === 'another source') shop.put('shop_sale/1.csv', SALES);
    const planned = await preview(shop.lake, shop.request({ asOf: MARCH }));
    expect(planned.tables[0]).toMatchObject({ table: 'base.sale', action: 'refused' });
    expect(planned.tables[0]?.because.join()).toContain(says);
    const error = await failureOf(shop.run({ asOf: MARCH }));
    expect(error.cause).toBeInstanceOf(ChangeRefusedError);
    expect(error.message).toContain(`base.sale: ${says}`);
    expect(error.message).toContain('lakehouse run --rebuild base.sale');
    expect(await old.tables()).toEqual(stood);

    const report = await shop.run({ asOf: MARCH, rebuild: ['base.sale'] });
    expect(report.result.status).toBe('ok');
    const fresh = await fromNothing2(shop.plan, what === 'another source' ? 'shop_sale' : 'sale');
    expect((await shop.tables())['base.sale']).toEqual(fresh['base.sale']);
    expect((await shop.run({ asOf: MARCH })).result.status).toBe('nothing_new');
  });

  async function fromNothing2(plan: Plan, folder: string): Promise<Record<string, string[]>> {
    const shop = new Workshop(plan);
    shop.put(`${folder}/1.csv`, SALES);
    await shop.run({ asOf: MARCH });
    return shop.tables();
  }

  test('several at once are all named, and a safe change beside them waits', async () => {
    const old = await made();
    const shop = under(
      shopPlan({ row: unsold, totalRow: { as_of_date: date(), sales: integer(), total: decimal(20, 2) } }),
      old,
    );
    const error = await failureOf(shop.run({ asOf: MARCH }));
    expect(error.message).toContain('base.sale: column buyer removed');
    expect(error.message).toContain('mart.total: total narrowed from decimal(38,2) to decimal(20,2)');
    expect(error.message).toContain('--rebuild base.sale mart.total');
  });
});

describe('a table that must be made anew while its raw files are not all there', () => {
  const other: Product = {
    name: 'parcels',
    description: 'Parcels.',
    datasets: [
      base<Columns>({
        name: 'parcel',
        product: 'parcels',
        owner: 'parcels',
        description: 'One row per parcel.',
        row: { id: text() },
        grain: ['id'],
        eventTime: null,
        write: append(),
      }),
    ],
    exposures: [],
  };
  const before = shopPlan({ more: [other] });
  const after = shopPlan({ ...row({ note: text().nullable() }), more: [other] });
  const LATER = csv(HEADER, [['z', '2024-03-01', '1.00', '1', null, null, null]]);
  const heldOf = ({ result }: RunReport) =>
    Object.fromEntries((result.held ?? []).map((each) => [each.table, each.because]));

  /** A lake whose sales must be made anew by `after`, with a parcel yet to be taken. */
  async function due(): Promise<{ shop: Workshop; stood: Record<string, string[]> }> {
    const old = new Workshop(before);
    old.put('sale/1.csv', SALES);
    await old.run({ asOf: MARCH });
    const shop = under(after, old);
    shop.put('parcel/1.csv', 'id\np\n');
    return { shop, stood: await old.tables() };
  }

  test.each([
    { what: 'gone', lose: (shop: Workshop) => shop.remove('sale/1.csv') },
    { what: 'overwritten', lose: (shop: Workshop) => shop.put('sale/1.csv', LATER) },
  ])('a file that is $what: only the table and what reads it are held; plan foresees it', async ({ lose }) => {
    const { shop, stood } = await due();
    lose(shop);
    shop.put('sale/2.csv', LATER.replace('z,', 'y,'));
    const planned = await preview(shop.lake, shop.request({ asOf: MARCH }));
    expect(planned.tables.map(({ table, action }) => [table, action])).toEqual([
      ['base.parcel', 'load'],
      ['base.sale', 'held'],
      ['mart.total', 'held'],
    ]);
    const report = await shop.run({ asOf: MARCH });
    expect(report.result.status).toBe('ok');
    expect(heldOf(report)).toEqual({
      'base.sale': expect.stringContaining('no longer in the raw zone: sale/1.csv; bring them back'),
      'mart.total': 'it is skipped: it reads base.sale',
    });
    expect(needsAttention(report.result)).toBe(true);
    expect(fileResult(report, 'sale/2.csv')).toMatchObject({
      status: 'refused',
      reason: 'it waits: base.sale is held',
    });
    const now = await shop.query('select id from base.parcel');
    expect(now).toEqual([{ id: 'p' }]);
    expect(await under(before, shop).tables()).toEqual({ ...stood, 'base.parcel': ['{"id":"p"}'] });
  });

  test('it stands in status until the file is back, by any name; a run that changes nothing writes nothing', async () => {
    const { shop } = await due();
    shop.remove('sale/1.csv');
    await shop.run({ asOf: MARCH });
    const again = await shop.run({ asOf: MARCH });
    expect(again.result.status).toBe('nothing_new');
    expect(Object.keys(heldOf(again))).toEqual(['base.sale', 'mart.total']);
    expect(await shop.query('select count(*) as n from ops.run')).toEqual([{ n: 2n }]);
    expect(await lakeStatus(shop.lake, after)).toMatchObject({
      tables: expect.arrayContaining([
        expect.objectContaining({ name: 'base.sale', held: expect.stringContaining('sale/1.csv') }),
        expect.objectContaining({ name: 'base.parcel', held: null }),
      ]),
    });
    shop.put('sale/dt=2024-03-02/renamed.csv', SALES);
    expect((await preview(shop.lake, shop.request({ asOf: MARCH }))).tables[0]).toMatchObject({ action: 'rebuild' });
    const report = await shop.run({ asOf: MARCH });
    expect(tableResult(report, 'base.sale')).toMatchObject({ read: 6, accepted: 3 });
    expect(report.result.held).toBeUndefined();
    expect(await shop.query('select * from ops.held')).toEqual([]);
  });

  test('a file that the new contract refuses is named with the reason, not called missing', async () => {
    const old = new Workshop(shopPlan());
    old.put('sale/1.csv', 'id,sold_on,amount,pieces\na,2024-01-10,10.00,1\n');
    await old.run({ asOf: MARCH });
    const shop = under(shopPlan(row({ colour: text() })), old);
    const because = heldOf(await shop.run({ asOf: MARCH }))['base.sale'];
    expect(because).toMatch(
      /refused by its contract as it is now: sale\/1\.csv \(missing_column: required columns are missing: colour/,
    );
    expect(because).not.toContain('no longer in the raw zone');
    const optional = under(shopPlan(row({ colour: text().nullable() })), old);
    expect((await optional.run({ asOf: MARCH })).result.status).toBe('ok');
  });

  test('a rebuild asked for without a change does the same work and gives the same tables', async () => {
    const shop = await made({ write: append() });
    const stood = await shop.tables();
    const report = await shop.run({ asOf: MARCH, rebuild: ['shop'] });
    expect(tableResult(report, 'base.sale')).toMatchObject({ read: 6, accepted: 3, quarantined: 3 });
    expect(await shop.tables()).toEqual(stood);
    expect(await shop.query('select count(*) as n from ops.quarantine')).toEqual([{ n: 3n }]);
    expect(await shop.query('select count(*) as n from ops.file')).toEqual([{ n: 1n }]);
  });
});
