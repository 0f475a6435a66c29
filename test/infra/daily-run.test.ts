import { describe, expect, it } from 'vitest';
import { noticeSchema } from '../../lib/alerts/index.ts';
import { resultKey } from '../../lib/aws/index.ts';
import { type DailyRun, dailyRun } from '../../lib/infra/machine/daily-run.ts';
import { at } from '../../lib/infra/readable.ts';
import { execute, TaskError, type Tasks } from './states-interpreter.ts';

const RUN: DailyRun = {
  environment: 'dev',
  topicArn: 'topic',
  senseArn: 'sense',
  validateArn: 'validate',
  resultsBucket: 'results',
  jobName: 'job',
  sensing: { deadlineMinutes: 60, everyMinutes: 15 },
  jobTimeoutMinutes: 60,
  steps: [
    { name: 'Checks', functionArn: 'checks' },
    { name: 'Exports', functionArn: 'exports' },
  ],
  dashboards: null,
  reports: { name: 'Reports', functionArn: 'exports', event: { kind: 'report' } },
};
const machine = dailyRun(RUN);

type Answer = Parameters<Tasks>[2];
interface World {
  /** Answers of a Lambda, one per call; the last stays. */
  readonly lambdas?: Readonly<Record<string, readonly (Answer | TaskError)[]>>;
  /** Failures of the Glue job, one per start; then it works. */
  readonly glue?: readonly TaskError[];
  readonly sns?: 'down';
}

const READY = { ready: true, missing: [], stopping: [] };
const FINE: Required<World>['lambdas'] = {
  sense: [READY],
  validate: [{ decision: 'judged', status: 'pass' }],
  checks: [
    { done: false, date: '2026-11-20', run: 'run-1', queries: [1] },
    { done: true, status: 'pass' },
  ],
  exports: [{ done: true, exported: [] }],
};

/** An execution in a world, with what was published and every call that was made. */
async function executed(world: World = {}, input: Answer = { date: '2026-11-20' }, of = machine) {
  const lambdas = { ...FINE, ...world.lambdas };
  const glue = [...(world.glue ?? [])];
  const calls: { resource: string; parameters: Record<string, never> }[] = [];
  const published: unknown[] = [];
  const counts = new Map<string, number>();
  const tasks: Tasks = (_, resource, parameters) => {
    const given = parameters as unknown as Record<string, never>;
    calls.push({ resource, parameters: given });
    if (resource.endsWith('sns:publish')) {
      if (world.sns === 'down') throw new TaskError('SNS.InternalError', 'down');
      published.push(noticeSchema.parse(given.Message));
      return {};
    }
    if (resource.includes('glue:')) {
      const failure = glue.shift();
      if (failure) throw failure;
      return { JobRunState: 'SUCCEEDED' };
    }
    const name = String(given.FunctionName);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const answers = lambdas[name] ?? [];
    const answer = answers[Math.min(count, answers.length - 1)];
    if (answer instanceof TaskError) throw answer;
    return { Payload: answer ?? null };
  };
  const execution = await execute(of, input, tasks);
  const told = (published as { incident: string; verdict: string; says: string }[]).map(
    ({ incident, verdict }) => `${incident} ${verdict}`,
  );
  return { ...execution, calls, published: published as { says: string }[], told };
}

const broken = new TaskError('Lambda.Unknown', 'it broke');

