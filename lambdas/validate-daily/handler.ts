import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { METRICS, resultKey } from '../../lib/aws/index.ts';
import { edge } from '../shared/edge.ts';
import { FindingsTopic } from '../shared/findings-topic.ts';
import { RawZone } from '../shared/raw-zone.ts';
import { readPlan } from '../shared/read-plan.ts';
import { Results } from '../shared/results.ts';
import type { Telemetry } from '../shared/telemetry.ts';
import { outcomesOf } from './outcomes.ts';
import { validateDaily } from './validate-daily.ts';

/** The engine's share of the function's memory; the record layer has the rest. */
const memoryLimit = `${Math.floor(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 2048) * 0.6)}MiB`;

/** `{date}` -> `{decision: 'judged', status, result}`, or `{decision: 'too_large', …}` for the caller to give it to the Glue job. */
export const handler = edge('validate-daily', z.object({ date: z.iso.date() }), ({ settings, telemetry }) => {
  const s3 = telemetry.traced(new S3Client({}));
  const raw = new RawZone(s3, settings.RAW_BUCKET);
  const results = new Results(() => s3, settings.RESULTS_BUCKET);
  const topic = new FindingsTopic(
    telemetry.traced(new SNSClient({})),
    settings.FINDINGS_TOPIC_ARN,
    settings.ENVIRONMENT,
  );
  const plan = readPlan();
  return async ({ date }) => {
    const decided = await validateDaily(plan, date, raw, { memoryLimit });
    if (decided.decision === 'too_large') {
      telemetry.logger.warn('the day is too large to be judged here', { ...decided });
      return { date, ...decided, status: null, result: null };
    }
    const { validation, bytes } = decided;
    const outcomes = outcomesOf(plan, validation);
    const result = await results.put(resultKey('validation', date), { ...validation, checks: outcomes });
    await topic.publish({ by: 'validate-daily', scope: `source data of ${date}` }, outcomes);
    for (const { name, ...fates } of validation.tables)
      if (fates.read > 0) telemetry.logger.info('the day of a table', { date, table: name, fates });
    measure(telemetry, validation, outcomes);
    return { date, decision: 'judged', status: validation.status, bytes, result } as const;
  };
});

function measure(
  telemetry: Telemetry,
  { tables }: { readonly tables: readonly { readonly read: number; readonly quarantined: number }[] },
  outcomes: readonly { readonly check: string; readonly verdict: string; readonly failed: number }[],
): void {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const having = (verdict: string) => outcomes.filter((each) => each.verdict === verdict).length;
  telemetry.count(METRICS.recordsRead, sum(tables.map((table) => table.read)));
  telemetry.count(METRICS.recordsQuarantined, sum(tables.map((table) => table.quarantined)));
  telemetry.count(
    METRICS.filesRefused,
    sum(outcomes.filter((each) => each.check === 'readable').map((each) => each.failed)),
  );
  telemetry.count(METRICS.checksFailed, having('fail'));
  telemetry.count(METRICS.checksWarned, having('warn'));
}
