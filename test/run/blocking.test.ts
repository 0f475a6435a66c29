import { describe, expect, test } from 'vitest';
import {
  append,
  atLeast,
  base,
  between,
  type Check,
  type CheckOptions,
  date,
  days,
  exposure,
  freshWithin,
  integer,
  mart,
  merge,
  oneOf,
  type Product,
  refersTo,
  replace,
  rowCount,
  text,
  unique,
} from '../../lib/contract/index.ts';
import { needsAttention } from '../../lib/run/index.ts';
import { checkResult, csv, fileResult, planTable, tableResult, Workshop } from '../support/run-lake.ts';
import { SALE, type ShopOptions, shopPlan, TOTAL_SQL } from '../support/run-shop.ts';

const HEADER = ['id', 'sold_on', 'amount', 'pieces', 'buyer'];
const DAY = '2024-06-28';
/** Sales `id:amount`, of one piece each. */
const sales = (...given: readonly string[]): string =>
  csv(
    HEADER,
    given.map((each) => {
      const [id = '', amount = '1'] = each.split(':');
      return [id, DAY, amount, '1', `${id} Smith`];
    }),
  );

const SHARE_SQL = `-- one row per as-of date: what a sale brings.
-- grain: as_of_date
select t.as_of_date, t.sales as sales
from mart.total as t
`;

/** A second product on the shop: what came back, and a mart on a mart. */
const returns = (...checks: readonly Check<'id' | 'sale_id'>[]): Product => ({
  name: 'returns',
  description: 'What came back.',
  datasets: [
    base({
      name: 'returned',
      product: 'returns',
      owner: 'shop',
      description: 'One row per return.',
      row: { id: text(), sale_id: text() },
      grain: ['id'],
      eventTime: null,
      write: merge(),
      checks,
    }),
    mart({
      name: 'share',
      product: 'returns',
      owner: 'shop',
      description: 'One row per as-of date.',
      row: { as_of_date: date(), sales: integer() },
      grain: ['as_of_date'],
      write: replace(),
    }),
  ],
  exposures: [
    exposure({
      name: 'shares',
      kind: 'report',
      product: 'returns',
      owner: 'shop',
      description: 'Shares.',
      reads: ['mart.share', 'mart.total'],
    }),
  ],
});

const shopWith = (options: ShopOptions = {}, ...checks: readonly Check<'id' | 'sale_id'>[]): Workshop =>
  new Workshop(shopPlan({ ...options, more: [returns(...checks)], sql: { 'mart/share.sql': SHARE_SQL } }));

const blocking: CheckOptions = { severity: 'blocking' };
const noLoss = (options: CheckOptions) => ({ checks: [atLeast('amount', 0, options)] });

describe('what a broken check does is said by its severity', () => {
  test.each([
    { severity: 'warn', verdict: 'warn', published: true, attention: false },
    { severity: 'fail', verdict: 'fail', published: true, attention: true },
    { severity: 'blocking', verdict: 'fail', published: false, attention: true },
  ] as const)('$severity', async ({ severity, verdict, published, attention }) => {
    const shop = shopWith(noLoss({ severity }));
    shop.put('sale/1.csv', sales('a:5', 'b:-1'));
    const report = await shop.run();
    expect(checkResult(report, 'base.sale', 'at_least(amount)')).toMatchObject({
      severity,
      verdict,
      failed: 1,
      total: 2,
    });
    expect(needsAttention(report.result)).toBe(attention);
    expect('base.sale' in (await shop.tables())).toBe(published);
    expect(report.findings.map((finding) => finding.check)).toContain('at_least(amount)');
  });
});

