import { spawnSync } from 'node:child_process';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { featureTables } from '../../lambdas/publish-features/publish-features.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { at, listOf, readable, type TemplateValue } from '../../lib/infra/readable.ts';
import { xgboostImage } from '../../lib/infra/training/xgboost-image.ts';
import { pythonEnvironment } from '../../lib/tools/index.ts';
import { builtPlan, lakehouseApp, synthesised } from './synthesised.ts';

const prod = synthesised('prod').template('MachineLearning');
const plan = builtPlan();
const tables = featureTables(plan);
const properties = (type: string) => Object.values(prod.findResources(type)).map(({ Properties }) => Properties);

/** How the contract's types are stored, written down once more by hand. */
const STORED: Readonly<Record<string, string>> = {
  text: 'String',
  date: 'String',
  instant: 'String',
  integer: 'Integral',
  decimal: 'Fractional',
};

describe('the switch', () => {
  it.each([
    ['dev', false],
    ['uat', true],
    ['prod', true],
  ] as const)('%s has machine learning: %s', (name, has) => {
    expect(synthesised(name).names.includes('MachineLearning')).toBe(has);
    const machine = JSON.stringify(synthesised(name).json('Orchestration').Resources);
    expect(machine.includes('BeginFeatures')).toBe(has);
  });
});

describe('feature groups', () => {
  it('are there for each feature table, and for nothing else', () => {
    const names = properties('AWS::SageMaker::FeatureGroup').map(({ FeatureGroupName }) => FeatureGroupName);
    expect(names.sort()).toEqual(
      ['card-activity', 'customer-card-activity', 'mortgage-applicant'].map((name) => `lakehouse-prod-${name}`),
    );
    expect(tables).toHaveLength(names.length);
  });

  it.each(tables.map((table) => [table.name, table] as const))(
    '%s has the columns of its contract, by type, in order',
    (name, table) => {
      const [group] = properties('AWS::SageMaker::FeatureGroup').filter(({ FeatureGroupName }) =>
        FeatureGroupName.endsWith(`-prod-${name.slice('feature.'.length).replaceAll('_', '-')}`),
      );
      expect(group).toMatchObject({
        RecordIdentifierFeatureName: table.grain[0],
        EventTimeFeatureName: table.grain[1],
        FeatureDefinitions: table.columns.map((column) => ({
          FeatureName: column.name,
          FeatureType: STORED[column.type.kind],
        })),
      });
      expect(group?.Description.length).toBeLessThanOrEqual(128);
    },
  );

  it('keep their history as Iceberg tables in the processed zone, encrypted with the data key', () => {
    for (const { OfflineStoreConfig } of properties('AWS::SageMaker::FeatureGroup')) {
      expect(OfflineStoreConfig.TableFormat).toBe('Iceberg');
      expect(readable(OfflineStoreConfig.S3StorageConfig)).toMatch(/Processed.*\/feature-store\/.*DataKey/);
    }
  });

  it('are at hand where a model answers online, and only there', () => {
    const online = properties('AWS::SageMaker::FeatureGroup')
      .filter(({ OnlineStoreConfig }) => OnlineStoreConfig !== undefined)
      .map(({ FeatureGroupName, OnlineStoreConfig }) => [
        FeatureGroupName,
        OnlineStoreConfig.EnableOnlineStore,
        readable(OnlineStoreConfig.SecurityConfig),
      ]);
    expect(online).toEqual([
      ['lakehouse-prod-card-activity', true, expect.stringContaining('DataKey')],
      ['lakehouse-prod-customer-card-activity', true, expect.stringContaining('DataKey')],
    ]);
  });
});

/** The definition of a model's pipeline, as the template has it. */
function definitionOf(model: string): TemplateValue {
  const [pipeline] = properties('AWS::SageMaker::Pipeline').filter(
    ({ PipelineName }) => PipelineName === `lakehouse-prod-train-${model}`,
  );
  return JSON.parse(readable(pipeline?.PipelineDefinition.PipelineDefinitionBody));
}

/** Steps in order, those of a condition's branches included. */
const stepsOf = (steps: TemplateValue | undefined): TemplateValue[] =>
  listOf(steps).flatMap((step) => [
    step,
    ...stepsOf(at(step, 'Arguments.IfSteps')),
    ...stepsOf(at(step, 'Arguments.ElseSteps')),
  ]);