describe('a daily run', () => {
  it('senses, validates, runs the plan, then each step, and tells that what was wrong is over', async () => {
    const { status, path, told } = await executed();
    expect(status).toBe('SUCCEEDED');
    const tasks = ['Sense', 'Validate', 'RunPlan', 'Checks', 'Exports', 'TellSuccess'];
    expect([...new Set(path)].filter((name) => tasks.includes(name))).toEqual(tasks);
    expect(told).toEqual(['daily-run/missing-sources pass', 'daily-run/failed pass']);
  });

  it('runs the day before its schedule, whatever the hour', async () => {
    const { calls } = await executed({}, { scheduled: '2026-03-01T02:00:00Z' });
    const job = calls.find(({ resource }) => resource.includes('glue:'));
    expect(job?.parameters).toMatchObject({
      JobName: 'job',
      Arguments: { '--mode': 'run', '--as_of': '2026-02-28', '--run': 'run-1' },
    });
  });

  it('closes the month with its reports when it is the monthly one, and else does not', async () => {
    const kinds = async (input: Answer) =>
      (await executed({}, input)).calls
        .filter(({ parameters }) => parameters.FunctionName === 'exports')
        .map(({ parameters }) => at(parameters, 'Payload.kind'));
    expect(await kinds({ scheduled: '2026-03-01T06:00:00Z', monthly: true })).toEqual([undefined, 'report']);
    expect(await kinds({ scheduled: '2026-03-01T06:00:00Z' })).toEqual([undefined]);
    expect(await kinds({ date: '2026-02-28', monthly: true })).toEqual([undefined, 'report']);
  });

  it('gives a polled step its own answer back until it is done', async () => {
    const { calls, waitedSeconds } = await executed();
    const payloads = calls
      .filter(({ parameters }) => parameters.FunctionName === 'checks')
      .map(({ parameters }) => parameters.Payload);
    expect(payloads).toEqual([
      { date: '2026-11-20', run: 'run-1' },
      { done: false, date: '2026-11-20', run: 'run-1', queries: [1] },
    ]);
    expect(waitedSeconds).toBeGreaterThan(0);
  });

  it('hands a day that is too large for the Lambda to the Glue job, and has the Lambda tell what that found', async () => {
    const { status, path, calls } = await executed({ lambdas: { validate: [{ decision: 'too_large' }] } });
    expect(status).toBe('SUCCEEDED');
    const judging = path.filter((state) => /Validat|RunPlan/.test(state));
    expect(judging).toEqual(['Validate', 'ValidateOnGlue', 'TellValidation', 'RunPlan']);
    const ofTheDay = { '--as_of': '2026-11-20', '--run': 'run-1' };
    const jobs = calls.filter(({ resource }) => resource.includes('glue:'));
    expect(jobs.map(({ parameters }) => at(parameters, 'Arguments'))).toEqual([
      {
        '--mode': 'validate',
        '--result': `s3://results/${resultKey('job-validation', '2026-11-20')}`,
        ...ofTheDay,
      },
      { '--mode': 'run', ...ofTheDay },
    ]);
    const asked = calls.filter(({ parameters }) => parameters.FunctionName === 'validate');
    expect(asked.map(({ parameters }) => parameters.Payload)).toEqual([
      { date: '2026-11-20' },
      { date: '2026-11-20', judged: true },
    ]);
  });

  it('can be run again for the same date: it goes the same way', async () => {
    expect((await executed()).path).toEqual((await executed()).path);
  });
});

describe('missing sources', () => {
  const missing = (stopping: string[]) => ({ ready: false, missing: ['refund'], stopping });

  it('are waited for', async () => {
    const { status, waitedSeconds, told } = await executed({
      lambdas: { sense: [missing([]), missing([]), READY], checks: [{ done: true }] },
    });
    expect([status, waitedSeconds]).toEqual(['SUCCEEDED', 2 * 15 * 60]);
    expect(told).not.toContain('daily-run/missing-sources warn');
  });

  it('are told after the deadline, and the run goes on where contracts allow', async () => {
    const { status, waitedSeconds, told, published } = await executed({
      lambdas: { sense: [missing([])], checks: [{ done: true }] },
    });
    expect([status, waitedSeconds]).toEqual(['SUCCEEDED', 60 * 60]);
    expect(told).toEqual(['daily-run/missing-sources warn', 'daily-run/failed pass']);
    expect(published[0]?.says).toBe('["refund"] of 2026-11-20 has not come');
  });

  it('stop the run where a contract says so', async () => {
    const { status, error, told, path } = await executed({ lambdas: { sense: [missing(['refund'])] } });
    expect([status, error]).toEqual(['FAILED', 'SourcesMissing']);
    expect(told).toEqual(['daily-run/missing-sources warn', 'daily-run/failed warn']);
    expect(path).not.toContain('RunPlan');
  });
});

describe('a failure', () => {
  it.each([
    ['Sense', { sense: [broken] }],
    ['Validate', { validate: [broken] }],
    ['TellValidation', { validate: [{ decision: 'too_large' }, broken] }],
    ['Checks', { checks: [broken] }],
    ['Exports', { exports: [broken] }],
  ])('of %s is tried again three times, then told, and fails the run', async (name, lambdas) => {
    const { status, error, told, path, published } = await executed({ lambdas });
    expect([status, error]).toEqual(['FAILED', 'Lambda.Unknown']);
    expect(path.filter((each) => each === name)).toHaveLength(4);
    expect(told.at(-1)).toBe('daily-run/failed warn');
    expect(published.at(-1)?.says).toBe('the run of 2026-11-20 failed: Lambda.Unknown it broke');
  });

  it('that passes is no failure', async () => {
    expect((await executed({ lambdas: { validate: [broken, { decision: 'judged' }] } })).status).toBe('SUCCEEDED');
  });

  it('of the job is tried once more, then told', async () => {
    const failed = new TaskError('Glue.JobRunFailed', 'out of memory');
    expect((await executed({ glue: [failed] })).status).toBe('SUCCEEDED');
    const { status, told } = await executed({ glue: [failed, failed] });
    expect([status, told.at(-1)]).toEqual(['FAILED', 'daily-run/failed warn']);
  });

  it('to start the job because it is running is waited out', async () => {
    const busy = new TaskError('Glue.ConcurrentRunsExceededException', 'one is running');
    expect((await executed({ glue: Array.from({ length: 8 }, () => busy) })).status).toBe('SUCCEEDED');
  });

  it.each([5, 60, 240, 720])(
    'to start a job of at most %d minutes is waited out as long as a run may take',
    async (jobTimeoutMinutes) => {
      const glue = Array.from(
        { length: 100 },
        () => new TaskError('Glue.ConcurrentRunsExceededException', 'one is running'),
      );
      const of = dailyRun({ ...RUN, jobTimeoutMinutes });
      const { status, waitedSeconds } = await executed({ glue }, undefined, of);
      expect(status).toBe('FAILED');
      expect(waitedSeconds).toBeGreaterThan(60 * jobTimeoutMinutes);
      // There is time left then for the run itself.
      expect(waitedSeconds + 60 * (RUN.sensing.deadlineMinutes + jobTimeoutMinutes)).toBeLessThan(of.TimeoutSeconds);
    },
  );

  it('to tell anybody hides neither success nor failure', async () => {
    expect((await executed({ sns: 'down' })).status).toBe('SUCCEEDED');
    expect((await executed({ sns: 'down', lambdas: { validate: [broken] } })).status).toBe('FAILED');
  });
});

