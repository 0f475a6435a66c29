import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { atLeast, decimal, integer, rowCount, text } from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { inventory } from '../../lib/products/inventory.ts';
import { needsAttention } from '../../lib/run/index.ts';
import { countingPlan, MOST, pieces } from '../support/pieces-shop.ts';
import { csv, sqlOf, tempFolder } from '../support/run-lake.ts';
import { SALE, shopPlan } from '../support/run-shop.ts';
import { SparkSession } from './spark-session.ts';
import { TwinShop } from './spark-shop.ts';

const HEADER = ['id', 'sold_on', 'amount', 'pieces', 'buyer', 'note'];
/** Sales `id:day:amount`, of one piece each. */
const sales = (...given: readonly string[]): string =>
  csv(
    HEADER,
    given.map((each) => {
      const [id = '', day = '', amount = '1'] = each.split(':');
      return [id, `2024-${day}`, amount, '1', `${id} Smith`, `of ${id}`];
    }),
  );
const [JANUARY, MARCH] = [{ asOf: '2024-01-31' }, { asOf: '2024-03-31' }];

// A run of Spark is dozens of jobs, however small its tables.
vi.setConfig({ testTimeout: 900_000 });

let spark: SparkSession;
beforeAll(async () => {
  spark = await SparkSession.open(tempFolder());
});
afterAll(() => spark.close());

test('deliveries in turn give what DuckDB gives: duplicates, later claims, dates asked again, nothing new', async () => {
  const shop = new TwinShop(spark, shopPlan());
  shop.put('sale/1.csv', sales('a:01-10', 'b:02-10:20.50', 'b:02-10:20.50', 'broken:02-30'));
  await shop.run(JANUARY);
  shop.put('sale/2.csv', sales('b:02-10:7', 'c:03-01', 'a:01-10', '"'));
  await shop.run(MARCH);
  shop.put('sale/copy-of-1.csv', sales('a:01-10', 'b:02-10:20.50', 'b:02-10:20.50', 'broken:02-30'));
  await shop.run(MARCH);
  expect((await shop.run(MARCH)).status).toBe('nothing_new');
  await shop.run(JANUARY);
});

test('the order of deliveries does not matter', async () => {
  const deliveries = [sales('a:01-10', 'b:02-10:20.50', 'c:01-11:9'), sales('b:02-10:7', 'a:01-10', 'c:03-01:10')];
  const rows: (readonly object[])[] = [];
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const shop = new TwinShop(spark, shopPlan());
    for (const place of order) {
      shop.put(`sale/${place}.csv`, deliveries[place] ?? '');
      await shop.runSpark(MARCH);
    }
    rows.push(await spark.rows(`select id, amount, sold_on from ${shop.at('base.sale')} order by id`));
  }
  expect(rows[1]).toEqual(rows[0]);
  expect(rows[0]).toHaveLength(3);
});

test('a large plain file is read in parts, that very file, and every record keeps its number', async () => {
  const shop = new TwinShop(spark, shopPlan());
  const days = Array.from({ length: 300 }, (_, place) => `${place % 290}:02-${String((place % 31) + 10)}:${place}`);
  // The first, taken for a pattern, would find the second.
  for (const name of ['s[1]', 's1', 'a b?=%41{*}\\'])
    shop.put(`sale/${name}.csv`, sales(...days.map((day) => `${name.length}-${day}`)));
  await spark.rows('set spark.sql.files.maxPartitionBytes=2000');
  const { tables } = await shop.run(MARCH, ['--parts_from', '1']);
  await spark.rows('reset spark.sql.files.maxPartitionBytes');
  expect(tables[0]).toMatchObject({ read: 900, quarantined: expect.any(Number) });
});