describe('a blocking check of a base table', () => {
  const returned = 'id,sale_id\nr1,a\n';

  test('keeps its last good version, forgets the files, and skips what depends on it; others go on', async () => {
    const shop = shopWith(noLoss(blocking));
    shop.put('sale/1.csv', sales('a:5'));
    await shop.run();
    const good = await shop.tables();
    shop.put('sale/2.csv', sales('b:7'));
    shop.put('sale/3.csv', sales('c:-1'));
    shop.put('returned/1.csv', returned);
    for (const attempt of ['first', 'again']) {
      const report = await shop.run();
      expect(fileResult(report, 'sale/1.csv').status).toBe('known');
      for (const path of ['sale/2.csv', 'sale/3.csv'])
        expect(fileResult(report, path)).toMatchObject({
          status: 'refused',
          rows: 0,
          reason: 'a blocking check of base.sale failed: its last good version stands',
        });
      expect(tableResult(report, 'base.sale')).toMatchObject({ read: 0, accepted: 0, rows: 1 });
      expect(tableResult(report, 'mart.total')).toMatchObject({ rows: 1 });
      expect(tableResult(report, 'base.returned')).toMatchObject({ read: attempt === 'first' ? 1 : 0, rows: 1 });
      expect(report.result.held).toEqual([
        { table: 'base.sale', because: 'a blocking check failed: its last good version stands' },
        { table: 'mart.total', because: 'it is skipped: it reads base.sale' },
        { table: 'mart.share', because: 'it is skipped: it reads mart.total' },
      ]);
      expect(needsAttention(report.result)).toBe(true);
      expect(await shop.tables()).toEqual({ ...good, 'base.returned': ['{"id":"r1","sale_id":"a"}'] });
      expect(await shop.query("select path from ops.file where dataset = 'sale'")).toEqual([{ path: 'sale/1.csv' }]);
    }
    shop.put('sale/3.csv', sales('c:1'));
    const mended = await shop.run();
    expect(checkResult(mended, 'base.sale', 'at_least(amount)')).toMatchObject({
      verdict: 'pass',
      failed: 0,
      total: 3,
    });
    expect(tableResult(mended, 'base.sale')).toMatchObject({ read: 2, accepted: 2, rows: 3 });
    expect(needsAttention(mended.result)).toBe(false);
    expect((await shop.tables())['mart.total']).toEqual(['{"as_of_date":"2024-06-30","sales":"3n","total":"13.00"}']);
    expect((await shop.run()).result.status).toBe('nothing_new');
  });

  test('passes again when the bad file is taken away: it speaks of the rows that stand', async () => {
    const shop = shopWith(noLoss(blocking));
    shop.put('sale/1.csv', sales('a:5'));
    await shop.run();
    shop.put('sale/2.csv', sales('b:-1'));
    await shop.run();
    shop.remove('sale/2.csv');
    const report = await shop.run();
    expect(checkResult(report, 'base.sale', 'at_least(amount)')).toMatchObject({
      verdict: 'pass',
      failed: 0,
      total: 1,
    });
    expect(needsAttention(report.result)).toBe(false);
    expect((await shop.run()).result.status).toBe('nothing_new');
  });

  test('in the very first run: there is no table yet, checks that refer to it are skipped, and the rest is published', async () => {
    const shop = shopWith(noLoss(blocking), refersTo('sale_id', 'sale'));
    shop.put('sale/1.csv', sales('a:-5'));
    shop.put('returned/1.csv', returned);
    const report = await shop.run();
    expect(Object.keys(await shop.tables())).toEqual(['base.returned']);
    expect(checkResult(report, 'base.returned', 'refers_to(sale_id, base.sale)')).toMatchObject({ verdict: 'skipped' });
    shop.put('sale/1.csv', sales('a:5'));
    const mended = await shop.run();
    expect(checkResult(mended, 'base.returned', 'refers_to(sale_id, base.sale)')).toMatchObject({
      verdict: 'pass',
      total: 1,
    });
    expect(tableResult(mended, 'mart.share')).toMatchObject({ rows: 1 });
  });

  test('judges references against what will stand: rows of a load that is held back do not count', async () => {
    const shop = shopWith(noLoss(blocking), refersTo('sale_id', 'sale', blocking));
    shop.put('sale/1.csv', sales('z:5'));
    await shop.run();
    shop.put('sale/2.csv', sales('a:1', 'b:-1'));
    shop.put('returned/1.csv', returned);
    const report = await shop.run();
    expect(checkResult(report, 'base.returned', 'refers_to(sale_id, base.sale)')).toMatchObject({
      verdict: 'fail',
      failed: 1,
    });
    expect(fileResult(report, 'returned/1.csv').status).toBe('refused');
    shop.put('sale/2.csv', sales('a:1', 'b:1'));
    const mended = await shop.run();
    expect(checkResult(mended, 'base.returned', 'refers_to(sale_id, base.sale)')).toMatchObject({ verdict: 'pass' });
    expect((await shop.tables())['base.returned']).toHaveLength(1);
  });

  test('a newcomer that beats a good row is judged in its place', async () => {
    const shop = shopWith(noLoss(blocking));
    shop.put('sale/1.csv', sales('a:5'));
    await shop.run();
    shop.put('sale/2.csv', sales('a:-5'));
    const report = await shop.run();
    expect(checkResult(report, 'base.sale', 'at_least(amount)')).toMatchObject({ failed: 1, total: 1 });
    expect(await shop.query('select amount from base.sale')).toEqual([{ amount: '5.00' }]);
  });

  test('a rebuild that breaks it keeps the old table, whatever the contract says now', async () => {
    const shop = shopWith();
    shop.put('sale/1.csv', sales('a:5', 'b:-1'));
    await shop.run();
    const good = await shop.tables();
    const strict = new Workshop(shopPlan(noLoss(blocking)), shop.folder);
    await strict.run({ rebuild: ['base.sale'] });
    expect(await shop.tables()).toEqual(good);
    const widened = new Workshop(
      shopPlan({ ...noLoss(blocking), row: { ...SALE, note: text().nullable() } }),
      shop.folder,
    );
    expect(needsAttention((await widened.run()).result)).toBe(true);
    expect(await shop.tables()).toEqual(good);
  });

  test('without any files there is nothing to crash on', async () => {
    const shop = shopWith({
      checks: [
        oneOf('id', ['a'], blocking),
        between('pieces', 0, 9, blocking),
        freshWithin(days(2), 'sold_on', { severity: 'fail' }),
        unique(['buyer'], blocking),
      ],
    });
    const report = await shop.run();
    expect(tableResult(report, 'base.sale')).toMatchObject({ read: 0, rows: 0 });
    expect(checkResult(report, 'base.sale', 'fresh(sold_on)')).toMatchObject({ verdict: 'fail', failed: 1, total: 1 });
    expect(checkResult(report, 'base.sale', 'one_of(id)')).toMatchObject({ verdict: 'pass', failed: 0, total: 0 });
  });

  test('blocking freshness of a table that never had a file: nothing is published, nothing crashes', async () => {
    const shop = shopWith({ checks: [freshWithin(days(2), 'sold_on', blocking)] });
    expect(checkResult(await shop.run(), 'base.sale', 'fresh(sold_on)').verdict).toBe('fail');
    shop.put('sale/1.csv', sales('a:5'));
    expect(checkResult(await shop.run(), 'base.sale', 'fresh(sold_on)').verdict).toBe('pass');
  });
});

