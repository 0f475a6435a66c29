import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { bucketName, exportFolder, LATEST_EXPORT, type LambdaName, resultKey } from '../../lib/aws/index.ts';
import { stackOutputs } from '../../lib/engines/stack-outputs.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import type { Outcome } from '../../lib/quality/index.ts';
import { generateSample } from '../../lib/sample/index.ts';
import { lakehouse, temporaryFolder } from '../e2e/program.ts';
import { builtPlan } from '../infra/synthesised.ts';
import { newest, served, trainings } from './features.ts';
import { standInForGlue, workOnce } from './glue-job.ts';
import { type Answered, invoke } from './lambdas.ts';
import { filesBelow } from './raw-files.ts';
import { untilTold } from './slack.ts';
import { filedRows, inWarehouse, lakeRows, warehouseRows } from './tables.ts';

const DAY = '2026-06-30';
const environment = environmentNamed('uat');
const plan = builtPlan();
const kept = plan.tables.filter(({ layer }) => layer === 'mart' || layer === 'feature');
const folder = temporaryFolder();
const lake = join(folder, 'lake');
const s3 = new S3Client({});

const stored = async (Key: string, bucket: 'results' | 'archive' = 'results'): Promise<unknown> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName(environment, bucket), Key }));
  return JSON.parse((await Body?.transformToString()) ?? 'null');
};

const run = (...argv: readonly string[]) => lakehouse([...argv, '--env', 'uat', '--format', 'json']);

beforeAll(async () => {
  const raw = join(folder, 'raw');
  await generateSample({ out: raw, rows: 60 });
  for (const { path, bytes } of filesBelow(raw))
    await s3.send(new PutObjectCommand({ Bucket: bucketName(environment, 'raw'), Key: `raw/${path}`, Body: bytes }));
});

describe('the machine, as it is deployed', () => {
  it('senses, validates, stops where the emulator has no Glue job, and tells Slack', async () => {
    const { code, stdout, stderr } = await run('run', '--as-of', DAY);
    expect(code).toBe(1);
    const { status, states, error } = JSON.parse(stdout);
    expect(status).toBe('failed');
    expect(error).toContain('glue:startJobRun.sync is not yet implemented');
    expect(states.map(({ state }: { state: string }) => state)).toEqual(
      expect.arrayContaining(['Sense', 'Validate', 'RunPlan', 'TellFailure']),
    );
    expect(stderr).toMatch(/✓ Validate/);
    await untilTold(inject('slack'), /the run of 2026-06-30 failed/);
  });

  it('leaves findings of the source data, which are those of the laptop', async () => {
    const here = await lakehouse(['validate', '--raw', join(folder, 'raw'), '--date', DAY, '--format', 'json']);
    const there = (await stored(resultKey('validation', DAY))) as { readonly checks: readonly Outcome[] };
    const { checks, tables } = JSON.parse(here.stdout) as {
      readonly checks: readonly Outcome[];
      readonly tables: object[];
    };
    expect(there).toMatchObject({ status: 'fail', tables });
    expect(there.checks.filter(({ check }) => check !== 'readable')).toEqual(checks);
    // The job leaves what the laptop prints; of a day too large for the Lambda that is told in its place.
    const Key = resultKey('job-validation', DAY);
    await s3.send(new PutObjectCommand({ Bucket: bucketName(environment, 'results'), Key, Body: here.stdout }));
    expect(await invoke('validate-daily', { date: DAY, judged: true })).toMatchObject({ answer: { status: 'fail' } });
    const seconds = (JSON.parse(here.stdout) as { readonly seconds: number }).seconds;
    expect(await stored(resultKey('validation', DAY))).toEqual({ ...there, seconds });
  });
});

