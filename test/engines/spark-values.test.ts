import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { boolean, type Column, instant, oneOf, text } from '../../lib/contract/index.ts';
import { parquetOf } from '../support/parquet.ts';
import { csv, tempFolder } from '../support/run-lake.ts';
import { SALE, shopPlan } from '../support/run-shop.ts';
import { SparkSession } from './spark-session.ts';
import { TwinShop } from './spark-shop.ts';

vi.setConfig({ testTimeout: 900_000 });

let spark: SparkSession;
beforeAll(async () => {
  spark = await SparkSession.open(tempFolder());
});
afterAll(() => spark.close());

/** Words that engines may read apart once they stand in SQL. */
const WORDS = [
  "it's",
  "'",
  "''",
  'back\\slash',
  '\\',
  '\\u0041',
  '\\n',
  'line\nbreak',
  '"q"',
  'naïve',
  '\u{1f600}',
  '$1',
  '%',
  '{{as_of}}',
];
/** What they must not be taken for. */
const OTHERS = ['its', "it''s", 'backslash', '\\\\', 'A', '\n', 'linenbreak', 'nai\u0308ve', 'x', '2024-06-30'];
/** White space and ends of lines, of which engines know different ones. */
const SPACES = [' ', '\t', '\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u00a0', '\u2028', '\u2029', '\u3000'];
/** Written forms and what comes close, by column; the first with each space around it too. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  id: ['key', 'KEY', 'ke\u0301y'],
  pieces: [
    '12',
    '+5',
    '-0',
    '007',
    '9223372036854775807',
    '9223372036854775808',
    '1e3',
    '1.0',
    '٣',
    '１２',
    '0x1f',
    '1_000',
    '--1',
    'NaN',
    '1L',
  ],
  amount: ['1.5', '1.', '.5', '1234567890.12', '12345678901.2', '-0.00', '1e2', '1,5', '1.005', '+1', 'Infinity', '1d'],
  sold_on: [
    '2024-02-29',
    '2023-02-29',
    '0001-01-01',
    '0000-01-01',
    '1582-10-10',
    '9999-12-31',
    '2024-1-1',
    '2024-01-01T00:00:00',
    'today',
    'epoch',
  ],
  at: [
    ...['2024-02-29T23:59:59.999999Z', '2024-02-29 23:59:59', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'],
    ...['1582-10-10T00:00:00+01:00', '2024-01-01T10:00:00+14:00', '2024-01-01T10:00:00+14:01', '2024-01-01T24:00:00'],
    ...['2024-06-30T23:59:60Z', '2024-01-01T10:00', '2024-01-01T10:00:00.1234567', '2024-01-01T10:00:00 UTC', 'now'],
  ],
  paid: ['true', 'false', 'TRUE', 't', 'yes', '1'],
  word: [...WORDS, ...OTHERS],
  mood: [...WORDS, ...OTHERS],
};

test('a value is taken or refused on both engines, however it is written, and for the same reason', async () => {
  const row: Readonly<Record<string, Column>> = {
    ...SALE,
    at: instant().nullable(),
    paid: boolean().nullable(),
    word: text().nullable(),
    mood: text().nullable().lenient(),
  };
  const rules = [oneOf('word', WORDS), oneOf('mood', WORDS)];
  const shop = new TwinShop(spark, shopPlan({ row, rules, checks: [oneOf('word', WORDS.slice(1))] }));
  const columns = Object.keys(row);
  const good: Readonly<Record<string, string>> = { sold_on: '2024-01-10', amount: '1.50', pieces: '1' };
  const records = Object.entries(FORMS).flatMap(([column, [first = '', ...rest]]) =>
    [first, ...rest, ...SPACES.flatMap((space) => [first + space, space + first])].map(
      (value) => [column, value] as const,
    ),
  );
  const lines = records.map(([column, value], place) =>
    columns.map((name) => (name === column ? value : name === 'id' ? `id${place}` : (good[name] ?? null))),
  );
  shop.put('sale/1.csv', csv(columns, lines));
  const { tables, checks } = await shop.run();
  await shop.expectSameLedger();
  expect(tables[0]?.accepted).toBeGreaterThan(WORDS.length + OTHERS.length);
  expect(tables[0]?.quarantined).toBeGreaterThan(OTHERS.length);
  // Every word that the rule allows stands, and the check's statement lacks one of them.
  expect(checks).toContainEqual(
    expect.objectContaining({ check: 'one_of(word)', verdict: 'warn', failed: 1, total: tables[0]?.rows }),
  );
});

test('Parquet files of one schema are read together, each with its own records, and a broken one alone is refused', async () => {
  const shop = new TwinShop(spark, shopPlan());
  const sales = (from: number, to: number, amount = 'cast(i as decimal(12, 2))', more = '') =>
    parquetOf(
      `select 's' || i as id, date '2024-01-10' as sold_on, ${amount} as amount, i as pieces${more} from range(${from}, ${to}) as t(i)`,
    );
  const names = ['a b=%41', '[1]', 'p{1}é', 'q?#*', 'dt=2024-01-02/plain', 'x\\y'];
  for (const [place, name] of names.entries()) shop.put(`sale/${name}.parquet`, await sales(place * 3, place * 3 + 3));
  const whole = await sales(100, 20_000);
  whole.fill(0x55, 1000, whole.length / 2);
  shop.put('sale/broken.parquet', whole);
  shop.put('sale/broken-copy.parquet', whole);
  shop.put('sale/other.parquet', await sales(50, 52, "'7.25'", ", 'x' as stranger"));
  shop.put('sale/lossy.parquet', await sales(60, 62, 'i / 3'));
  const { tables, files } = await shop.run();
  expect(tables[0]).toMatchObject({ read: names.length * 3 + 2, accepted: names.length * 3 + 2 });
  expect(files.filter(({ status }) => status === 'refused').map(({ path }) => path)).toEqual([
    'sale/broken-copy.parquet',
    'sale/broken.parquet',
    'sale/lossy.parquet',
  ]);
  const jobsFor = async (files: readonly number[]): Promise<number> => {
    for (const file of files) shop.put(`sale/more-${file}.parquet`, await sales(file * 100, file * 100 + 3));
    await shop.runSpark();
    return shop.jobs;
  };
  for (const name of ['broken', 'broken-copy', 'lossy']) shop.remove(`sale/${name}.parquet`);
  const one = await jobsFor([300]);
  expect(await jobsFor([301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312])).toBeLessThan(one + 6);
});

test('a Parquet file that cannot be reached refuses nothing: the run fails, and the next one takes it', async () => {
  const shop = new TwinShop(spark, shopPlan());
  const sale = "select 'a' as id, date '2024-01-10' as sold_on, 1.00 as amount, 1 as pieces";
  // The lake's own files are reached by what is set when its catalog is opened.
  await shop.run();
  shop.put('sale/a.parquet', await parquetOf(sale));
  const settings = { 'fs.file.impl.disable.cache': 'true', 'fs.file.impl': 'absent.FileSystem' };
  for (const [name, value] of Object.entries(settings)) await spark.rows(`set ${name}=${value}`);
  const failed = await shop.runSpark();
  for (const name of Object.keys(settings)) await spark.rows(`reset ${name}`);
  expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('absent.FileSystem') });
  expect((await shop.run()).files).toMatchObject([{ path: 'sale/a.parquet', status: 'loaded', rows: 1 }]);
});
