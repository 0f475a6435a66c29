import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RemovalPolicy, Stack, Stage, Tags } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnModelPackageGroup, CfnPipeline } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { athenaTable, MODELS, modelGroupName, pipelineName, TRAINING_SETS, workgroupName } from '../../aws/index.ts';
import type { ModelPlan } from '../../plan/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import type { AlertsStack } from '../stacks/alerts.ts';
import type { StorageStack } from '../stacks/storage.ts';
import { pipelineDefinition, type TrainingPipelineFacts } from '../training/pipeline-definition.ts';
import type { Uploaded } from '../training/pipeline-steps.ts';
import { xgboostImage } from '../training/xgboost-image.ts';
import { NoticeRule } from './notice-rule.ts';

/** Where a pipeline stands, and who it works as. */
interface TrainingPipelineProps {
  readonly model: ModelPlan;
  readonly scripts: Readonly<Record<keyof TrainingPipelineFacts['scripts'], Asset>>;
  readonly storage: StorageStack;
  readonly jobs: IRole;
  readonly role: IRole;
  readonly alerts: AlertsStack;
}

/** The tag that says how often a pipeline is started; its cost follows from it. */
export const TRAINED_TAG = 'trained';

/** An asset as jobs read it. */
const uploaded = (asset: Asset): Uploaded => ({ uri: asset.s3ObjectUrl, file: basename(asset.s3ObjectKey) });

/** The pipeline that trains one model, the group of its versions, and who is told of how it went. */
export class TrainingPipeline extends Construct {
  readonly pipeline: CfnPipeline;
  readonly query: Asset;

  constructor(scope: Construct, id: string, props: TrainingPipelineProps) {
    super(scope, id);
    const { model, scripts, storage, jobs, role, alerts } = props;
    const { prefix, region, deletion } = deploymentOf(this).environment;
    const group = new CfnModelPackageGroup(this, 'Versions', {
      modelPackageGroupName: modelGroupName(prefix, model.name),
      modelPackageGroupDescription: model.description,
    });
    // Known to CloudFormation by its model's name alone, as feature groups are by their table's.
    group.overrideLogicalId(`${id}Versions`);
    group.applyRemovalPolicy(deletion.policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    this.query = this.trainingSet(model);
    this.pipeline = new CfnPipeline(this, 'Pipeline', {
      pipelineName: pipelineName(prefix, model.name),
      pipelineDescription: model.description,
      roleArn: role.roleArn,
      pipelineDefinition: {
        PipelineDefinitionBody: Stack.of(this).toJsonString(
          pipelineDefinition(model, {
            scripts: {
              fetch_inputs: uploaded(scripts.fetch_inputs),
              split_by_time: uploaded(scripts.split_by_time),
              evaluate_model: uploaded(scripts.evaluate_model),
            },
            query: uploaded(this.query),
            image: xgboostImage(region).uri,
            jobRoleArn: jobs.roleArn,
            keyArn: storage.dataKey.keyArn,
            workgroup: workgroupName(prefix),
            modelGroup: modelGroupName(prefix, model.name),
            scratch: `s3://${storage.results.bucketName}/${TRAINING_SETS}${model.name}`,
            kept: `s3://${storage.archive.bucketName}/${MODELS}${model.name}`,
          }),
        ),
      },
    });
    this.pipeline.addResourceDependency(group);
    Tags.of(this.pipeline).add(TRAINED_TAG, model.trained);
    this.tell(model, alerts);
  }

  /** The select of the training set for Athena, its day left open, as a file that jobs read. */
  private trainingSet({ name, trainingSet }: ModelPlan): Asset {
    const { prefix } = deploymentOf(this).environment;
    const path = join(Stage.of(this)?.outdir ?? '', `training-set-${name}.sql`);
    const sql = trainingSet.athena.replaceAll(/\{\{(\w+[.]\w+)\}\}/g, (_, table: string) => athenaTable(prefix, table));
    writeFileSync(path, sql);
    return new Asset(this, 'TrainingSet', { path });
  }

  /** A training that fails, and a version that waits, are news; so is their end. */
  private tell(model: ModelPlan, alerts: AlertsStack): void {
    const { prefix } = deploymentOf(this).environment;
    const { partition, region, account } = Stack.of(this);
    const arn = `arn:${partition}:sagemaker:${region}:${account}:pipeline/${pipelineName(prefix, model.name)}`;
    const subject = `model.${model.name}`;
    const training = (id: string, status: string, verdict: 'warn' | 'pass', says: string) =>
      new NoticeRule(this, id, {
        pattern: {
          source: ['aws.sagemaker'],
          detailType: ['SageMaker Model Building Pipeline Execution Status Change'],
          detail: { pipelineArn: [arn], currentPipelineExecutionStatus: [status] },
        },
        notice: { incident: `training/${model.name}`, verdict, subject, says, runbook: 'training-fails' },
        fields: {},
        alerts,
      });
    training('Fails', 'Failed', 'warn', 'The training failed: the model in use stays.');
    training('Succeeds', 'Succeeded', 'pass', 'The training is through.');
    const version = (id: string, statuses: string[], verdict: 'warn' | 'pass', says: string) =>
      new NoticeRule(this, id, {
        pattern: {
          source: ['aws.sagemaker'],
          detailType: ['SageMaker Model Package State Change'],
          detail: { ModelPackageGroupName: [modelGroupName(prefix, model.name)], ModelApprovalStatus: statuses },
        },
        notice: { incident: `model-version/${model.name}`, verdict, subject, says, runbook: 'model-awaits-approval' },
        fields: {},
        alerts,
      });
    const waits = 'A version that beats the one in use waits for approval.';
    version('Waits', ['PendingManualApproval'], 'warn', waits);
    version('Decided', ['Approved', 'Rejected'], 'pass', 'The version was approved or rejected.');
  }
}
