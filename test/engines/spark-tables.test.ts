import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { atLeast, days, freshWithin, merge, month, text } from '../../lib/contract/index.ts';
import { csv, tempFolder } from '../support/run-lake.ts';
import { SALE, shopPlan } from '../support/run-shop.ts';
import { SparkSession } from './spark-session.ts';
import { TwinShop } from './spark-shop.ts';

vi.setConfig({ testTimeout: 900_000 });

const MARCH = { asOf: '2024-03-31' };
const HEADER = ['id', 'sold_on', 'amount', 'pieces', 'buyer'];
/** Sales `id:day:amount`. */
const sales = (...given: readonly string[]): string =>
  csv(
    HEADER,
    given.map((each) => {
      const [id = '', day = '', amount = '1'] = each.split(':');
      return [id, `2024-${day}`, amount, '1', null];
    }),
  );

let spark: SparkSession;
beforeAll(async () => {
  spark = await SparkSession.open(tempFolder());
});
afterAll(() => spark.close());

/** The data files of a table that stand, in an order. */
const filesOf = async (table: string, order = 'file_path'): Promise<readonly string[]> =>
  (await spark.rows(`select file_path from ${table}.files order by ${order}`)).map(({ file_path }) =>
    String(file_path).replace(/^file:/, ''),
  );

describe('a table that is compacted while a run is under way', () => {
  const compacted = (table: string) =>
    `call lake.system.rewrite_data_files(table => '${table}', options => map('rewrite-all', 'true'))`;
  const expired = (table: string) =>
    `call lake.system.expire_snapshots(table => '${table}', older_than => timestamp '9999-01-01 00:00:00', retain_last => 1)`;

  test.each([
    ['after the run wrote rows to its branch', /^base.sale: /],
    ['just before it is published', /^publishing/],
  ])('has the rows of the run, and those of before: %s', async (_, when) => {
    const shop = new TwinShop(spark, shopPlan());
    shop.put('sale/1.csv', sales('a:01-10', 'b:01-10', 'c:01-11'));
    await shop.runSpark(MARCH);
    // One key is won anew, so that a file of before is rewritten by both.
    shop.put('sale/2.csv', sales('d:02-01', 'b:01-09:0.50'));
    await shop.runSpark(MARCH, [], { when, query: compacted(shop.at('base.sale')) });
    const operations = await spark.rows(
      `select operation from ${shop.at('base.sale')}.snapshots order by committed_at`,
    );
    expect(operations).toContainEqual({ operation: 'replace' });
    await shop.runDuckDb(MARCH);
    await shop.expectSameRows();
    // The lost compaction goes with its own files, and takes none of those that it replaced.
    await spark.rows(expired(shop.at('base.sale')));
    await shop.expectSameRows();
  });

  test('is completed with the rows of a run that was killed behind its commit point', async () => {
    const shop = new TwinShop(spark, shopPlan());
    shop.put('sale/1.csv', sales('a:01-10', 'b:01-10'));
    await shop.runSpark(MARCH);
    const [table, left] = [shop.at('base.sale'), 'run_11111111'];
    await spark.rows(`alter table ${table} create branch ${left}`);
    await spark.rows(`delete from ${table}.branch_${left} where id = 'a'`);
    const noted = "'11111111' as run_id, started_at, seconds, status, as_of, error, result";
    await spark.rows(`insert into ${shop.at('ops.run')} select ${noted} from ${shop.at('ops.run')}`);
    await spark.rows(compacted(table));
    await shop.runSpark(MARCH);
    await spark.rows(expired(table));
    expect(await spark.rows(`select id from ${table}`)).toEqual([{ id: 'b' }]);
  });
});

test('old snapshots of the ledger are expired with the files that only they had, and what it says stays', async () => {
  const shop = new TwinShop(spark, shopPlan());
  const count = async (of: string) =>
    Number((await spark.rows(`select count(*) as n from ${shop.at('ops.')}${of}`))[0]?.n);
  const dataFiles = (): readonly string[] => readdirSync(join(spark.warehouse, `${shop.prefix}ops`, 'made', 'data'));
  shop.put('sale/a.csv', sales('a:01-10'));
  await shop.runSpark(MARCH);
  const before = dataFiles();
  shop.put('sale/b.csv', sales('b:01-10'));
  await shop.runSpark(MARCH);
  expect(await count('made.snapshots')).toBeGreaterThan(1);
  expect(dataFiles()).toEqual(expect.arrayContaining([...before]));
  shop.put('sale/c.csv', sales('c:01-10'));
  await shop.runSpark(MARCH, ['--snapshot_days', '0']);
  for (const table of ['run', 'file', 'step', 'made']) expect(await count(`${table}.snapshots`), table).toBe(1);
  expect(dataFiles().filter((name) => before.includes(name))).toEqual([]);
  expect([await count('run'), await count('file'), await count('made')]).toEqual([3, 3, 2]);
  expect((await shop.runSpark(MARCH)).status).toBe('nothing_new');
});