describe('a blocking check of a mart', () => {
  test('keeps the last good answer and skips what reads it; the base tables go on', async () => {
    const shop = shopWith({ totalChecks: [between('total', 0, 100, blocking)] });
    shop.put('sale/1.csv', sales('a:5'));
    await shop.run();
    const good = await shop.tables();
    shop.put('sale/2.csv', sales('b:500'));
    const report = await shop.run();
    expect(checkResult(report, 'mart.total', 'between(total)')).toMatchObject({ verdict: 'fail', failed: 1, total: 1 });
    expect(needsAttention(report.result)).toBe(true);
    expect(fileResult(report, 'sale/2.csv').status).toBe('loaded');
    expect(report.result.held).toContainEqual({ table: 'mart.share', because: 'it is skipped: it reads mart.total' });
    const now = await shop.tables();
    expect(now['base.sale']).toHaveLength(2);
    expect([now['mart.total'], now['mart.share']]).toEqual([good['mart.total'], good['mart.share']]);
    // It is tried anew by every run, until its inputs allow it.
    expect(checkResult(await shop.run(), 'mart.total', 'between(total)').verdict).toBe('fail');
    shop.put('sale/3.csv', sales('c:-450'));
    const mended = await shop.run();
    expect(needsAttention(mended.result)).toBe(false);
    expect(await shop.query('select total from mart.total')).toEqual([{ total: '55.00' }]);
    expect(await shop.query('select sales from mart.share')).toEqual([{ sales: 3n }]);
  });

  test('every mart has one without asking: its key', async () => {
    const perSale = TOTAL_SQL.replace('where s.sold_on <= :as_of', 'where s.sold_on <= :as_of\ngroup by s.id');
    const shop = shopWith({ totalSql: perSale });
    shop.put('sale/1.csv', sales('a:5'));
    await shop.run();
    const good = await shop.tables();
    shop.put('sale/2.csv', sales('b:5'));
    const report = await shop.run();
    expect(checkResult(report, 'mart.total', 'unique(as_of_date)')).toMatchObject({
      severity: 'blocking',
      verdict: 'fail',
      failed: 1,
    });
    // The rows at fault are named, although they are not published.
    const one = { file: null, record: null, values: { as_of_date: '2024-06-30', sales: '1', total: '5.00' } };
    expect(report.findings.find((each) => each.check === 'unique(as_of_date)')?.offenders).toEqual([one, one]);
    expect((await shop.tables())['mart.total']).toEqual(good['mart.total']);
  });
});

