import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseJobFindings } from '../../lambdas/validate-daily/job-findings.ts';
import { outcomesOf } from '../../lambdas/validate-daily/outcomes.ts';
import { type RunResult, type Validation, validate } from '../../lib/run/index.ts';
import { generateSample, type Manifest } from '../../lib/sample/index.ts';
import { ourPlan, tempFolder, Workshop } from '../support/run-lake.ts';
import { LEDGER_OF_RECORDS, ledgers, onDuckDb, onSpark } from './both-lakes.ts';
import { type SparkRun, SparkSession } from './spark-session.ts';
import { expectSameSaid } from './spark-shop.ts';

// As few records as have every format, kind of dirt and answer.
const TABLES = ourPlan().tables;
const shop = new Workshop(ourPlan());
const warehouse = join(tempFolder(), 'warehouse');
const planFile = join(shop.folder, 'plan.json');
const resultFile = join(shop.folder, 'result.json');
let spark: SparkSession;
let manifest: Manifest;
/** What the runs took of Spark, in turn. */
const took: Omit<SparkRun, 'printed'>[] = [];

const options = (day: string): string[] => [
  ...['--plan', planFile, '--raw', shop.raw],
  ...['--as_of', day, '--result', resultFile],
];

const runSpark = async (): Promise<RunResult> => {
  const { printed, ...figures } = await spark.run(options(manifest.last_day));
  expect(printed).toMatch(/^(ok|nothing new) as of .*$/m);
  took.push(figures);
  return JSON.parse(readFileSync(resultFile, 'utf8')) as RunResult;
};

beforeAll(async () => {
  manifest = await generateSample({ out: shop.raw, rows: 60, seed: 4, dirt: 0.05 });
  writeFileSync(planFile, JSON.stringify({ plan: shop.plan }));
  spark = await SparkSession.open(warehouse);
  expectSameSaid(await runSpark(), (await shop.run({ asOf: manifest.last_day })).result);
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

  test.each(Object.keys(LEDGER_OF_RECORDS))('notes in %s what DuckDB notes', async (table) => {
    const [theirs, ours] = await ledgers(spark, shop.lake, table);
    expect(theirs).toEqual(ours);
    expect(ours.length).toBeGreaterThan(0);
  });

  test('judges the source data of a day as this machine does, and so as the Lambda that hands on large days', async () => {
    const date = manifest.last_day;
    const cut = join(shop.raw, `purchase/dt=${date}/cut.csv.gz`);
    copyFileSync(new URL('../fixtures/records/gzip-cut.csv.gz', import.meta.url), cut);
    const { exit } = await spark.run([...options(date), '--mode', 'validate', '--exit_on', 'failure']);
    const ours = await validate({ plan: shop.plan, raw: shop.raw, date, only: [], onTable: () => undefined });
    rmSync(cut);
    // The Lambda takes it so from the job, and tells of it.
    const theirs = parseJobFindings(date, JSON.parse(readFileSync(resultFile, 'utf8')));
    expect({ ...theirs, seconds: 0 }).toEqual({ ...ours, seconds: 0 });
    expect(outcomesOf(shop.plan, theirs)).toEqual(outcomesOf(shop.plan, ours));
    expect([theirs.status, exit]).toEqual(['fail', 0]);
  }, 900_000);

  test('judges some tables of an earlier day, and exits 1 when they are not clean', async () => {
    const date = '2025-06-30';
    const only = ['purchase', 'reviews', 'dim_products'].map((name) => `base.${name}`).concat('raw.risk_event');
    const { exit } = await spark.run([...options(date), '--mode', 'validate', '--only', only.join()]);
    const theirs = JSON.parse(readFileSync(resultFile, 'utf8')) as Validation;
    const ours = await validate({ plan: shop.plan, raw: shop.raw, date, only, onTable: () => undefined });
    expect({ ...theirs, seconds: 0 }).toEqual({ ...ours, seconds: 0 });
    expect(exit).toBe(ours.status === 'fail' ? 1 : 0);
  }, 900_000);

  test('finds nothing new when run again, which costs a look at the ledger', async () => {
    expect((await runSpark()).status).toBe('nothing_new');
    expect(took[1]?.jobs).toBeLessThan(20);
  }, 900_000);

  test('takes a bounded number of jobs and shuffles a table', () => {
    expect((took[0]?.jobs ?? 0) / TABLES.length).toBeLessThan(25);
    expect((took[0]?.shuffles ?? 0) / TABLES.length).toBeLessThan(10);
  });
});