describe('the files of a table by months', () => {
  const begun = async (): Promise<TwinShop> => {
    const shop = new TwinShop(spark, shopPlan({ partitionBy: month('sold_on') }));
    for (let file = 0; file < 6; file += 1)
      shop.put(`sale/${file}.csv`, sales(...[1, 2, 3].map((of) => `${of}-${file}:0${of}-10:${of}`)));
    await shop.runSpark(MARCH);
    return shop;
  };

  test('are few: many raw files make one a month', async () => {
    const shop = await begun();
    const files = await spark.rows(
      `select partition.sold_on_month as month, record_count as n from ${shop.at('base.sale')}.files order by 1`,
    );
    expect(files.map(({ n }) => n)).toEqual(['6', '6', '6']);
  });

  test('are opened for their own month alone, and for the keys that their statistics allow', async () => {
    const shop = await begun();
    const table = shop.at('base.sale');
    const [january = '', , march = ''] = await filesOf(table, 'partition.sold_on_month');
    for (const path of [january, march]) renameSync(path, `${path}.away`);
    const asked = (where: string) => spark.rows(`select sum(amount) as n from ${table} where ${where}`);
    expect(await asked("sold_on between date '2024-02-01' and date '2024-02-29'")).toEqual([{ n: '12.00' }]);
    expect(await asked("id like '2-%'")).toEqual([{ n: '12.00' }]);
    await expect(asked('true')).rejects.toThrow(/FileNotFound|does not exist/);
    for (const path of [january, march]) renameSync(`${path}.away`, path);
  });

  test('are rewritten where a key of theirs is won anew, and only there', async () => {
    const shop = await begun();
    const before = await filesOf(shop.at('base.sale'));
    shop.put('sale/late.csv', sales('2-0:02-10:0.50'));
    await shop.runSpark(MARCH);
    const after = await filesOf(shop.at('base.sale'));
    expect(after.filter((path) => before.includes(path))).toHaveLength(2);
    await shop.runDuckDb(MARCH);
    await shop.expectSameRows();
  });
});

test('a driver that may collect half a megabyte runs loads of many: it gets counts, samples and a row a file', async () => {
  const row = { ...SALE, note: text() };
  const plan = shopPlan({ row, write: merge(), checks: [atLeast('amount', 1_000_000)] });
  const shop = new TwinShop(spark, plan);
  const RECORDS = 12_000;
  // Of four records one stands, one says the same, one loses its key, one is refused; none keeps the check.
  const record = (place: number, note: string): readonly (readonly (string | null)[])[] => [
    [`s${place}`, '2024-01-10', '1.00', '1', null, note],
    [`s${place}`, '2024-01-10', '1.00', '1', null, note],
    [`s${place}`, '2024-01-10', '2.00', '1', null, note],
    [`q${place}`, '2024-02-30', '1.00', '1', null, note],
  ];
  const notes = Array.from({ length: RECORDS / 4 }, () => randomBytes(300).toString('base64'));
  const given = csv(
    [...HEADER, 'note'],
    notes.flatMap((note, place) => record(place, note)),
  );
  expect(given.length).toBeGreaterThan(4_000_000);
  shop.put('sale/1.csv', given);
  const { tables } = await shop.runSpark(MARCH);
  const quarter = RECORDS / 4;
  expect(tables[0]).toMatchObject({
    read: RECORDS,
    accepted: quarter,
    duplicate: quarter,
    superseded: quarter,
    quarantined: quarter,
  });
  await expect(spark.rows(`select note from ${shop.at('base.sale')}`)).rejects.toThrow(/maxResultSize/);
});

test('a first load of files of five years is judged by the day the last of them arrived', async () => {
  const shop = new TwinShop(spark, shopPlan({ checks: [freshWithin(days(2))] }));
  const DAYS = 5 * 365;
  for (let day = 0; day < DAYS; day += 1) {
    const arrived = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
    shop.put(`sale/dt=${arrived}/1.csv`, sales(`${day}:01-10`));
  }
  const { tables, checks } = await shop.runSpark({ asOf: '2024-12-31' });
  expect(tables[0]).toMatchObject({ read: DAYS, accepted: DAYS });
  expect(checks).toContainEqual(expect.objectContaining({ check: 'fresh', verdict: 'pass' }));
});