describe('thresholds at the edge', () => {
  /** Sales of which the first `bad` have a negative amount. */
  const some = (count: number, bad: number) =>
    sales(...Array.from({ length: count }, (_, at) => `s${at}:${at < bad ? '-1' : '1'}`));

  test.each([
    { tolerate: { rows: 0 }, bad: 0, of: 3, verdict: 'pass' },
    { tolerate: { rows: 0 }, bad: 1, of: 3, verdict: 'warn' },
    { tolerate: { rows: 2 }, bad: 2, of: 3, verdict: 'pass' },
    { tolerate: { rows: 2 }, bad: 3, of: 3, verdict: 'warn' },
    { tolerate: { share: 0.5 }, bad: 2, of: 4, verdict: 'pass' },
    { tolerate: { share: 0.5 }, bad: 3, of: 4, verdict: 'warn' },
    // 0.29 * 100 is 28.999…: the edge itself is within.
    { tolerate: { share: 0.29 }, bad: 29, of: 100, verdict: 'pass' },
    { tolerate: { share: 0.29 }, bad: 30, of: 100, verdict: 'warn' },
    { tolerate: { share: 0 }, bad: 1, of: 100, verdict: 'warn' },
    { tolerate: { share: 1 }, bad: 4, of: 4, verdict: 'pass' },
  ] as const)('$bad of $of against $tolerate: $verdict', async ({ tolerate, bad, of, verdict }) => {
    const shop = new Workshop(shopPlan(noLoss({ tolerate })));
    shop.put('sale/1.csv', some(of, bad));
    expect(checkResult(await shop.run({ only: ['base.sale'] }), 'base.sale', 'at_least(amount)')).toMatchObject({
      verdict,
      failed: bad,
      total: of,
    });
  });

  test.each([
    { check: atLeast('amount', 2), name: 'at_least(amount)', failed: 1 },
    { check: between('amount', 1, 2), name: 'between(amount)', failed: 1 },
    { check: oneOf('buyer', ['a Smith', "b O'Neil"]), name: 'one_of(buyer)', failed: 2 },
    { check: rowCount(3), name: 'row_count', failed: 0 },
    { check: rowCount(4), name: 'row_count', failed: 1 },
    { check: rowCount(0, 3), name: 'row_count', failed: 0 },
    { check: rowCount(0, 2), name: 'row_count', failed: 1 },
    { check: unique(['sold_on']), name: 'unique(sold_on)', failed: 1 },
    { check: unique(['sold_on', 'amount']), name: 'unique(sold_on, amount)', failed: 0 },
    { check: freshWithin(days(2), 'sold_on'), name: 'fresh(sold_on)', failed: 0 },
    { check: freshWithin(days(1), 'sold_on'), name: 'fresh(sold_on)', failed: 1 },
    { check: freshWithin(days(3)), name: 'fresh', failed: 0 },
    { check: freshWithin(days(2)), name: 'fresh', failed: 1 },
  ])('amounts 1, 2 and 3 on one day, two days ago: $name fails $failed', async ({ check, name, failed }) => {
    const shop = new Workshop(shopPlan({ checks: [check] }));
    shop.put('sale/dt=2024-06-27/1.csv', sales('a:1', 'b:2', 'c:3'));
    expect(checkResult(await shop.run({ only: ['base.sale'] }), 'base.sale', name)).toMatchObject({ failed });
  });

  test('a null satisfies a check; whether a value may be missing is the column’s', async () => {
    const shop = new Workshop(shopPlan({ checks: [oneOf('buyer', ['Ann'])] }));
    shop.put('sale/1.csv', csv(HEADER, [['a', DAY, '1', '1', null]]));
    expect(checkResult(await shop.run({ only: ['base.sale'] }), 'base.sale', 'one_of(buyer)')).toMatchObject({
      failed: 0,
      total: 1,
    });
  });
});

