import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FEATURE_STORE, MODELS, modelGroupName, TRAINING_SETS } from '../../aws/index.ts';
import type { ModelPlan } from '../../plan/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import type { StorageStack } from '../stacks/storage.ts';
import { xgboostImage } from '../training/xgboost-image.ts';
import { athenaReader } from './athena-reader.ts';
import {
  allow,
  decryptWith,
  deleteObjects,
  encryptWith,
  listObjects,
  ownService,
  readObjects,
  writeObjects,
} from './permissions.ts';
import { ServiceRole } from './service-role.ts';

/** The Glue database that Feature Store keeps its offline tables in; its name is AWS's. */
const OFFLINE_DATABASE = 'sagemaker_featurestore';

/** Who works in machine learning: the store of features, the jobs of a training, and the pipeline that starts them. */
export class TrainingRoles extends Construct {
  readonly store: ServiceRole;
  readonly jobs: ServiceRole;
  readonly pipeline: ServiceRole;

  constructor(scope: Construct, id: string, storage: StorageStack, models: readonly ModelPlan[]) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    const { prefix } = deploymentOf(this).environment;
    const { processed, results, archive, dataKey } = storage;
    const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
    const sagemaker = (resource: string) => arn('sagemaker', resource);
    const assumedBy = ownService(this, 'sagemaker.amazonaws.com');
    const groups = models.map(({ name }) => modelGroupName(prefix, name));
    const packages = groups.map((group) => sagemaker(`model-package/${group}/*`));
    const groupArns = groups.map((group) => sagemaker(`model-package-group/${group}`));
    this.store = new ServiceRole(this, 'Store', {
      assumedBy,
      description: 'Feature Store: keeps the history of features as Iceberg tables.',
      may: [
        allow(['s3:GetBucketAcl', 's3:GetBucketLocation'], [processed.bucketArn]),
        listObjects(processed, FEATURE_STORE),
        readObjects(processed, FEATURE_STORE),
        allow(['s3:PutObjectAcl'], [processed.arnForObjects(`${FEATURE_STORE}*`)]),
        writeObjects(processed, FEATURE_STORE),
        deleteObjects(processed, FEATURE_STORE),
        encryptWith(dataKey),
        allow(
          ['glue:GetTable', 'glue:UpdateTable'],
          ['catalog', `database/${OFFLINE_DATABASE}`, `table/${OFFLINE_DATABASE}/*`].map((each) => arn('glue', each)),
        ),
      ],
    });
    this.jobs = new ServiceRole(this, 'Jobs', {
      assumedBy,
      description: 'The jobs of a training: ask Athena, read the model in use, learn, and write models and reports.',
      may: [
        ...athenaReader(this, storage),
        listObjects(results, TRAINING_SETS),
        readObjects(results, TRAINING_SETS),
        writeObjects(results, TRAINING_SETS),
        listObjects(archive, MODELS),
        readObjects(archive, MODELS),
        writeObjects(archive, MODELS),
        // The disks of the machines are encrypted too; a grant lets EC2 do it, for as long as a job lasts.
        allow(['kms:DescribeKey'], [dataKey.keyArn]),
        allow(['kms:CreateGrant'], [dataKey.keyArn], { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
        allow(['sagemaker:ListModelPackages'], ['*']),
        allow(['sagemaker:DescribeModelPackage'], packages),
        allow(['ecr:GetAuthorizationToken'], ['*']),
        allow(
          ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          [xgboostImage(region).repositoryArn],
        ),
        allow(
          ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          [arn('logs', 'log-group:/aws/sagemaker/*')],
        ),
        allow(['cloudwatch:PutMetricData'], ['*'], {
          StringEquals: { 'cloudwatch:namespace': ['/aws/sagemaker/ProcessingJobs', '/aws/sagemaker/TrainingJobs'] },
        }),
      ],
    });
    const jobs = ['processing-job', 'training-job'].map((kind) => sagemaker(`${kind}/pipelines-*`));
    this.pipeline = new ServiceRole(this, 'Pipeline', {
      assumedBy,
      description: 'The training pipelines: start jobs, read their reports, register models.',
      may: [
        allow(
          ['Create', 'Describe', 'Stop'].flatMap((verb) =>
            ['Processing', 'Training'].map((kind) => `sagemaker:${verb}${kind}Job`),
          ),
          jobs,
        ),
        allow(['sagemaker:AddTags'], [...jobs, ...packages]),
        allow(['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'], [...groupArns, ...packages]),
        allow(['iam:PassRole'], [this.jobs.roleArn], {
          StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
        }),
        listObjects(archive, MODELS),
        readObjects(archive, MODELS),
        decryptWith(dataKey),
      ],
    });
  }
}
