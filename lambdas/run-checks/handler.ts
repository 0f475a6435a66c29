import { AthenaClient } from '@aws-sdk/client-athena';
import { SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { METRICS, resultKey } from '../../lib/aws/index.ts';
import { athenaOf } from '../../lib/engines/athena.ts';
import { isBroken } from '../../lib/quality/index.ts';
import { edge } from '../shared/edge.ts';
import { FindingsTopic } from '../shared/findings-topic.ts';
import { startedSchema } from '../shared/queries.ts';
import { readPlan } from '../shared/read-plan.ts';
import { Results } from '../shared/results.ts';
import { runChecks } from './run-checks.ts';

const eventSchema = z.object({
  date: z.iso.date(),
  run: z.string().min(1),
  queries: z.array(startedSchema).default([]),
});

/** `{date, run}` -> `{done: false, …}`, to be given back as it is until `{done: true, status, bytes, result}`. */
export const handler = edge('run-checks', eventSchema, ({ settings, telemetry }) => {
  const athena = athenaOf(telemetry.traced(new AthenaClient({})), settings.ATHENA_WORKGROUP);
  const results = new Results((client) => telemetry.traced(client), settings.RESULTS_BUCKET);
  const topic = new FindingsTopic(
    telemetry.traced(new SNSClient({})),
    settings.FINDINGS_TOPIC_ARN,
    settings.ENVIRONMENT,
  );
  const plan = readPlan();
  return async ({ date, run, queries }) => {
    const checked = await runChecks(plan, settings.NAME_PREFIX, { date, run, queries }, athena);
    if (!checked.done) return { date, run, ...checked };
    const { outcomes, bytes } = checked;
    const having = (verdict: string) => outcomes.filter((outcome) => outcome.verdict === verdict).length;
    const status = having('fail') > 0 ? 'fail' : 'pass';
    const result = await results.put(resultKey('checks', date), { date, run, status, bytes, checks: outcomes });
    await topic.publish({ by: 'run-checks', scope: `tables as of ${date}` }, outcomes);
    for (const { table, check, verdict, failed, total } of outcomes.filter(isBroken))
      telemetry.logger.warn('a check is broken', { date, broken: { table, check, verdict, failed, total } });
    telemetry.count(METRICS.checksFailed, having('fail'));
    telemetry.count(METRICS.checksWarned, having('warn'));
    telemetry.count(METRICS.bytesScanned, bytes);
    return { date, run, done: true, status, bytes, result } as const;
  };
});