describe('a contract that changed', () => {
  test('is answered by a rebuild where columns came or grew', async () => {
    const shop = new TwinShop(spark, shopPlan());
    shop.put('sale/1.csv', sales('a:01-10', 'dear:02-10:12345678901.25'));
    await shop.run(JANUARY);
    const wider = shopPlan({ row: { ...SALE, amount: decimal(14, 2), note: text().nullable() } });
    const result = await shop.under(wider).run(MARCH);
    expect(result.tables[0]).toMatchObject({ name: 'base.sale', rows: 2 });
  });

  test('is refused where something could be lost, and changes nothing', async () => {
    const shop = new TwinShop(spark, shopPlan());
    shop.put('sale/1.csv', sales('a:01-10'));
    await shop.run(JANUARY);
    const other = shopPlan({ row: { ...SALE, amount: integer(), pieces: decimal(20, 0) } });
    const { status, error } = await shop.under(other).runSpark(MARCH);
    expect(status).toBe('failed');
    expect(error).toMatch(/base.sale: amount changed from decimal\(12,2\) to integer, pieces .*: --rebuild base.sale$/);
    await shop.expectSameRows();
    const asked = { ...MARCH, rebuild: ['base.sale'] };
    expect((await shop.under(other).run(asked)).status).toBe('ok');
  });

  // Iceberg keeps one type a column, so what this machine answers by itself costs its readers the column until the run is published.
  test.each([
    ['an integer that becomes a decimal', { pieces: decimal(20, 0) }],
    ['a decimal with more places behind the point', { amount: decimal(13, 3) }],
  ])('wants its rebuild asked for where Iceberg cannot widen a column: %s', async (_, wider) => {
    const shop = new TwinShop(spark, shopPlan());
    shop.put('sale/1.csv', sales('a:01-10'));
    await shop.run(JANUARY);
    const now = shop.under(shopPlan({ row: { ...SALE, ...wider } }));
    expect((await now.runDuckDb(JANUARY)).status).toBe('ok');
    expect((await now.runSpark(JANUARY)).error).toMatch(/: --rebuild base.sale$/);
    await now.runSpark({ ...JANUARY, rebuild: ['base.sale'] });
    await now.expectSameRows();
  });

  test('keeps the last good version where its raw files are gone', async () => {
    const shop = new TwinShop(spark, shopPlan());
    shop.put('sale/1.csv', sales('a:01-10'));
    await shop.run(JANUARY);
    shop.remove('sale/1.csv');
    const other = shopPlan({ row: { ...SALE, note: text().nullable() } });
    const result = await shop.under(other).runSpark(JANUARY);
    expect(result.held?.map(({ table }) => table)).toEqual(['base.sale', 'mart.total']);
    await shop.expectSameRows();
  });
});

test('a blocking check keeps the last good version of its table and of what reads it, until it holds again', async () => {
  const checks = [rowCount(2, null, { severity: 'blocking' }), atLeast('amount', 0, { severity: 'fail' })];
  const shop = new TwinShop(spark, shopPlan({ checks }));
  shop.put('sale/1.csv', sales('a:01-10'));
  const held = await shop.runSpark(JANUARY);
  expect(held.held?.map(({ table }) => table)).toEqual(['base.sale', 'mart.total']);
  expect(needsAttention(held)).toBe(true);
  expect(await spark.rows(`select id from ${shop.at('base.sale')}`)).toEqual([]);
  shop.put('sale/2.csv', sales('b:01-11:-1'));
  const good = await shop.runSpark(JANUARY);
  expect(good.held).toBeUndefined();
  expect(good.checks).toContainEqual(expect.objectContaining({ check: 'at_least(amount)', verdict: 'fail' }));
  expect(await spark.rows(`select id from ${shop.at('base.sale')} order by id`)).toEqual([{ id: 'a' }, { id: 'b' }]);
});

test.each([
  ['an overflow', 's.pieces + 1', integer(), MOST, '[ARITHMETIC_OVERFLOW]'],
  ['more than the column takes', 's.pieces', decimal(5, 0), MOST, '[NUMERIC_VALUE_OUT_OF_RANGE'],
  [
    'nothing, where the column must have something',
    's.pieces',
    integer(),
    '',
    'Null value appeared in non-nullable field: number',
  ],
])(
  'a model without an answer for a value is held, and the rest is published: %s',
  async (_, number, type, sold, says) => {
    const shop = new TwinShop(spark, countingPlan(number, type));
    shop.put('sale/1.csv', pieces('a'));
    expect((await shop.run(JANUARY)).held).toBeUndefined();
    shop.put('sale/2.csv', pieces(`b:${sold}`));
    const { held } = await shop.run(JANUARY);
    expect(held).toEqual([
      { table: 'mart.counted', because: expect.stringContaining('sql/mart/counted.sql fails on a value') },
      { table: 'mart.recounted', because: 'it is skipped: it reads mart.counted' },
    ]);
    expect(held?.[0]?.because).toContain(says);
    expect(await spark.rows(`select id from ${shop.at('mart.counted')}`)).toEqual([{ id: 'a' }]);
    expect(await spark.rows(`select id from ${shop.at('base.sale')}`)).toHaveLength(2);
    const mended = shop.under(countingPlan('length(s.id)', type));
    expect((await mended.run(JANUARY)).held).toBeUndefined();
  },
);