describe('the machine', () => {
  const states = Object.entries(machine.States);

  it('retries with backoff and jitter, but where it waits for a turn, and catches on every task', () => {
    const tasks = states.filter(([, state]) => state.Type === 'Task');
    for (const [, { Retry, Catch }] of tasks) {
      for (const rule of Retry as { ErrorEquals: string[]; BackoffRate: number; JitterStrategy: string }[]) {
        expect(rule.BackoffRate).toBeGreaterThan(1);
        const turn = rule.ErrorEquals.includes('Glue.ConcurrentRunsExceededException');
        expect(rule.JitterStrategy).toBe(turn ? 'NONE' : 'FULL');
      }
      expect(Catch).toEqual([expect.objectContaining({ ErrorEquals: ['States.ALL'] })]);
    }
  });

  it('names no state that is not there, and has none that nothing reaches', () => {
    const targets = states.flatMap(([, state]) =>
      [...JSON.stringify(state).matchAll(/"(?:Next|Default)":"(\w+)"/g)].map(([, name]) => name),
    );
    expect([...new Set([machine.StartAt, ...targets])].sort()).toEqual(states.map(([name]) => name).sort());
  });
});

describe('dashboards', () => {
  const dashboards = { accountId: '111122223333', dataSetIds: ['one', 'two'] };
  const showing = dailyRun({ ...RUN, dashboards });

  /** An execution in a world where all else is fine, and refreshes go as told: each look at one takes the next status. */
  async function refreshed(statuses: readonly string[], begun?: TaskError) {
    const begins: unknown[] = [];
    const left = new Map(dashboards.dataSetIds.map((id) => [id, [...statuses]]));
    const told: string[] = [];
    const tasks: Tasks = (_, resource, parameters) => {
      const given = parameters as unknown as Record<string, string>;
      if (resource.endsWith('createIngestion')) {
        begins.push(given);
        if (begun) throw begun;
        return {};
      }
      if (resource.endsWith('describeIngestion'))
        return { Ingestion: { IngestionStatus: left.get(given.DataSetId ?? '')?.shift() ?? 'COMPLETED' } };
      if (resource.endsWith('sns:publish')) {
        told.push(noticeSchema.parse(given.Message).says);
        return {};
      }
      if (resource.includes('glue:')) return { JobRunState: 'SUCCEEDED' };
      return { Payload: { ...READY, decision: 'judged', done: true } };
    };
    return { ...(await execute(showing, { date: '2026-11-20' }, tasks)), begins, told };
  }

  it('are refreshed when all else is made, each data set by itself, and waited for', async () => {
    const { status, path, begins, waitedSeconds } = await refreshed(['QUEUED', 'RUNNING', 'COMPLETED']);
    expect(status).toBe('SUCCEEDED');
    expect(begins).toEqual(
      ['one', 'two'].map((DataSetId) => ({ AwsAccountId: '111122223333', DataSetId, IngestionId: 'run-1' })),
    );
    expect(path.indexOf('Exports')).toBeLessThan(path.indexOf('Refresh'));
    expect(waitedSeconds).toBe(2 * 3 * 20);
  });

  it('whose refresh was begun by an earlier try are waited for, not begun anew', async () => {
    const { status, begins } = await refreshed(
      ['COMPLETED'],
      new TaskError('QuickSight.ResourceExistsException', 'there'),
    );
    expect([status, begins.length]).toEqual(['SUCCEEDED', 2]);
  });

  it.each([
    [['FAILED'], undefined, /DashboardsNotRefreshed one$/],
    [['RUNNING', 'CANCELLED'], undefined, /DashboardsNotRefreshed one$/],
    [[], new TaskError('QuickSight.AccessDeniedException', 'no'), /QuickSight.AccessDeniedException no$/],
  ])('that cannot be refreshed (%j) are told of', async (statuses, begun, says) => {
    const { status, told } = await refreshed(statuses, begun);
    expect(status).toBe('FAILED');
    expect(told.at(-1)).toMatch(says);
  });
});
