import { join } from 'node:path';
import { type App, CfnOutput, Duration } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { featureGroupName, pipelineName, workgroupName } from '../../aws/index.ts';
import { athenaReader } from '../constructs/athena-reader.ts';
import { constructId } from '../constructs/construct-id.ts';
import { FeatureGroup } from '../constructs/feature-group.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { allow } from '../constructs/permissions.ts';
import { TrainingPipeline } from '../constructs/training-pipeline.ts';
import { TrainingRoles } from '../constructs/training-roles.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';
import type { StorageStack } from './storage.ts';

/** AWS makes no more feature groups of an account at a time. */
const GROUPS_AT_ONCE = 4;

/**
 * Models: a feature group for each feature table, a pipeline for each model, and the Lambda that publishes features after the
 * checks of a run and starts the trainings that are due. Where the SageMaker switch is off there is no such stack.
 */
export class MachineLearningStack extends LakeStack {
  readonly publish: LakeFunction<'publish-features'>;

  constructor(app: App, deployment: Deployment, storage: StorageStack, alerts: AlertsStack) {
    super(app, 'MachineLearning', deployment, 'Feature groups and training pipelines. The groups are stateful.');
    const { environment, plan, assets } = deployment;
    const { prefix } = environment;
    const { processed, dataKey, operationsKey } = storage;
    const roles = new TrainingRoles(this, 'Roles', storage, plan.models);
    const online = new Set(plan.models.flatMap(({ answers, features }) => (answers === 'online' ? features : [])));
    const groups = plan.tables.flatMap((table) =>
      table.feature
        ? [
            new FeatureGroup(this, constructId(table.name), {
              table,
              feature: table.feature,
              bucket: processed,
              key: dataKey,
              role: roles.store,
              online: online.has(table.name),
            }),
          ]
        : [],
    );
    for (const [index, group] of groups.entries()) {
      const before = groups[index - GROUPS_AT_ONCE];
      if (before) group.addResourceDependency(before);
    }
    const asset = (name: string) =>
      new Asset(this, constructId(name), { path: join(assets.glueScripts, 'training', `${name}.py`) });
    const scripts = {
      fetch_inputs: asset('fetch_inputs'),
      split_by_time: asset('split_by_time'),
      evaluate_model: asset('evaluate_model'),
    };
    const pipelines = plan.models.map(
      (model) =>
        new TrainingPipeline(this, constructId(model.name), {
          model,
          scripts,
          storage,
          jobs: roles.jobs,
          role: roles.pipeline,
          alerts,
        }),
    );
    const files = [...Object.values(scripts), ...pipelines.map(({ query }) => query)];
    roles.jobs.addToPrincipalPolicy(
      allow(
        ['s3:GetObject'],
        files.map((file) => file.bucket.arnForObjects(file.s3ObjectKey)),
      ),
    );
    const sagemaker = (resource: string) =>
      `arn:${this.partition}:sagemaker:${this.region}:${this.account}:${resource}`;
    this.publish = new LakeFunction(this, 'PublishFeatures', {
      lambda: 'publish-features',
      description: 'Publishes the newest features, a page per call, and starts the trainings that are due.',
      settings: { NAME_PREFIX: prefix, ATHENA_WORKGROUP: workgroupName(prefix) },
      may: [
        ...athenaReader(this, storage),
        allow(
          ['sagemaker:PutRecord'],
          plan.tables
            .filter((table) => table.feature)
            .map(({ name }) => sagemaker(`feature-group/${featureGroupName(prefix, name)}`)),
        ),
        allow(
          ['sagemaker:StartPipelineExecution'],
          plan.models.map(({ name }) => sagemaker(`pipeline/${pipelineName(prefix, name)}`)),
        ),
      ],
      key: operationsKey,
      timeout: Duration.minutes(5),
      concurrency: 1,
    });
    for (const { name } of plan.models)
      new CfnOutput(this, `${constructId(name)}Training`, {
        value: pipelineName(prefix, name),
        description: `trains model.${name}`,
      });
  }
}