/** Everything that a value refers to: `{Get: …}`. */
function references(value: TemplateValue | undefined): string[] {
  if (value === null || value === undefined || typeof value !== 'object') return [];
  const get = at(value, 'Get');
  if (typeof get === 'string') return [get];
  return Object.values(value).flatMap(references);
}

/** What later steps may refer to in a step. */
function offers(step: TemplateValue): string[] {
  const name = `Steps.${String(at(step, 'Name'))}`;
  return [
    ...listOf(at(step, 'Arguments.ProcessingOutputConfig.Outputs')).map(
      (output) => `${name}.ProcessingOutputConfig.Outputs['${String(at(output, 'OutputName'))}'].S3Output.S3Uri`,
    ),
    ...listOf(at(step, 'PropertyFiles')).map((file) => `${name}.PropertyFiles.${String(at(file, 'PropertyFileName'))}`),
    ...(at(step, 'Type') === 'Training' ? [`${name}.ModelArtifacts.S3ModelArtifacts`] : []),
  ];
}

const MODELS = plan.models.map(
  ({ name }) => [name.replaceAll('_', '-'), plan.models.find((each) => each.name === name)] as const,
);

describe.each(MODELS)('the pipeline of %s', (name, model) => {
  const definition = definitionOf(name);
  const steps = stepsOf(at(definition, 'Steps'));
  const step = (called: string) => steps.find((each) => at(each, 'Name') === called) ?? null;

  it('fetches, splits, trains, evaluates, and registers what is better', () => {
    expect(steps.map((each) => `${at(each, 'Type')} ${at(each, 'Name')}`)).toEqual([
      'Processing Fetch',
      'Processing Split',
      'Training Train',
      'Processing Evaluate',
      'Condition IsBetter',
      'RegisterModel Register',
    ]);
  });

  it('refers to nothing but parameters, its execution, and what steps before have made', () => {
    const known = new Set([
      'Execution.PipelineExecutionId',
      ...listOf(at(definition, 'Parameters')).map((each) => `Parameters.${at(each, 'Name')}`),
    ]);
    for (const each of stepsOf(at(definition, 'Steps'))) {
      const { IfSteps: _, ElseSteps: __, ...own } = at(each, 'Arguments') as Record<string, TemplateValue>;
      for (const reference of references(own)) expect(known).toContain(reference);
      for (const offer of offers(each)) known.add(offer);
    }
  });

  it('registers only what reaches the bar and beats the version in use', () => {
    const json = (path: string) => ({
      'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Report' }, Path: path },
    });
    expect(at(step('IsBetter'), 'Arguments.Conditions')).toEqual([
      { Type: 'GreaterThanOrEqualTo', LeftValue: json('skill'), RightValue: model?.skillAtLeast },
      { Type: 'GreaterThan', LeftValue: json('lead'), RightValue: 0 },
    ]);
    expect(at(step('IsBetter'), 'Arguments.ElseSteps')).toEqual([]);
    expect(at(step('Register'), 'Arguments')).toMatchObject({
      ModelPackageGroupName: `lakehouse-prod-${name}`,
      ModelApprovalStatus: 'PendingManualApproval',
    });
  });

  it('runs without a network but for the step that asks AWS, and encrypts every disk and every output', () => {
    for (const called of ['Fetch', 'Split', 'Evaluate']) {
      const job = at(step(called), 'Arguments');
      expect(at(job, 'NetworkConfig.EnableNetworkIsolation')).toBe(called !== 'Fetch');
      expect(String(at(job, 'ProcessingOutputConfig.KmsKeyId'))).toContain('DataKey');
      expect(String(at(job, 'ProcessingResources.ClusterConfig.VolumeKmsKeyId'))).toContain('DataKey');
    }
    const training = at(step('Train'), 'Arguments');
    expect(at(training, 'EnableNetworkIsolation')).toBe(true);
    expect(String(at(training, 'OutputDataConfig.KmsKeyId'))).toContain('DataKey');
    expect(String(at(training, 'ResourceConfig.VolumeKmsKeyId'))).toContain('DataKey');
  });

  it('asks for nothing that SageMaker’s API, as botocore describes it, does not know', async () => {
    const { python } = await pythonEnvironment('training');
    const RoleArn = 'arn:aws:iam::111122223333:role/jobs';
    const asked = (called: string, operation: string, beside: object) => [
      called,
      [operation, { ...filled(at(step(called), 'Arguments')), ...beside }],
    ];
    const input = Object.fromEntries([
      ...['Fetch', 'Split', 'Evaluate'].map((called) =>
        asked(called, 'CreateProcessingJob', { ProcessingJobName: 'job', RoleArn }),
      ),
      asked('Train', 'CreateTrainingJob', { TrainingJobName: 'job', RoleArn }),
      asked('Register', 'CreateModelPackage', {}),
    ]);
    const { stdout, stderr } = spawnSync(python, ['test/training/check_arguments.py'], {
      input: JSON.stringify(input),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({});
  });

  it('is told of when it fails or succeeds, and when a version waits or was decided on', () => {
    const about = [`pipeline/lakehouse-prod-train-${name}`, `lakehouse-prod-${name}`];
    const news = properties('AWS::Events::Rule')
      .filter(({ EventPattern: { detail } }) => {
        const [subject = ''] = detail.pipelineArn ?? detail.ModelPackageGroupName;
        return about.includes(String(subject).replace(/^arn:.*:/, ''));
      })
      .map(({ EventPattern: { detail }, Targets: [target] }) => [
        detail.currentPipelineExecutionStatus ?? detail.ModelApprovalStatus,
        JSON.parse(target.InputTransformer.InputTemplate).verdict,
      ]);
    expect(news).toEqual([
      [['Failed'], 'warn'],
      [['Succeeded'], 'pass'],
      [['PendingManualApproval'], 'warn'],
      [['Approved', 'Rejected'], 'pass'],
    ]);
  });
});

