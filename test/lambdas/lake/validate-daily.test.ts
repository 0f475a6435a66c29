import { createReadStream, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { validateDaily } from '../../../lambdas/validate-daily/validate-daily.ts';
import { alertsOf, reportSchema } from '../../../lib/alerts/index.ts';
import type { Plan } from '../../../lib/plan/index.ts';
import { type Validation, validate } from '../../../lib/run/validate.ts';
import { generateSample, SAMPLE_LAST_DAY } from '../../../lib/sample/index.ts';
import { start } from '../bundle.ts';

const { plan } = JSON.parse(readFileSync(new URL('../../../dist/plan.json', import.meta.url), 'utf8')) as {
  plan: Plan;
};
const folder = mkdtempSync(join(tmpdir(), 'validate-daily-test-'));
const raw = join(folder, 'raw');
const s3 = mockClient(S3Client);
const sns = mockClient(SNSClient);
const fetched: string[] = [];

const keys = () =>
  readdirSync(raw, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(raw, path)).isFile())
    .map((path) => `raw/${path}`)
    .sort();

beforeAll(() => generateSample({ out: raw, rows: 600, dirt: 0.05, days: 4 }));
beforeEach(() => {
  fetched.length = 0;
  s3.reset();
  sns.reset();
  s3.on(ListObjectsV2Command).callsFake(({ Prefix, StartAfter = '' }) => ({
    Contents: keys()
      .filter((key) => key.startsWith(Prefix) && key > StartAfter)
      .map((Key) => ({ Key, Size: statSync(join(folder, Key)).size })),
  }));
  s3.on(GetObjectCommand).callsFake(({ Key }) => {
    fetched.push(Key);
    return { Body: createReadStream(join(folder, Key)) };
  });
  s3.on(PutObjectCommand).resolves({});
  sns.on(PublishCommand).resolves({});
});

const judged = await start<'validate-daily', { decision: string; status: string; result: string }>('validate-daily', {
  RAW_BUCKET: 'raw-bucket',
  RESULTS_BUCKET: 'results',
  FINDINGS_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111111111111:findings',
});

const written = (): Validation => JSON.parse(String(s3.commandCalls(PutObjectCommand).at(-1)?.args[0].input.Body));
const published = () =>
  sns
    .commandCalls(PublishCommand)
    .flatMap((call) => alertsOf(reportSchema.parse(JSON.parse(call.args[0].input.Message ?? ''))));

