import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dimensionsOf, METRIC_NAMESPACE, METRICS } from '../../lib/aws/index.ts';
import { context } from './bundle.ts';

/** What Lambda tells a process about itself. */
const IN_LAMBDA = {
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LAMBDA_TASK_ROOT: '/var/task',
  AWS_LAMBDA_FUNCTION_NAME: 'run-checks',
  _HANDLER: 'index.handler',
  _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1',
};

// The tracer looks around when it is loaded.
for (const [name, value] of Object.entries(IN_LAMBDA)) vi.stubEnv(name, value);
const { Telemeter } = await import('../../lambdas/shared/telemetry.ts');

describe('what a Lambda tells while it works', () => {
  const said: string[] = [];
  beforeAll(() => {
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => said.push(...String(text).trim().split('\n')) > 0);
    }
  });
  afterAll(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
  beforeEach(() => {
    said.length = 0;
  });
  const lines = () => said.map((line) => JSON.parse(line));
  const metrics = () => lines().find((line) => '_aws' in line);

  it('has metrics with exactly the dimensions that alarms name', async () => {
    const telemeter = new Telemeter('run-checks', 'dev');
    await telemeter.during(context(), async () => telemeter.count(METRICS.checksFailed, 3));
    const dimensions = dimensionsOf('run-checks', 'dev');
    expect(metrics()).toMatchObject({ ...dimensions, ChecksFailed: 3 });
    const [{ Namespace, Dimensions }] = metrics()._aws.CloudWatchMetrics;
    expect([Namespace, Dimensions.map((set: string[]) => [...set].sort())]).toEqual([
      METRIC_NAMESPACE,
      [Object.keys(dimensions).sort()],
    ]);
  });

  it('says nothing of metrics when there are none', async () => {
    await new Telemeter('run-checks', 'dev').during(context(), async () => undefined);
    expect(said).toEqual([]);
  });

  it('tells of an error with the request and the trace, lets it through, and keeps what was counted', async () => {
    const telemeter = new Telemeter('run-checks', 'dev');
    const failing = telemeter.during(context(), async () => {
      telemeter.count(METRICS.checksWarned, 1);
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    expect(lines().find((line) => line.level === 'ERROR')).toMatchObject({
      message: 'no room',
      service: 'run-checks',
      environment: 'dev',
      function_request_id: 'request-1',
      xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
    });
    expect(metrics()).toMatchObject({ ChecksWarned: 1 });
  });
});
