import { createHash } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { PutRecordCommand, SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { z } from 'zod';
import { METRICS, PIPELINE_PARAMETERS, pipelineName } from '../../lib/aws/index.ts';
import { athenaOf } from '../../lib/engines/athena.ts';
import { edge } from '../shared/edge.ts';
import { inTurn } from '../shared/in-turn.ts';
import { startedSchema } from '../shared/queries.ts';
import { readPlan } from '../shared/read-plan.ts';
import { type FeatureStore, isTrainedOn, publishFeatures } from './publish-features.ts';

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

/** `{date, run}` -> `{done: false, …}`, to be given back as it is until `{done: true, rows}`; then the models that are trained on that day are, once per run. */
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
    const due = plan.models.filter((model) => isTrainedOn(model, date));
    if (due.length === 0) return;
    // Needed on few days, and a third of the time to start.
    const { SageMakerClient, StartPipelineExecutionCommand } = await import('@aws-sdk/client-sagemaker');
    const sagemaker = telemetry.traced(new SageMakerClient({}));
    await inTurn(due, 1, async ({ name }) => {
      const pipeline = pipelineName(settings.NAME_PREFIX, name);
      await sagemaker.send(
        new StartPipelineExecutionCommand({
          PipelineName: pipeline,
          // A second start with the same token is the first one.
          ClientRequestToken: createHash('sha256').update(`${run} ${pipeline}`).digest('hex'),
          PipelineParameters: [{ Name: PIPELINE_PARAMETERS.asOf, Value: date }],
        }),
      );
    });
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