/** References as SageMaker fills them in: as text. */
function filled(value: TemplateValue | undefined): Record<string, TemplateValue> {
  const fill = (each: TemplateValue): TemplateValue => {
    if (each === null || typeof each !== 'object') return each;
    if (at(each, 'Get') !== undefined || at(each, 'Std:Join') !== undefined) return 's3://bucket/key';
    if (Array.isArray(each)) return each.map(fill);
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, fill(inner)]));
  };
  return fill(value ?? {}) as Record<string, TemplateValue>;
}

describe('the Lambda that publishes', () => {
  it('follows the warehouse in the daily run, before what is exported', () => {
    const machine = JSON.stringify(synthesised('prod').json('Orchestration').Resources);
    const places = ['BeginChecks', 'BeginWarehouse', 'BeginFeatures', 'BeginExports'].map((state) =>
      machine.indexOf(state),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('may put records into the groups of feature tables, and start the pipelines of models, by name', () => {
    const statements = properties('AWS::IAM::ManagedPolicy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const resources = (action: string) =>
      statements
        .filter(({ Action }) => [Action].flat().includes(action))
        .flatMap(({ Resource }) => [Resource].flat().map((each) => readable(each).replace(/^.*:/, '')));
    expect(resources('sagemaker:PutRecord').sort()).toEqual(
      properties('AWS::SageMaker::FeatureGroup')
        .map(({ FeatureGroupName }) => `feature-group/${FeatureGroupName}`)
        .sort(),
    );
    expect(resources('sagemaker:StartPipelineExecution').sort()).toEqual(
      properties('AWS::SageMaker::Pipeline')
        .map(({ PipelineName }) => `pipeline/${PipelineName}`)
        .sort(),
    );
  });
});

describe('the jobs', () => {
  it('are given to SageMaker by the pipeline alone, and read and write nothing but training sets and models', () => {
    prod.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'iam:PassRole',
            Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
          }),
        ]),
      },
    });
    const written = properties('AWS::IAM::ManagedPolicy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
      .flatMap(({ Resource }) => [Resource].flat().map((each) => readable(each).replace(/^.*?\//, '')));
    expect(new Set(written)).toEqual(new Set(['feature-store/*', 'athena/*', 'training/*', 'models/*']));
  });
});

describe('the container', () => {
  it('is pulled from the account that AWS has for the region', () => {
    expect(xgboostImage('eu-west-1').uri).toBe('141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5');
  });

  it('is missing in a region that has none: synth says so, and what to do', () => {
    const change = {
      region: 'xx-north-9',
      availabilityZones: ['xx-north-9a', 'xx-north-9b', 'xx-north-9c'] as [string, string, string],
    };
    expect(() => lakehouseApp('prod', change)).toThrow(
      /no XGBoost container is known in xx-north-9: turn the sageMaker switch off/,
    );
    const { switches } = environmentNamed('prod');
    expect(() => lakehouseApp('prod', { ...change, switches: { ...switches, sageMaker: false } })).not.toThrow();
  });
});
