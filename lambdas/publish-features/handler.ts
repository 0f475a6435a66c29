import { createHash } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { PutRecordCommand, SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { z } from 'zod';
import { METRICS, NONE, PIPELINE_PARAMETERS } from '../../lib/aws/index.ts';
import { athenaOf } from '../../lib/engines/athena.ts';
import { edge } from '../shared/edge.ts';
import { startedSchema } from '../shared/queries.ts';
import { readPlan } from '../shared/read-plan.ts';
import { type FeatureStore, featureTables, publishFeatures } from './publish-features.ts';

const eventSchema = z.object({
  date: z.iso.date(),
  run: z.string().min(1),
  queries: z.array(startedSchema).default([]),
  table: z.int().min(0).default(0),
  page: z.string().nullable().default(null),
  rows: z.int().min(0).default(0),
});

/** Time left at which no further page is begun. */
const LAST_CALL_MS = 20_000;

/** `{date, run}` -> `{done: false, …}`, to be given back as it is until `{done: true, rows}`; then the training pipeline is started, once per run. */
export const handler = edge('publish-features', eventSchema, ({ settings, telemetry }) => {
  const athena = athenaOf(telemetry.traced(new AthenaClient({})), settings.ATHENA_WORKGROUP);
  // One call a record: the store throttles bursts, and waiting is right.
  const runtime = telemetry.traced(new SageMakerFeatureStoreRuntimeClient({ maxAttempts: 8, retryMode: 'adaptive' }));
  const plan = readPlan();
  const store: FeatureStore = {
    async put(group, record) {
      const Record = record.map(({ name, text }) => ({ FeatureName: name, ValueAsString: text }));
      await runtime.send(new PutRecordCommand({ FeatureGroupName: group, Record }));
    },
  };
  const train = async (date: string, run: string) => {
    if (settings.PIPELINE_NAME === NONE || featureTables(plan).length === 0) return;
    // Needed once in many calls, and a third of the time to start.
    const { SageMakerClient, StartPipelineExecutionCommand } = await import('@aws-sdk/client-sagemaker');
    await telemetry.traced(new SageMakerClient({})).send(
      new StartPipelineExecutionCommand({
        PipelineName: settings.PIPELINE_NAME,
        ClientRequestToken: createHash('sha256').update(run).digest('hex'),
        PipelineParameters: [{ Name: PIPELINE_PARAMETERS.asOf, Value: date }],
      }),
    );
  };
  return async ({ date, ...publishing }, context) => {
    const mayGoOn = () => context.getRemainingTimeInMillis() > LAST_CALL_MS;
    const published = await publishFeatures(plan, settings.NAME_PREFIX, publishing, { athena, store }, mayGoOn);
    telemetry.count(METRICS.featuresPublished, published.rows - publishing.rows);
    if (!published.done) return { date, ...published };
    await train(date, publishing.run);
    return { date, run: publishing.run, done: true, rows: published.rows } as const;
  };
});
