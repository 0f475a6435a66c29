import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { METRICS, resultKey } from '../../lib/aws/index.ts';
import type { Validation } from '../../lib/run/validate.ts';
import { edge } from '../shared/edge.ts';
import { FindingsTopic } from '../shared/findings-topic.ts';
import { RawZone } from '../shared/raw-zone.ts';
import { readPlan } from '../shared/read-plan.ts';
import { Results } from '../shared/results.ts';
import type { Telemetry } from '../shared/telemetry.ts';
import { parseJobFindings } from './job-findings.ts';
import { outcomesOf } from './outcomes.ts';
import { validateDaily } from './validate-daily.ts';

/** The engine's share of the function's memory; the record layer has the rest. */
const memoryLimit = `${Math.floor(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 2048) * 0.6)}MiB`;

const eventSchema = z.object({
  date: z.iso.date(),
  /** The Glue job judged the day: what it found is told as if it had been found here. */
  judged: z.boolean().default(false),
});

/**
 * `{date}` -> `{decision: 'judged', status, result}`, or `{decision: 'too_large', …}` for the caller to give it to the Glue job
 * and to call once more with `{date, judged: true}`. Either may be repeated: the result is written anew, and nobody is told twice.
 */
export const handler = edge('validate-daily', eventSchema, ({ settings, telemetry }) => {
  const s3 = telemetry.traced(new S3Client({}));
  const raw = new RawZone(s3, settings.RAW_BUCKET);
  const results = new Results(() => s3, settings.RESULTS_BUCKET);
  const topic = new FindingsTopic(
    telemetry.traced(new SNSClient({})),
    settings.FINDINGS_TOPIC_ARN,
    settings.ENVIRONMENT,
  );
  const plan = readPlan();
  const tell = async (date: string, validation: Validation) => {
    const outcomes = outcomesOf(plan, validation);
    const result = await results.put(resultKey('validation', date), { ...validation, checks: outcomes });
    await topic.publish({ by: 'validate-daily', scope: `source data of ${date}` }, outcomes);
    for (const { name, ...fates } of validation.tables)
      if (fates.read > 0) telemetry.logger.info('the day of a table', { date, table: name, fates });
    measure(telemetry, validation, outcomes);
    return { date, decision: 'judged', status: validation.status, result } as const;
  };
  return async ({ date, judged }) => {
    if (judged) return await tell(date, parseJobFindings(date, await results.get(resultKey('job-validation', date))));
    const decided = await validateDaily(plan, date, raw, { memoryLimit });
    if (decided.decision === 'too_large') {
      telemetry.logger.warn('the day is too large to be judged here', { ...decided });
      return { date, ...decided, status: null, result: null };
    }
    return { ...(await tell(date, decided.validation)), bytes: decided.bytes };
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
