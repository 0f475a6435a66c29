import { PIPELINE_PARAMETERS } from '../../aws/index.ts';
import type { ModelPlan } from '../../plan/index.ts';
import {
  type Argument,
  get,
  INSTANCES,
  inputFrom,
  type JobPlace,
  joined,
  json,
  outputOf,
  parameter,
  processing,
  RETRIED,
  type Step,
  type Uploaded,
} from './pipeline-steps.ts';

/** What a model's pipeline is made of, beside its plan. */
export interface TrainingPipelineFacts extends JobPlace {
  /** Scripts, and the training set's SQL for Athena with its day left open, as they were uploaded. */
  readonly scripts: Readonly<Record<'fetch_inputs' | 'split_by_time' | 'evaluate_model', Uploaded>>;
  readonly query: Uploaded;
  readonly workgroup: string;
  readonly modelGroup: string;
  /** Where training sets go: they are forgotten after some days. */
  readonly scratch: string;
  /** Where models and their reports stay. */
  readonly kept: string;
}

/** XGBoost's settings: small trees, stopped when the validation part gets no better. Everything is text, as the container wants it. */
const HYPERPARAMETERS = {
  common: {
    num_round: '300',
    early_stopping_rounds: '20',
    max_depth: '4',
    eta: '0.1',
    subsample: '0.8',
    min_child_weight: '2',
    seed: '1',
  },
  probability: { objective: 'binary:logistic', eval_metric: 'aucpr' },
  amount: { objective: 'reg:squarederror', eval_metric: 'rmse' },
} as const;

/** The settings that a model is trained with. */
export const hyperparametersOf = ({ learns }: Pick<ModelPlan, 'learns'>): Readonly<Record<string, string>> => ({
  ...HYPERPARAMETERS.common,
  ...HYPERPARAMETERS[learns],
});

const EXECUTION = get('Execution.PipelineExecutionId');
const MODEL = get('Steps.Train.ModelArtifacts.S3ModelArtifacts');
const [TRAINING_SET, CHAMPION, TEST, REPORT] = ['training-set', 'champion', 'test', 'evaluation'];

/** The newest points, which nobody learnt from, judge; only what beats the model in use, and the bar, is registered. */
export function pipelineDefinition(model: ModelPlan, facts: TrainingPipelineFacts): Argument {
  const scratch = (name: string) => joined(facts.scratch, EXECUTION, name);
  const kept = (...names: string[]) => joined(facts.kept, EXECUTION, ...names);
  const fetch = processing('Fetch', facts, {
    script: facts.scripts.fetch_inputs,
    inputs: { query: facts.query.uri },
    outputs: { [TRAINING_SET]: scratch(TRAINING_SET), [CHAMPION]: scratch(CHAMPION) },
    says: {
      query: `${inputFrom('query')}/${facts.query.file}`,
      'as-of': parameter(PIPELINE_PARAMETERS.asOf),
      workgroup: facts.workgroup,
      'model-group': facts.modelGroup,
      out: '/opt/ml/processing/output',
    },
    reachesAws: true,
  });
  const split = processing('Split', facts, {
    script: facts.scripts.split_by_time,
    inputs: { [TRAINING_SET]: outputOf('Fetch', TRAINING_SET) },
    outputs: Object.fromEntries(['train', 'validation', TEST].map((part) => [part, scratch(part)])),
    says: {
      'training-set': `${inputFrom(TRAINING_SET)}/training.csv`,
      time: model.eventTime,
      label: model.label,
      'label-after-days': String(model.labelAfterDays),
      out: '/opt/ml/processing/output',
    },
  });
  const evaluate = processing('Evaluate', facts, {
    script: facts.scripts.evaluate_model,
    inputs: { [TEST]: outputOf('Split', TEST), model: MODEL, [CHAMPION]: outputOf('Fetch', CHAMPION) },
    outputs: { [REPORT]: kept(REPORT) },
    says: {
      test: inputFrom(TEST),
      model: `${inputFrom('model')}/model.tar.gz`,
      champion: inputFrom(CHAMPION),
      learns: model.learns,
      out: `/opt/ml/processing/output/${REPORT}`,
    },
  });
  const found = (path: string) => json('Evaluate', 'Report', path);
  return {
    Version: '2020-12-01',
    Metadata: {},
    Parameters: [{ Name: PIPELINE_PARAMETERS.asOf, Type: 'String' }],
    Steps: [
      fetch,
      split,
      train(model, facts, kept('model')),
      {
        ...evaluate,
        PropertyFiles: [{ PropertyFileName: 'Report', OutputName: REPORT, FilePath: 'evaluation.json' }],
      },
      {
        Name: 'IsBetter',
        Type: 'Condition',
        Arguments: {
          Conditions: [
            { Type: 'GreaterThanOrEqualTo', LeftValue: found('skill'), RightValue: model.skillAtLeast },
            { Type: 'GreaterThan', LeftValue: found('lead'), RightValue: 0 },
          ],
          IfSteps: [register(model, facts, kept(REPORT, 'evaluation.json'))],
          ElseSteps: [],
        },
      },
    ],
  };
}

function train(model: ModelPlan, { image, jobRoleArn, keyArn }: TrainingPipelineFacts, out: Argument): Step {
  const channel = (name: string) => ({
    ChannelName: name,
    ContentType: 'text/csv',
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix',
        S3Uri: outputOf('Split', name),
        S3DataDistributionType: 'FullyReplicated',
      },
    },
  });
  return {
    Name: 'Train',
    Type: 'Training',
    RetryPolicies: RETRIED,
    Arguments: {
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
      HyperParameters: hyperparametersOf(model),
      InputDataConfig: ['train', 'validation'].map(channel),
      OutputDataConfig: { S3OutputPath: out, KmsKeyId: keyArn },
      ResourceConfig: {
        InstanceCount: 1,
        InstanceType: INSTANCES.training,
        VolumeSizeInGB: 30,
        VolumeKmsKeyId: keyArn,
      },
      StoppingCondition: { MaxRuntimeInSeconds: 7200 },
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      RoleArn: jobRoleArn,
    },
  };
}

/** A version of the model that waits for somebody to approve it. */
function register(
  { description, learns }: ModelPlan,
  { modelGroup, image }: TrainingPipelineFacts,
  report: Argument,
): Step {
  return {
    Name: 'Register',
    Type: 'RegisterModel',
    RetryPolicies: RETRIED,
    Arguments: {
      ModelPackageGroupName: modelGroup,
      ModelPackageDescription: description,
      ModelApprovalStatus: 'PendingManualApproval',
      InferenceSpecification: {
        Containers: [{ Image: image, ModelDataUrl: MODEL }],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
        SupportedRealtimeInferenceInstanceTypes: [INSTANCES.processing],
        SupportedTransformInstanceTypes: [INSTANCES.processing],
      },
      ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: report } } },
      CustomerMetadataProperties: { as_of: parameter(PIPELINE_PARAMETERS.asOf), learns },
    },
  };
}
