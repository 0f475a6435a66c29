import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { fakeMachine } from './executions.ts';
import { broken, fakeBuckets, holding } from './results.ts';
import { awsError, fakeStacks } from './stacks.ts';

const DAY = '2026-06-29';
const RUN = ['run', '--env', 'dev', '--as-of', DAY];
const follow = (name: string) => ['run', '--env', 'dev', '--follow', name];
const stored = (run: string, checks: readonly object[]) => ({
  [`dev-results/checks/dt=${DAY}/result.json`]: { date: DAY, run, status: 'pass', bytes: 1, checks },
});

beforeEach(() => {
  fakeStacks();
  fakeBuckets({});
});

describe('run --env', () => {
  it('starts the machine for the day and follows it to its end', async () => {
    const { started } = fakeMachine({ status: 'SUCCEEDED' });
    const { code, stdout, stderr } = await runCli([...RUN, '--format', 'json']);
    expect(code).toBe(0);
    const [[name, input] = []] = [...started];
    expect(name).toMatch(/^by-hand-2026-06-29-[0-9a-f]{8}$/);
    expect(input).toEqual({ date: DAY });
    expect(JSON.parse(stdout)).toEqual({
      environment: 'dev',
      run_id: name,
      as_of: DAY,
      status: 'ok',
      seconds: 1230,
      states: [
        { state: 'Sense', calls: 2, seconds: 902, troubles: [] },
        { state: 'RunPlan', calls: 1, seconds: 300, troubles: ['States.TaskFailed: no room\nat once'] },
        { state: 'Checks', calls: 2, seconds: 22, troubles: [] },
        { state: 'RefreshDashboards', calls: 1, seconds: 4, troubles: [] },
      ],
      checks: [],
      error: null,
    });
    expect(stderr.split('\n')).toEqual([
      `${name}  dev, account 111122223333, eu-west-1`,
      '  … Sense  waits (AwaitSources)',
      '  ✓ Sense  2 calls  902.0 s',
      '  ! RunPlan  States.TaskFailed: no room',
      '  ✓ RunPlan  300.0 s',
      '  … Checks  waits (AwaitChecks)',
      '  ✓ Checks  2 calls  22.0 s',
      '  ✓ RefreshDashboards  4.0 s',
      '',
    ]);
  });

  it('gives yesterday to the machine where no day is named', async () => {
    const { started } = fakeMachine({ status: 'SUCCEEDED' });
    const before = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    expect((await runCli(['run', '--env', 'dev', '-q'])).code).toBe(0);
    const after = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    expect([before, after]).toContain(Object.values([...started.values()][0] ?? {})[0]);
  });

  it('looks again until the run has ended, and tells each event once', async () => {
    fakeMachine({ status: 'SUCCEEDED', input: { date: DAY } }, { known: ['nightly'], looks: 1 });
    const { code, stderr } = await runCli(follow('nightly'));
    expect(code).toBe(0);
    expect(stderr.match(/✓ Sense/g)).toHaveLength(1);
    expect(stderr).toContain('✓ Checks');
  });

  it('follows the newest run where none is named', async () => {
    fakeMachine({ status: 'SUCCEEDED', input: { date: DAY } }, { known: ['older', 'newer'] });
    const { stdout } = await runCli(['run', '--env', 'dev', '--follow', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ run_id: 'newer' });
  });

  it('ends the following and not the run when it is interrupted, and says how to go on', async () => {
    const { client } = fakeMachine({ status: 'RUNNING', input: { date: DAY } }, { known: ['nightly'] });
    const { code, stdout, stderr } = await runCli(follow('nightly'), { onInterrupt: (stop) => setTimeout(stop, 20) });
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain('the run goes on; follow it again with: lakehouse run --env dev --follow nightly\n');
    expect(client.commandCalls(StopExecutionCommand)).toEqual([]);
  });

  it('exits 1 with the error of a run that failed', async () => {
    fakeMachine({ status: 'FAILED', error: 'Job', cause: 'no plan' });
    const { code, stdout, stderr } = await runCli(RUN);
    expect(code).toBe(1);
    expect(stderr).toContain('✗ RefreshDashboards');
    expect(stderr).toContain('failed  Job: no plan');
    expect(stdout).toMatch(/^failed: dev as of 2026-06-29, 1230 s {2}run by-hand-/);
  });

  it.each([
    ['fail', 1],
    ['warn', 0],
  ] as const)('shows the findings of the run and exits as on this machine: %s is %i', async (verdict, expected) => {
    fakeMachine({ status: 'SUCCEEDED', input: { date: DAY } }, { known: ['nightly'] });
    fakeBuckets(stored('nightly', [holding, broken('base.refund', verdict)]));
    const { code, stdout } = await runCli(follow('nightly'));
    expect(code).toBe(expected);
    expect(stdout).toContain('expected amount is at least 0; broken by 2 of 10');
    expect(stdout).toContain('refund/dt=2026-06-29/a.csv record 7: id=r1');
    expect(stdout).toContain('base.refund  reaches dashboard.refunds through mart.refunds (3 paths)');
    expect(stdout).toContain('checks  1 pass');
  });

  it('does not take the checks of another run of the day for its own', async () => {
    fakeMachine({ status: 'SUCCEEDED', input: { date: DAY } }, { known: ['nightly'] });
    fakeBuckets(stored('another', [broken('base.refund', 'fail')]));
    const { code, stdout } = await runCli([...follow('nightly'), '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ checks: [] });
  });

  it('gives programs a line per state and check', async () => {
    fakeMachine({ status: 'SUCCEEDED', input: { date: DAY } }, { known: ['nightly'] });
    fakeBuckets(stored('nightly', [holding]));
    const lines = (await runCli([...follow('nightly'), '--format', 'ndjson'])).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['state', 'state', 'state', 'state', 'check']);
    const { stdout } = await runCli([...follow('nightly'), '--format', 'csv']);
    expect(stdout.split('\n')[0]).toBe('state,calls,seconds,troubles');
  });

  it('starts nothing while a run is going: tables are written by one at a time', async () => {
    const { started } = fakeMachine({ status: 'RUNNING' }, { known: ['nightly'] });
    const { code, stderr } = await runCli(RUN);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'dev is held by the run nightly: wait, or follow it with lakehouse run --env dev --follow nightly',
    );
    expect([...started.keys()]).toEqual(['nightly']);
  });

  it('says when there is no such run', async () => {
    fakeMachine({ status: 'SUCCEEDED' });
    expect(await runCli(follow('nobody'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no run nobody'),
    });
    expect((await runCli(['run', '--env', 'dev', '--follow'])).stderr).toContain('there was no run yet');
  });

  it.each([
    [['run', '--env', 'dev', '--raw', 'x'], "option '--env <name>' cannot be used with option '--raw <dir>'"],
    [['run', '--env', 'dev', '--only', 'payments'], "cannot be used with option '--only <name...>'"],
    [['status', '--env', 'dev', '--lake', 'x'], "cannot be used with option '--lake <dir>'"],
    [['run', '--follow'], '--follow wants --env'],
    [['run', '--env', 'staging'], 'unknown environment "staging"\nname one of dev, uat, prod'],
  ])('%j is refused: %s', async (argv, message) => {
    const { code, stderr } = await runCli(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('what AWS refuses is said with the next step, exit 1', () => {
  it.each([
    [
      'a stack that is not deployed',
      { resultsBucket: 'x' },
      /stack lakehouse-dev-orchestration is not deployed in account 111122223333, eu-west-1: npx cdk deploy -c env=dev Orchestration/,
    ],
    [
      'an output that an older deployment lacks',
      { rawBucket: 'x', machine: 'arn' },
      /stack lakehouse-dev-storage has no output ResultsBucket .*: it is older than this program; npx cdk deploy -c env=dev Storage/,
    ],
  ])('%s', async (_what, outputs, message) => {
    fakeStacks(outputs);
    fakeMachine({ status: 'SUCCEEDED' });
    const { code, stderr } = await runCli(RUN);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  it.each([
    [
      'ExpiredToken',
      'The security token is expired',
      /AWS does not accept these credentials: The security token is expired\. Sign in again to account 111122223333/,
    ],
    [
      'AccessDenied',
      'not authorized to perform cloudformation:DescribeStacks',
      /these credentials may not do that: not authorized .*docs\/deploying\.md/,
    ],
    ['ThrottlingException', 'Rate exceeded', /AWS refused: ThrottlingException: Rate exceeded/],
    ['TimeoutError', 'connect ETIMEDOUT', /AWS cannot be reached in eu-west-1: connect ETIMEDOUT/],
  ])('%s', async (name, message, expected) => {
    mockClient(CloudFormationClient).on(DescribeStacksCommand).rejects(awsError(name, message));
    const { code, stderr } = await runCli(RUN);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('crashed');
  });

  it('leaves a fault of this program a crash', async () => {
    mockClient(CloudFormationClient).on(DescribeStacksCommand).rejects(new TypeError('x is not a function'));
    expect(await runCli(RUN)).toMatchObject({ code: 2, stderr: expect.stringContaining('lakehouse crashed') });
  });
});