describe('validating a day in a Lambda', () => {
  it('finds what the laptop finds: the same fates, numbers and rows at fault', async () => {
    const answer = await judged({ date: SAMPLE_LAST_DAY });
    const local = await validate({ plan, raw, date: SAMPLE_LAST_DAY, only: [], onTable: () => {} });
    const there = written();
    expect(there.tables).toEqual(local.tables);
    expect(there.checks.filter((check) => check.check !== 'readable')).toEqual(
      JSON.parse(JSON.stringify(local.checks)),
    );
    expect(there.files).toEqual(JSON.parse(JSON.stringify(local.files)));
    expect(answer).toMatchObject({
      decision: 'judged',
      status: local.status,
      result: `s3://results/validation/dt=${SAMPLE_LAST_DAY}/result.json`,
    });
    expect(local.tables.some((table) => table.read > 0 && table.quarantined > 0)).toBe(true);
  });

  it('reads only files that may hold records of the day, and leaves none behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('raw-'));
    const daysBack = (days: number) =>
      new Date(Date.parse(SAMPLE_LAST_DAY) - days * 86_400_000).toISOString().slice(0, 10);
    const date = daysBack(1);
    await judged({ date });
    const timeless = plan.tables.flatMap(({ making }) =>
      making.kind === 'load' && making.eventTime === null ? [making.source] : [],
    );
    const folders = fetched.map((key) => /^raw\/(\w+)\/dt=([\d-]+)/.exec(key) ?? []);
    for (const [, dataset = '', day = ''] of folders) {
      if (timeless.includes(dataset)) expect(day).toBe(date);
      else expect(day >= daysBack(2)).toBe(true);
    }
    expect(folders.some(([, , day]) => day === SAMPLE_LAST_DAY)).toBe(true);
    expect(fetched.length).toBeLessThan(keys().length);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('raw-'))).toEqual(before);
  });

  it('publishes every check that was measured, those that hold too', async () => {
    await judged({ date: SAMPLE_LAST_DAY });
    const measured = written().checks.filter((check) => check.verdict !== 'skipped');
    expect(published().map((news) => [news.subject, news.says, news.verdict])).toEqual(
      measured.map((check) => [check.table, check.says, check.verdict]),
    );
    expect(new Set(published().map((news) => news.verdict))).toEqual(new Set(['pass', 'warn', 'fail']));
  });

  it('tells of a file that nobody can read, with the reason', async () => {
    const cut = `raw/purchase/dt=${SAMPLE_LAST_DAY}/cut.csv.gz`;
    s3.on(ListObjectsV2Command, { Prefix: 'raw/purchase/' }).resolves({ Contents: [{ Key: cut, Size: 5 }] });
    s3.on(GetObjectCommand, { Key: cut }).callsFake(() => ({
      Body: createReadStream(new URL('../../fixtures/records/gzip-cut.csv.gz', import.meta.url)),
    }));
    await judged({ date: SAMPLE_LAST_DAY });
    const [refused] = published().filter((news) => news.subject === 'raw.purchase');
    expect(refused).toMatchObject({ verdict: 'fail', counted: { failed: 1, total: 1 }, runbook: 'a-file-was-refused' });
    expect(refused?.offenders[0]?.values.reason).toContain('corrupt_gzip');
    expect(refused?.reaches.map((reached) => reached.name)).toContain('dashboard.refunds');
  });

  it('leaves a day that is too large to the Glue job, having read nothing', async () => {
    s3.on(ListObjectsV2Command, { Prefix: 'raw/orders/' }).resolves({
      Contents: [{ Key: `raw/orders/dt=${SAMPLE_LAST_DAY}/big.csv.gz`, Size: 1024 ** 3 }],
    });
    expect(await judged({ date: SAMPLE_LAST_DAY })).toMatchObject({
      decision: 'too_large',
      status: null,
      result: null,
    });
    expect(fetched).toEqual([]);
    expect(sns.commandCalls(PublishCommand)).toHaveLength(0);
  });

  describe('that the Glue job judged', () => {
    const found = `job-validation/dt=${SAMPLE_LAST_DAY}/result.json`;
    const left = (text: string) =>
      s3
        .on(GetObjectCommand, { Bucket: 'results', Key: found })
        .callsFake(() => ({ Body: { transformToString: async () => text } }));

    it('tells the same as of one that it judged itself: result, reports and answer, and reads nothing else', async () => {
      const own = await judged({ date: SAMPLE_LAST_DAY });
      const [result, reports] = [written(), published()];
      const local = await validate({ plan, raw, date: SAMPLE_LAST_DAY, only: [], onTable: () => {} });
      s3.resetHistory();
      sns.resetHistory();
      fetched.length = 0;
      left(JSON.stringify(local));
      const { bytes: _bytes, ...answer } = own as typeof own & { readonly bytes: number };
      expect(await judged({ date: SAMPLE_LAST_DAY, judged: true })).toEqual(answer);
      expect({ ...written(), seconds: 0 }).toEqual({ ...result, seconds: 0 });
      expect(result.checks.some(({ check }) => check === 'readable')).toBe(true);
      const said = (all: typeof reports) => all.map(({ at: _at, ...news }) => news);
      expect(said(published())).toEqual(said(reports));
      expect(fetched).toEqual([]);
    });

    it.each([
      [
        'of another day',
        { date: '2020-01-01', status: 'pass', seconds: 1, tables: [], checks: [], files: [] },
        /not 2/,
      ],
      ['no validation', { date: SAMPLE_LAST_DAY, status: 'ok' }, /is no validation.*at status/s],
    ])('tells nothing when what it left is %s', async (_what, findings, says) => {
      left(JSON.stringify(findings));
      await expect(judged({ date: SAMPLE_LAST_DAY, judged: true })).rejects.toThrow(says);
      expect(s3.commandCalls(PutObjectCommand)).toHaveLength(0);
      expect(sns.commandCalls(PublishCommand)).toHaveLength(0);
    });

    it('names the place when it left nothing', async () => {
      s3.on(GetObjectCommand, { Key: found }).rejects(new Error('Access Denied'));
      await expect(judged({ date: SAMPLE_LAST_DAY, judged: true })).rejects.toThrow(
        `no result can be read at s3://results/${found}: Access Denied`,
      );
    });
  });

  it('counts a compressed file by what it may become', async () => {
    const only = (path: string) => ({
      async *since(dataset: string) {
        if (dataset === 'orders') yield { key: path, date: SAMPLE_LAST_DAY, path, bytes: 100 };
      },
      fetch: async () => {},
    });
    const decide = (path: string) => validateDaily(plan, SAMPLE_LAST_DAY, only(path), { dayBytes: 999 });
    expect(await decide('orders/a.csv.gz')).toEqual({ decision: 'too_large', bytes: 1000, limit: 999 });
    expect((await decide('orders/a.csv')).decision).toBe('judged');
  });
});
