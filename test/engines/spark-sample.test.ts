import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withUpstream } from '../../lib/plan/index.ts';
import { type RunResult, type Validation, validate } from '../../lib/run/index.ts';
import { namedTables } from '../../lib/run/work.ts';
import { generateSample, type Manifest } from '../../lib/sample/index.ts';
import { ourPlan, tempFolder, Workshop } from '../support/run-lake.ts';
import { duckRows, ledgerRows, onDuckDb, onSpark } from './both-lakes.ts';
import { SparkSession } from './spark-session.ts';
import { expectSameSaid } from './spark-shop.ts';

// Products that have every write policy, format and kind of dirt between them, and features as known at points in time;
// as few records as have them all. The selects of the others are held to Spark by `lakehouse parity`.
const ONLY = ['payments', 'risk', 'lending'];
const TABLES = withUpstream(ourPlan(), namedTables(ourPlan(), ONLY));
const shop = new Workshop(ourPlan());
const warehouse = join(tempFolder(), 'warehouse');
const planFile = join(shop.folder, 'plan.json');
const resultFile = join(shop.folder, 'result.json');
let spark: SparkSession;
let manifest: Manifest;

const options = (day: string): string[] => [
  ...['--plan', planFile, '--raw', shop.raw],
  ...['--as_of', day, '--result', resultFile, '--only', ONLY.join()],
];

const runSpark = async (): Promise<RunResult> => {
  const { printed } = await spark.run(options(manifest.last_day));
  expect(printed).toMatch(/^(ok|nothing new) as of .*$/m);
  return JSON.parse(readFileSync(resultFile, 'utf8')) as RunResult;
};

beforeAll(async () => {
  manifest = await generateSample({ out: shop.raw, rows: 60, seed: 4, dirt: 0.05 });
  writeFileSync(planFile, JSON.stringify({ plan: shop.plan }));
  spark = await SparkSession.open(warehouse);
  expectSameSaid(await runSpark(), (await shop.run({ asOf: manifest.last_day, only: ONLY })).result);
}, 900_000);
afterAll(() => spark.close());

describe('sample data, run on Spark', () => {
  test('has the fates that the manifest counts', async () => {
    const { tables } = JSON.parse(readFileSync(resultFile, 'utf8')) as RunResult;
    const loaded = TABLES.flatMap(({ name, making }) =>
      making.kind === 'load' ? [{ name, source: making.source }] : [],
    );
    expect(loaded.length).toBeGreaterThan(5);
    for (const { name, source } of loaded) {
      const { read, accepted, duplicate, superseded, quarantined } = manifest.totals[source] ?? {};
      const fates = { read, accepted, duplicate, superseded, quarantined };
      expect(tables.find((table) => table.name === name)).toMatchObject(fates);
    }
  });

  test.each(TABLES.map((table) => ({ table, name: table.name })))('gives DuckDB’s rows in $name', async ({ table }) => {
    expect(await onSpark(spark, table)).toEqual(await onDuckDb(shop.lake, table));
  });

  test.each([
    ['ops.quarantine', ['dataset', 'file', 'record', "$join(reasons, ' | ') as reasons", 'raw']],
    ['ops.refused_field', ['dataset', 'file', 'record', 'field', 'reason', 'raw']],
    ['ops.discard', ['dataset', 'file', 'record', 'fate']],
    ['ops.contested', ['table_name', "$join(key, ' | ') as key", 'file', 'record']],
    ['ops.file', ['dataset', 'path', 'sha256', 'status', 'bytes', 'rows', 'arrived_on']],
  ])('notes in %s what DuckDB notes', async (table, columns) => {
    const as = (join: string) => columns.map((column) => column.replace('$join', join));
    const ours = await ledgerRows((select) => duckRows(shop.lake, select), table, as('array_to_string'));
    expect(await ledgerRows((select) => spark.rows(select), `lake.${table}`, as('array_join'))).toEqual(ours);
    expect(ours.length).toBeGreaterThan(0);
  });

  test.each(['2025-06-30', 'last'])(
    'judges the source data of a day (%s) as this machine does',
    async (day) => {
      const date = day === 'last' ? manifest.last_day : day;
      const only = ['purchase', 'reviews', 'dim_products'].map((name) => `base.${name}`).concat('raw.risk_event');
      const { exit } = await spark.run([...options(date), '--mode', 'validate', '--only', only.join()]);
      const theirs = JSON.parse(readFileSync(resultFile, 'utf8')) as Validation;
      const ours = await validate({ plan: shop.plan, raw: shop.raw, date, only, onTable: () => undefined });
      expect({ ...theirs, seconds: 0 }).toEqual({ ...ours, seconds: 0 });
      expect(exit).toBe(ours.status === 'fail' ? 1 : 0);
    },
    900_000,
  );

  test('finds nothing new when run again', async () => {
    expect((await runSpark()).status).toBe('nothing_new');
  }, 900_000);
});
