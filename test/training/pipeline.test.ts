import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateModelPackageGroupCommand,
  ListModelPackagesCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { athenaTable } from '../../lib/aws/index.ts';
import { pipelineDefinition } from '../../lib/infra/training/pipeline-definition.ts';
import { writeTrainingSet } from '../../lib/run/features.ts';
import { pythonEnvironment } from '../../lib/tools/index.ts';
import { runCli } from '../support/cli.ts';
import { Lake, PLAN } from '../support/oracle-lake.ts';
import { startAthena } from './athena-endpoint.ts';
import { CREDENTIALS, startMoto } from './moto.ts';
import { executePipeline, uploadFile, type World } from './pipeline-interpreter.ts';

const AS_OF = '2026-07-01';
const BUCKETS = ['assets', 'results', 'archive'] as const;
const SCRIPTS = ['fetch_inputs', 'split_by_time', 'evaluate_model'] as const;
const GROUP = 'test-card-fraud';

const model = PLAN.models.find(({ name }) => name === 'card_fraud');
if (!model) throw new Error('no model card_fraud');

const uploaded = (file: string) => ({ uri: `s3://assets/${file}`, file });
const [fetch_inputs, split_by_time, evaluate_model] = SCRIPTS.map((name) => uploaded(`${name}.py`));
if (!fetch_inputs || !split_by_time || !evaluate_model) throw new Error('no scripts');
const definition = pipelineDefinition(model, {
  scripts: { fetch_inputs, split_by_time, evaluate_model },
  query: uploaded('training-set.sql'),
  image: 'image',
  jobRoleArn: 'arn:aws:iam::123456789012:role/jobs',
  keyArn: 'arn:aws:kms:eu-west-1:123456789012:key/k',
  workgroup: 'test',
  modelGroup: GROUP,
  scratch: 's3://results/training/card_fraud',
  kept: 's3://archive/models/card_fraud',
});

const lake = new Lake();
const stopping: (() => void)[] = [() => lake.remove()];
let world: World;

/** Puts the SQL of the training set where the pipeline finds it. */
async function ask(sql: string): Promise<void> {
  const path = join(lake.folder, 'training-set.sql');
  writeFileSync(path, sql);
  await uploadFile(world.s3, path, 's3://assets/training-set.sql');
}

const bound = model.trainingSet.athena.replaceAll(/\{\{(\w+[.]\w+)\}\}/g, (_, table) => athenaTable('test', table));

beforeAll(async () => {
  expect((await runCli(['sample', '--out', lake.raw, '--rows', '6000', '--quiet'])).code).toBe(0);
  await lake.run(AS_OF, ['fraud']);
  const moto = await startMoto();
  stopping.push(moto.stop);
  const client = {
    endpoint: moto.url,
    region: CREDENTIALS.AWS_DEFAULT_REGION,
    credentials: { accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID, secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY },
  };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const sagemaker = new SageMakerClient(client);
  const athena = await startAthena(lake.lake, s3, 'results');
  stopping.push(athena.stop);
  const { python } = await pythonEnvironment('training');
  const variables = { ...CREDENTIALS, AWS_ENDPOINT_URL: moto.url, AWS_ENDPOINT_URL_ATHENA: athena.url };
  world = { s3, sagemaker, python, variables };
  for (const Bucket of BUCKETS)
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  for (const name of SCRIPTS)
    await uploadFile(
      s3,
      fileURLToPath(new URL(`../../glue-scripts/training/${name}.py`, import.meta.url)),
      `s3://assets/${name}.py`,
    );
  await sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: GROUP }));
  await ask(bound);
});

afterAll(() => {
  for (const stop of stopping.reverse()) stop();
});

const execute = () => executePipeline(JSON.parse(JSON.stringify(definition)), { AsOf: AS_OF }, world);

/** The versions in the registry, newest first. */
async function versions() {
  const { ModelPackageSummaryList = [] } = await world.sagemaker.send(
    new ListModelPackagesCommand({ ModelPackageGroupName: GROUP, SortBy: 'CreationTime', SortOrder: 'Descending' }),
  );
  return ModelPackageSummaryList;
}

describe('the training pipeline of card fraud, on the sample data', () => {
  it('asks Athena for the very rows that the command line writes as a training set', async () => {
    const out = join(lake.folder, 'training.csv');
    const { rows } = await writeTrainingSet(lake.lake, model, AS_OF, out);
    const { stdout } = await runCli([
      'query',
      model.trainingSet.athena.replaceAll(/\{\{(\w+[.]\w+)\}\}/g, '$1').replaceAll('{{as_of}}', `date '${AS_OF}'`),
      '--lake',
      lake.lake,
      '--format',
      'csv',
    ]);
    const lines = (text: string) =>
      text
        .trimEnd()
        .replaceAll(/(?<=\d)T(?=\d)/g, ' ')
        .split('\n')
        .sort();
    expect(rows).toBeGreaterThan(4000);
    expect(lines(stdout)).toEqual(lines(readFileSync(out, 'utf8')));
  });

  it('registers the first model that beats guessing, for somebody to approve', async () => {
    const { steps, reports } = await execute();
    expect(steps).toEqual(['Fetch', 'Split', 'Train', 'Evaluate', 'IsBetter', 'Register']);
    expect(reports.Report).toMatchObject({ champion: null, champion_skill: null, inputs: model.inputs });
    const { skill, lead } = reports.Report as { skill: number; lead: number };
    expect(skill).toBeGreaterThan(model.skillAtLeast);
    expect(skill).toBeLessThan(1);
    expect(lead).toBe(skill);
    expect(await versions()).toEqual([expect.objectContaining({ ModelApprovalStatus: 'PendingManualApproval' })]);
  });

  it('takes no version for the one in use until it is approved, then registers none that is merely as good', async () => {
    const [first] = await versions();
    await world.sagemaker.send(
      new UpdateModelPackageCommand({ ModelPackageArn: first?.ModelPackageArn, ModelApprovalStatus: 'Approved' }),
    );
    const { steps, reports } = await execute();
    expect(steps.at(-1)).toBe('IsBetter');
    expect(reports.Report).toMatchObject({ champion: first?.ModelPackageArn, lead: 0 });
    expect(await versions()).toHaveLength(1);
  });

  it('registers none that learnt nothing: labels that have nothing to do with their points', async () => {
    await ask(bound.replace('p."is_fraud"', 'mod(minute(p.event_time), 2) as is_fraud'));
    const { steps, reports } = await execute();
    expect(steps.at(-1)).toBe('IsBetter');
    expect((reports.Report as { skill: number }).skill).toBeLessThan(model.skillAtLeast);
  });

  it('fails with Athena’s own words when the query fails', async () => {
    await ask('select nothing from base.card_transaction where timestamp < {{as_of}}');
    await expect(execute()).rejects.toThrow(/Fetch ended with 1: query query-\d+ failed: .*nothing/s);
  });
});