test('inventory has an answer for as many pieces as 64 bits can say', async () => {
  const shop = new TwinShop(
    spark,
    compile([inventory], sqlOf('mart/inventory_position.sql', 'mart/replenishment.sql')),
  );
  const event = (sku: string, sequence: number, type: string, quantity: string): string =>
    `{"event_id":"${sku}${sequence}","location_id":"l","sku":"${sku}","sequence":${sequence},"type":"${type}","quantity":${quantity},"occurred_at":"2024-01-30T00:00:00Z"}`;
  const events = [
    event('picked', 1, 'pick', MOST),
    event('picked', 2, 'transfer_out', MOST),
    event('adjusted', 3, 'adjust', `-${MOST}`),
    event('received', 4, 'receipt', MOST),
    event('received', 5, 'receipt', MOST),
    event('calm', 6, 'pick', '8'),
  ];
  shop.put('inventory_event/a.jsonl', `${events.join('\n')}\n`);
  expect((await shop.run(JANUARY)).held).toBeUndefined();
  const [least, most] = [`-${2n ** 63n}`, MOST];
  expect(await spark.rows(`select sku, on_hand from ${shop.at('mart.inventory_position')} order by sku`)).toEqual([
    { sku: 'adjusted', on_hand: `-${most}` },
    { sku: 'calm', on_hand: '-8' },
    { sku: 'picked', on_hand: least },
    { sku: 'received', on_hand: most },
  ]);
  expect(await spark.rows(`select sku, order_quantity from ${shop.at('mart.replenishment')} order by sku`)).toEqual([
    { sku: 'adjusted', order_quantity: most },
    { sku: 'calm', order_quantity: '12' },
    { sku: 'picked', order_quantity: most },
  ]);
});

test('refused records are copied as JSON, by run and dataset, for people who may not read the lake', async () => {
  const shop = new TwinShop(spark, shopPlan());
  const copies = tempFolder();
  shop.put('sale/1.csv', sales('a:01-10', 'broken:02-30', 'worse:13-01:x'));
  const { run_id } = await shop.runSpark(JANUARY, ['--quarantine', copies]);
  const folder = join(copies, `run=${run_id}`, 'dataset=sale');
  const lines = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const copied = lines.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
  const ledger = 'run_id, file, record, reasons, raw';
  const kept = await spark.rows(`select to_json(struct(${ledger})) as line from ${shop.at('ops.quarantine')}`);
  expect(copied.sort()).toEqual(kept.map(({ line }) => line).sort());
  expect(copied).toHaveLength(2);
  shop.put('sale/2.csv', sales('b:01-10'));
  await shop.runSpark(JANUARY, ['--quarantine', copies]);
  expect(readdirSync(copies)).toEqual([`run=${run_id}`]);
});

describe('what a stopped run left', () => {
  const LEFT = 'run_11111111';
  const begun = async (): Promise<TwinShop> => {
    const shop = new TwinShop(spark, shopPlan());
    shop.put('sale/1.csv', sales('a:01-10'));
    await shop.run(JANUARY);
    await spark.rows(`alter table ${shop.at('base.sale')} create branch ${LEFT}`);
    await spark.rows(`delete from ${shop.at('base.sale')}.branch_${LEFT}`);
    return shop;
  };

  test('is dropped where it had not reached its commit point', async () => {
    const shop = await begun();
    await shop.run(JANUARY);
    expect(await spark.rows(`select name from ${shop.at('base.sale')}.refs`)).toEqual([{ name: 'main' }]);
  });

  test('is completed where it had', async () => {
    const shop = await begun();
    const noted = "'11111111' as run_id, started_at, seconds, status, as_of, error, result";
    await spark.rows(`insert into ${shop.at('ops.run')} select ${noted} from ${shop.at('ops.run')}`);
    await shop.runSpark(JANUARY);
    expect(await spark.rows(`select id from ${shop.at('base.sale')}`)).toEqual([]);
  });
});
