import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alertsOf, reportSchema } from '../../../lib/alerts/index.ts';
import { DuckDb } from '../../../lib/engines/index.ts';
import type { Plan } from '../../../lib/plan/index.ts';
import type { Outcome } from '../../../lib/quality/index.ts';
import { type RunReport, run } from '../../../lib/run/index.ts';
import { generateSample, SAMPLE_LAST_DAY } from '../../../lib/sample/index.ts';
import { start } from '../bundle.ts';
import { fakeAthena } from './athena.ts';

const { plan } = JSON.parse(readFileSync(new URL('../../../dist/plan.json', import.meta.url), 'utf8')) as {
  plan: Plan;
};
const folder = mkdtempSync(join(tmpdir(), 'run-checks-test-'));
const [raw, lake] = [join(folder, 'raw'), join(folder, 'lake')];
const PREFIX = 'lakehouse-test';
const s3 = mockClient(S3Client);
const sns = mockClient(SNSClient);
let local: RunReport;
let athena: Awaited<ReturnType<typeof fakeAthena>>;

beforeAll(async () => {
  await generateSample({ out: raw, rows: 400, dirt: 0.05 });
  local = await run(lake, { plan, raw, asOf: SAMPLE_LAST_DAY, only: [], rebuild: [], onEvent: () => {} });
});
beforeEach(async () => {
  athena = await fakeAthena(plan, lake, PREFIX, SAMPLE_LAST_DAY);
  s3.reset();
  s3.on(PutObjectCommand).resolves({});
  sns.reset();
  sns.on(PublishCommand).resolves({});
});
afterEach(() => athena.close());

interface Answer {
  readonly done: boolean;
  readonly status?: string;
  readonly bytes: number;
}
const check = await start<'run-checks', Answer>('run-checks', {
  NAME_PREFIX: PREFIX,
  ATHENA_WORKGROUP: 'checks',
  RESULTS_BUCKET: 'results',
  FINDINGS_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111111111111:findings',
});

/** What a state machine does: gives each answer back until it is the last. `times` repeats each call, as a retry would. */
async function follow(times = 1): Promise<Answer> {
  let event: unknown = { date: SAMPLE_LAST_DAY, run: 'run-1' };
  for (let turn = 0; turn < 200; turn += 1) {
    let answer: Answer | undefined;
    for (let time = 0; time < times; time += 1) answer = await check(event);
    if (answer?.done) return answer;
    event = JSON.parse(JSON.stringify(answer));
  }
  throw new Error('it never ends');
}

const written = (): Outcome[] =>
  JSON.parse(String(s3.commandCalls(PutObjectCommand).at(-1)?.args[0].input.Body)).checks;
const measured = () => written().filter((outcome) => outcome.verdict !== 'skipped');
const published = () => written().filter((outcome) => outcome.check === 'published');

describe('checks on Athena', () => {
  it('find what the run on this machine finds, rows at fault and reach included', async () => {
    expect(await follow()).toMatchObject({
      done: true,
      status: local.result.checks.some((each) => each.verdict === 'fail') ? 'fail' : 'pass',
    });
    const theirs = new Map(local.result.checks.map((each) => [`${each.table} ${each.check}`, each]));
    for (const { table, check: name, severity, verdict, failed, total } of measured()) {
      if (name === 'published') continue;
      expect({ table, check: name, severity, verdict, failed, total }).toEqual(theirs.get(`${table} ${name}`));
    }
    const explained = new Map(local.findings.map((finding) => [`${finding.table} ${finding.check}`, finding]));
    const broken = measured().filter((outcome) => outcome.verdict !== 'pass');
    expect(broken.length).toBeGreaterThan(3);
    for (const { table, check: name, offenders, reaches } of broken) {
      expect({ offenders, reaches }).toMatchObject({
        offenders: JSON.parse(JSON.stringify(explained.get(`${table} ${name}`)?.offenders)),
        reaches: explained.get(`${table} ${name}`)?.reaches,
      });
    }
  });

  it('find every table published that the run did not have to hold', async () => {
    await follow();
    expect(published().map(({ table, verdict }) => [table, verdict])).toEqual(
      plan.tables.map(({ name }) => [name, 'pass']),
    );
  });

  it('tell of a table that the run held, and why, though what stands of it is good', async () => {
    const because = 'a blocking check failed: its last good version stands';
    athena.close();
    const other = join(mkdtempSync(join(folder, 'held-')), 'lake');
    cpSync(lake, other, { recursive: true });
    const db = await DuckDb.open({ path: join(other, 'lake.duckdb') });
    await db.run(`insert into ops.held values ('base.refund', '${because}')`);
    db.close();
    athena = await fakeAthena(plan, other, PREFIX, SAMPLE_LAST_DAY);
    expect(await follow()).toMatchObject({ status: 'fail' });
    expect(published().filter(({ verdict }) => verdict !== 'pass')).toMatchObject([
      { table: 'base.refund', verdict: 'fail', offenders: [{ values: { because } }] },
    ]);
    expect(
      published()
        .find(({ table }) => table === 'base.refund')
        ?.reaches.map(({ name }) => name),
    ).toContain('mart.refunds_by_customer');
  });

  it('leave to the run only what the run alone can measure', async () => {
    await follow();
    const skipped = written()
      .filter((outcome) => outcome.verdict === 'skipped')
      .map((outcome) => `${outcome.table} ${outcome.check}`);
    const own = plan.tables.flatMap((table) =>
      table.checks
        .filter(
          ({ measure }) =>
            measure.kind === 'load' || measure.kind === 'refusals' || JSON.stringify(measure).includes('{{ops.'),
        )
        .map((check) => `${table.name} ${check.name}`),
    );
    expect(skipped).toEqual(own);
  });

  it('publish all that was measured and say what it cost', async () => {
    const { bytes } = await follow();
    expect(bytes).toBe(athena.started.length * 10);
    const news = sns
      .commandCalls(PublishCommand)
      .flatMap((call) => alertsOf(reportSchema.parse(JSON.parse(call.args[0].input.Message ?? ''))));
    expect(news.map((each) => each.verdict)).toEqual(measured().map((each) => each.verdict));
  });

  it('start every query once, a few at a time, although every call is made twice', async () => {
    athena.states = () => ['QUEUED', 'RUNNING', 'RUNNING'];
    await follow(2);
    expect(new Set(athena.started).size).toBe(athena.started.length);
    expect(athena.mostRunning).toBeLessThanOrEqual(10);
  });

  it('try a failed query once more, then name it', async () => {
    athena.states = (attempt) => (attempt === 1 ? ['RUNNING', 'FAILED'] : ['RUNNING']);
    expect(await follow()).toMatchObject({ done: true });
    athena.close();
    athena = await fakeAthena(plan, lake, PREFIX, SAMPLE_LAST_DAY);
    athena.states = () => ['FAILED'];
    await expect(follow()).rejects.toThrow(/the query \S+ failed: no room/);
  });
});