describe('a finding', () => {
  test('names the rule, the numbers, three rows with file and record, and what it reaches by which paths; people are masked', async () => {
    const row = { ...SALE, buyer: text().nullable().personal('direct'), sold_on: date().personal('indirect') };
    const shop = shopWith({ row, ...noLoss({ severity: 'fail' }) });
    shop.put('sale/one.csv', sales('e:-5', 'b:2', 'd:-4'));
    shop.put('sale/two.csv', sales('c:-3', 'a:-1', 'f:-6'));
    const report = await shop.run();
    const finding = report.findings.find((each) => each.check === 'at_least(amount)');
    const offender = (id: string, amount: string, file: string, record: number) => ({
      file,
      record,
      values: { id, amount, pieces: '1', sold_on: '2***', buyer: '***' },
    });
    expect(finding).toEqual({
      table: 'base.sale',
      check: 'at_least(amount)',
      says: 'amount is at least 0',
      severity: 'fail',
      verdict: 'fail',
      failed: 5,
      total: 6,
      offenders: [
        offender('a', '-1.00', 'sale/two.csv', 2),
        offender('c', '-3.00', 'sale/two.csv', 1),
        offender('d', '-4.00', 'sale/one.csv', 3),
      ],
      reaches: expect.any(Array),
    });
    const reached = [...(finding?.reaches ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(reached).toEqual([
      { name: 'export.sales', paths: '1', via: ['base.sale', 'mart.total', 'export.sales'] },
      { name: 'mart.share', paths: '1', via: ['base.sale', 'mart.total', 'mart.share'] },
      { name: 'mart.total', paths: '1', via: ['base.sale', 'mart.total'] },
      { name: 'report.shares', paths: '2', via: ['base.sale', 'mart.total', 'mart.share', 'report.shares'] },
    ]);
    // The ledger keeps it for those who were not there.
    const [kept] = await shop.query(`select finding from ops."check" where check_name = 'at_least(amount)'`);
    expect(JSON.parse(String(kept?.finding))).toMatchObject({ ...finding });
    expect(String(kept?.finding)).not.toContain('Smith');
  });

  test('of a key without a deciding version names it, file and record, in every run until a later version decides', async () => {
    const row = { ...SALE, id: text().personal('direct') };
    const shop = new Workshop(shopPlan({ row, write: append('pieces') }));
    const line = (id: string, buyer: string, version: number) => csv(HEADER, [[id, DAY, '5', String(version), buyer]]);
    shop.put('sale/1.csv', line('anna', 'x', 1) + line('bert', 'x', 1).split('\n')[1]);
    shop.put('sale/2.csv', line('anna', 'a', 1));
    const first = await shop.run();
    const contested = { failed: 1, total: 2, verdict: 'warn' };
    expect(checkResult(first, 'base.sale', 'one_claim(id)')).toMatchObject(contested);
    expect(first.findings.find((each) => each.check === 'one_claim(id)')?.offenders).toEqual([
      { file: 'sale/1.csv', record: 1, values: { id: '***' } },
    ]);
    shop.put('sale/3.csv', line('carl', 'x', 1));
    const unrelated = await shop.run();
    expect(checkResult(unrelated, 'base.sale', 'one_claim(id)')).toMatchObject({ ...contested, total: 3 });
    shop.put('sale/4.csv', line('anna', 'y', 2));
    expect(checkResult(await shop.run(), 'base.sale', 'one_claim(id)')).toMatchObject({ failed: 0, verdict: 'pass' });
    expect(await shop.query('select * from ops.contested')).toEqual([]);
  });

  test.each([
    [rowCount(1), 'the table has at least 1 row'],
    [rowCount(2), 'the table has at least 2 rows'],
    [rowCount(0, 3), 'the table has 0 to 3 rows'],
  ])('of a number of rows says so: $1', (check, says) => {
    const { checks } = planTable(shopPlan({ checks: [check] }), 'base.sale');
    expect(checks.find(({ name }) => name === 'row_count')?.says).toBe(says);
  });

  test('of a reference names the orphans', async () => {
    const shop = shopWith({}, refersTo('sale_id', 'sale'));
    shop.put('sale/1.csv', sales('a:1'));
    shop.put('returned/1.csv', 'id,sale_id\nr1,a\nr2,nowhere\n');
    const report = await shop.run();
    expect(report.findings.find((each) => each.table === 'base.returned')).toMatchObject({
      says: 'sale_id is known in base.sale',
      failed: 1,
      total: 2,
      offenders: [{ file: 'returned/1.csv', record: 2, values: { id: 'r2', sale_id: 'nowhere' } }],
    });
  });

  test('of columns that tell no two rows apart names the rows that share them, those of one key together, null last', async () => {
    const row = { ...SALE, n: integer().nullable() };
    const shop = new Workshop(shopPlan({ row, checks: [unique(['n'])] }));
    const lines = (...given: readonly (readonly [id: string, n: string | null])[]) =>
      csv(
        [...HEADER, 'n'],
        given.map(([id, n]) => [id, DAY, '1', '1', 'Ann', n]),
      );
    shop.put('sale/1.csv', lines(['d', null], ['c', '2'], ['b', '1']));
    shop.put('sale/2.csv', lines(['a', '1'], ['f', '7'], ['e', null]));
    const report = await shop.run();
    const offender = (file: string, record: number, id: string, n: string | null) => ({
      file,
      record,
      values: expect.objectContaining({ id, n, buyer: '***' }),
    });
    expect(report.findings.find((each) => each.check === 'unique(n)')).toMatchObject({
      says: 'no two rows share n',
      failed: 2,
      total: 4,
      offenders: [
        offender('sale/2.csv', 1, 'a', '1'),
        offender('sale/1.csv', 3, 'b', '1'),
        offender('sale/1.csv', 1, 'd', null),
      ],
    });
  });

  test('stands until rows, as-of date or check change: a later run with nothing new repeats it', async () => {
    const shop = shopWith(noLoss({ severity: 'fail' }));
    shop.put('sale/1.csv', sales('a:-1'));
    const first = await shop.run();
    const again = await shop.run();
    expect(again.result.status).toBe('nothing_new');
    expect(again.findings).toEqual(first.findings);
    expect(needsAttention(again.result)).toBe(true);
  });
});
