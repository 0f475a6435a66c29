import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { csv, tempFolder } from '../support/run-lake.ts';
import { shopPlan } from '../support/run-shop.ts';
import { RUN_PLAN, SparkSession, startSpark } from './spark-session.ts';
import { TwinShop } from './spark-shop.ts';

vi.setConfig({ testTimeout: 900_000 });

const HEADER = ['id', 'sold_on', 'amount', 'pieces', 'buyer'];
const sales = (...ids: readonly string[]) =>
  csv(
    HEADER,
    ids.map((id) => [id, '2024-01-10', '1.50', '1', `${id} Smith`]),
  );

let spark: SparkSession;
beforeAll(async () => {
  spark = await SparkSession.open(tempFolder());
});
afterAll(() => spark.close());

/** Starts the script as a process of its own and kills it, and the JVM below it, when it says this. */
async function killWhen(says: RegExp, args: readonly string[]): Promise<void> {
  const child = await startSpark(RUN_PLAN, args);
  const ended = once(child, 'exit');
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (says.test(line) && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });
  const [code, signal] = await ended;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
}

test.each([
  ['after it wrote rows', /^base.sale: 3 read/],
  ['while it publishes', /^publishing/],
])('a job killed %s leaves the last good tables or the next, whole, and the next run ends right', async (_, says) => {
  const shop = new TwinShop(spark, shopPlan());
  shop.put('sale/1.csv', sales('a', 'b'));
  await shop.run();
  shop.put('sale/2.csv', sales('b', 'c', 'd'));
  await killWhen(says, [...shop.options(), '--warehouse', spark.warehouse]);
  await shop.runSpark();
  await shop.runDuckDb();
  await shop.expectSameRows();
  const runs = await spark.rows(`select status from ${shop.at('ops.run')}`);
  expect(runs.map(({ status }) => status)).toEqual(['ok', 'ok']);
  expect(await spark.rows(`select dataset, path, rows from ${shop.at('ops.file')} order by path`)).toEqual([
    { dataset: 'sale', path: 'sale/1.csv', rows: '2' },
    { dataset: 'sale', path: 'sale/2.csv', rows: '3' },
  ]);
  expect(await spark.rows(`select name from ${shop.at('base.sale')}.refs`)).toEqual([{ name: 'main' }]);
});
