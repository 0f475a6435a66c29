import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { broken, fakeBuckets } from './results.ts';
import { fakeStacks } from './stacks.ts';

const DAY = '2026-06-29';
const VALIDATE = ['validate', '--env', 'dev', '--date', DAY];

/** In place of the Lambda: it answers that, or fails with it. */
function fakeLambda(answer: object, FunctionError?: string) {
  const client = mockClient(LambdaClient);
  const Payload = Buffer.from(JSON.stringify(answer)) as never;
  client.on(InvokeCommand).resolves(FunctionError ? { Payload, FunctionError } : { Payload });
  return client;
}

const stored = (verdict: 'warn' | 'fail') => ({
  [`dev-results/validation/dt=${DAY}/result.json`]: {
    date: DAY,
    status: verdict === 'fail' ? 'fail' : 'pass',
    seconds: 1.5,
    tables: [{ name: 'base.refund', read: 10, accepted: 8, duplicate: 0, superseded: 0, quarantined: 2 }],
    checks: [broken('base.refund', verdict)],
    files: [{ path: 'refund/dt=2026-06-29/b.gz', dataset: 'refund', rows: 0, status: 'refused', reason: 'cut' }],
  },
});

beforeEach(() => {
  fakeStacks();
  fakeBuckets({});
});

describe('validate --env', () => {
  it.each([
    ['fail', 1, 'not clean: source data of 2026-06-29, 10 records'],
    ['warn', 0, 'clean: source data of 2026-06-29, 10 records'],
  ] as const)('has the Lambda judge the day and shows its findings: %s is %i', async (verdict, expected, words) => {
    const client = fakeLambda({ date: DAY, decision: 'judged', bytes: 100 });
    fakeBuckets(stored(verdict));
    const { code, stdout, stderr } = await runCli(VALIDATE);
    expect(code).toBe(expected);
    expect(client.commandCalls(InvokeCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'dev-validate',
      Payload: JSON.stringify({ date: DAY }),
    });
    expect(stderr).toContain('dev-validate judges the source data of 2026-06-29');
    expect(stdout).toContain('refund/dt=2026-06-29/a.csv record 7: id=r1');
    expect(stdout).toContain('refused  refund/dt=2026-06-29/b.gz: cut');
    expect(stdout).toContain(words);
  });

  it('prints the same object as on this machine', async () => {
    fakeLambda({ date: DAY, decision: 'judged', bytes: 100 });
    fakeBuckets(stored('warn'));
    const { stdout } = await runCli([...VALIDATE, '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual(Object.values(stored('warn'))[0]);
  });

  it.each([
    [
      'a day too large for the function',
      { decision: 'too_large', bytes: 3e9 },
      undefined,
      'more than the function can hold; the daily run has the Glue job judge them: lakehouse run --env dev --as-of 2026-06-29',
    ],
    [
      'a function that broke',
      { errorType: 'Error', errorMessage: 'no plan' },
      'Unhandled',
      'the function dev-validate failed: Error: no plan; its log group is /aws/lambda/dev-validate',
    ],
    ['a result that is not there', { decision: 'judged', bytes: 1 }, undefined, 'left no result in dev-results'],
  ])('exits 1 for %s', async (_what, answer, error, message) => {
    fakeLambda(answer, error);
    const { code, stderr } = await runCli(VALIDATE);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