describe('the machine, with the laptop’s engine in the place of the job', () => {
  beforeAll(async () => {
    const { machine } = await stackOutputs(environment, ['machine']);
    const activity = await standInForGlue(machine, ['RefreshDashboards']);
    const [done, { code, stderr }] = await Promise.all([workOnce(activity, plan, lake), run('run', '--as-of', DAY)]);
    expect(done).toMatchObject({
      JobName: `${environment.prefix}-run-plan`,
      Arguments: { '--mode': 'run', '--as_of': DAY },
    });
    for (const step of ['Checks', 'Warehouse', 'Exports', 'Features']) expect(stderr).toContain(`✓ ${step}`);
    // The sample is dirty on purpose: its findings are the run's.
    expect(code).toBe(1);
  });

  it('measures on Athena what the laptop measures on the same tables, and finds every table published', async () => {
    const { checks } = (await stored(resultKey('checks', DAY))) as { readonly checks: readonly Outcome[] };
    const { stdout } = await lakehouse([
      'query',
      'select table_name, check_name, verdict, failed, total from ops."check"',
      '--lake',
      lake,
      '--format',
      'json',
    ]);
    const here = new Map(
      (JSON.parse(stdout) as Record<string, unknown>[]).map((row) => [`${row.table_name} ${row.check_name}`, row]),
    );
    const published = checks.filter(({ check }) => check === 'published');
    expect(published.map(({ table, verdict }) => [table, verdict])).toEqual(
      plan.tables.map(({ name }) => [name, 'pass']),
    );
    const measured = checks.filter((each) => each.verdict !== 'skipped' && !published.includes(each));
    expect(measured.length).toBeGreaterThan(50);
    for (const { table, check, verdict, failed, total } of measured)
      expect({ table, check, verdict, failed, total }).toEqual({
        table,
        check,
        ...pick(here.get(`${table} ${check}`)),
      });
  });

  it('leaves every mart and feature table in the warehouse, row for row', async () => {
    let rows = 0;
    for (const table of kept) {
      const found = await warehouseRows(table);
      rows += found.length;
      expect(found, table.name).toEqual(await lakeRows(lake, table));
    }
    expect(rows).toBeGreaterThan(100);
  });

  it.each(['export', 'report'] as const)(
    'leaves each table of each %s as Parquet where latest.json says',
    async (asked) => {
      // Reports close a month: this day's run is not the one that does.
      if (asked === 'report')
        expect(await untilDone('export-answers', { date: DAY, run: 'reports', kind: 'report' })).toMatchObject({
          failed: false,
          answer: { done: true },
        });
      const exports = plan.exposures.filter(({ kind }) => kind === asked);
      expect(exports.length).toBeGreaterThan(0);
      for (const { name, reads } of exports) {
        const { tables } = (await stored(`${exportFolder(name, DAY)}${LATEST_EXPORT}`, 'archive')) as {
          readonly tables: Readonly<Record<string, string>>;
        };
        expect(Object.keys(tables).sort()).toEqual([...reads].sort());
        for (const table of plan.tables.filter((each) => reads.includes(each.name)))
          expect(await filedRows(tables[table.name] ?? '', table), table.name).toEqual(await lakeRows(lake, table));
      }
    },
  );

  it('serves the newest row of each entity from Feature Store, and starts the trainings that are due', async () => {
    const features = kept.flatMap((table) => (table.feature ? [{ ...table, feature: table.feature }] : []));
    expect(features.length).toBeGreaterThan(0);
    for (const table of features) {
      const [found, expected] = [await served(table), newest(table, await lakeRows(lake, table))];
      expect(found.size, table.name).toBeGreaterThan(0);
      expect(found, table.name).toEqual(expected);
    }
    // The day is the last of its month, and no Sunday.
    for (const { name, trained } of plan.models)
      expect(await trainings(name), name).toBe(trained === 'monthly' ? 1 : 0);
  });

  it('tells Slack that it is over', async () => {
    await untilTold(inject('slack'), /the run of 2026-06-30 is done/);
  });
});

describe('the warehouse, loaded again', () => {
  const load = (run: string): Promise<Answered> => untilDone('load-warehouse', { date: DAY, run });

  const refunds = () => inWarehouse('select customer_id, total_refund from mart.refunds_by_customer order by 1');

  it('names the statement that is refused, in the words of the warehouse, and keeps the table as it was', async () => {
    const before = await refunds();
    expect(before.length).toBeGreaterThan(0);
    await inWarehouse('create view bound as select total_refund from mart.refunds_by_customer');
    const { failed, answer } = await load('refused');
    expect(failed).toBe(true);
    expect(JSON.stringify(answer)).toMatch(
      /the warehouse refused mart.refunds_by_customer: ERROR: cannot drop table .* because other objects depend on it; the statement: drop table if exists/,
    );
    expect(await refunds()).toEqual(before);
  });

  it('goes through once nothing stands in its way, and changes nothing', async () => {
    await inWarehouse('drop view bound');
    expect(await load('again')).toMatchObject({ failed: false, answer: { done: true } });
    for (const table of kept) expect(await warehouseRows(table), table.name).toEqual(await lakeRows(lake, table));
  });
});

/** Calls a Lambda as the machine does, with its own answers, until it is done or fails. */
async function untilDone(lambda: LambdaName, event: object): Promise<Answered> {
  let last = await invoke(lambda, event);
  while (!last.failed && !(last.answer as { readonly done: boolean }).done)
    last = await invoke(lambda, last.answer as object);
  return last;
}

describe('afterwards', () => {
  it('status tells of both runs, of freshness and of what is broken', async () => {
    const status = JSON.parse((await run('status')).stdout);
    expect(status.runs.map(({ status: each, as_of }: Record<string, string>) => [each, as_of])).toEqual([
      ['ok', DAY],
      ['failed', DAY],
    ]);
    expect(status).toMatchObject({ checked: { date: DAY }, validated: { date: DAY, status: 'fail' } });
    expect(status.tables.find(({ name }: { name: string }) => name === 'base.refund')).toMatchObject({
      newest_file: DAY,
    });
  });

  it.each(['select count(*) as purchases, sum(amount) as amount from purchase', 'refunds-by-month'])(
    'query gives what the laptop gives: %s',
    async (sql) => {
      const there = await run('query', sql, '--as-of', DAY);
      const here = await lakehouse(['query', sql, '--lake', lake, '--as-of', DAY, '--format', 'json']);
      expect(here.code).toBe(0);
      expect(there.stderr).toMatch(/scanned .*: \$/);
      expect(JSON.parse(there.stdout)).toEqual(JSON.parse(here.stdout));
    },
  );

  it('validate judges another day', async () => {
    const { code, stdout } = await run('validate', '--date', '2025-06-30');
    expect([0, 1]).toContain(code);
    expect(JSON.parse(stdout)).toMatchObject({ date: '2025-06-30' });
  });
});

const pick = (row: Record<string, unknown> = {}) => ({ verdict: row.verdict, failed: row.failed, total: row.total });
