import { analystsWorkgroupName, type LambdaName, SETTINGS } from '../../aws/index.ts';
import { at, listOf, readable, type TemplateResource, type TemplateValue } from '../readable.ts';
import { HOURS, type PriceName } from './prices.ts';
import { CALLS, ONE_CALL, RUN, type Volume } from './run-usage.ts';

/** So much of something that has a price. */
export type Use = readonly [PriceName, number];

/** What a resource of some type is billed for: each month while nothing happens, and for each run. */
export interface Charge {
  readonly idle?: (resource: TemplateResource) => readonly Use[];
  readonly run?: (resource: TemplateResource, volume: Volume) => readonly Use[];
}

const always =
  (...uses: readonly Use[]) =>
  () =>
    uses;

/** A number at a path of the properties; `otherwise` where the template leaves it to AWS. */
const number = ({ Properties }: TemplateResource, path: string, otherwise: number): number => {
  const value = at(Properties, path);
  return value === undefined ? otherwise : Number(value);
};

const text = ({ Properties }: TemplateResource, path: string): string => readable(at(Properties, path) ?? '');

const count = ({ Properties }: TemplateResource, path: string): number => listOf(at(Properties, path)).length;

/** An alarm is paid for each metric that it reads; the expression over them costs nothing. */
const metricsOf = ({ Properties }: TemplateResource): number => {
  const read = listOf(at(Properties, 'Metrics')).filter((each) => at(each, 'MetricStat') !== undefined);
  return Math.max(1, read.length);
};

const glueMinutes = (dpus: number, minutes: number): Use => ['glueHour', (dpus * minutes) / 60];

/** DPUs of a worker. */
const WORKERS: Readonly<Record<string, number>> = { 'G.1X': 1, 'G.2X': 2, 'G.4X': 4, 'G.8X': 8, 'G.025X': 0.25 };

function jobUse(resource: TemplateResource, { gigabytes }: Volume): Use[] {
  const dpus = number(resource, 'NumberOfWorkers', 2) * (WORKERS[text(resource, 'WorkerType')] ?? 1);
  const work = gigabytes / RUN.gigabytesPerDpuMinute;
  // While it starts, auto scaling has two workers at most; what there is to do is then shared by as many as there may be.
  return [glueMinutes(Math.min(dpus, 2), RUN.glueStartMinutes), glueMinutes(1, work)];
}

const LAMBDAS = Object.keys(SETTINGS) as LambdaName[];

function lambdaUse(resource: TemplateResource, { gigabytes }: Volume): Use[] {
  const name = LAMBDAS.find((each) => text(resource, 'FunctionName').endsWith(`-${each}`));
  // One that is not of this project's serves CloudFormation: it is called when stacks are deployed.
  if (name === undefined) return [];
  const { calls, seconds, secondsPerGigabyte } = CALLS[name] ?? ONE_CALL;
  const duration = calls * (seconds + secondsPerGigabyte * gigabytes);
  return [
    ['lambdaCompute', (duration * number(resource, 'MemorySize', 128)) / 1024],
    ['lambdaRequests', calls / 1e6],
  ];
}

/** Gigabytes that a zone's bucket gains by a run; of the others a run writes next to nothing. */
function storageUse(resource: TemplateResource, { gigabytes }: Volume): Use[] {
  const name = text(resource, 'BucketName');
  const gained = name.includes('-raw-') ? gigabytes : name.includes('-processed-') ? gigabytes * RUN.parquetShare : 0;
  if (gained === 0) return [];
  const objects = RUN.objects + RUN.objectsPerGigabyte * gained;
  return [
    ['s3Storage', gained],
    ['s3Requests', objects / 1000],
  ];
}

const scanned = ({ gigabytes }: Volume): number =>
  Math.max((RUN.queries * RUN.queryMegabytes) / 1e6, (gigabytes * RUN.parquetShare * RUN.daysRead) / 1000);

/** Whether a data set comes from the lake: by a question, or from a table of the catalog. */
const readsLake = ({ Properties }: TemplateResource): boolean =>
  ['CustomSql', 'RelationalTable.Catalog'].some(
    (path) => at(Properties, `PhysicalTableMap.data.${path}`) !== undefined,
  );

const JOBS: Readonly<Record<string, PriceName>> = { 'ml.m5.large': 'mlLargeHour', 'ml.m5.xlarge': 'mlExtraLargeHour' };

/** The price of each job of a pipeline. @throws RangeError for a machine that nobody has priced. */
function jobsOf(pipeline: TemplateResource): PriceName[] {
  const definition = JSON.parse(text(pipeline, 'PipelineDefinition.PipelineDefinitionBody')) as TemplateValue;
  return listOf(at(definition, 'Steps')).flatMap((step) => {
    const machine =
      at(step, 'Arguments.ProcessingResources.ClusterConfig.InstanceType') ??
      at(step, 'Arguments.ResourceConfig.InstanceType');
    if (machine === undefined) return [];
    const name = JOBS[String(machine)];
    if (name === undefined) throw new RangeError(`${machine}: nobody has priced it; see lib/infra/cost/prices.ts`);
    return [name];
  });
}

/** Of a training, the share that falls to a daily run: it is started once a week or a month. */
function trainingUse(pipeline: TemplateResource): Use[] {
  const tags = listOf(pipeline.Properties?.Tags);
  const trained = String(
    at(
      tags.find((tag) => at(tag, 'Key') === 'trained'),
      'Value',
    ),
  );
  const share = trained === 'weekly' || trained === 'monthly' ? RUN.trainedShare[trained] : 1;
  const jobs = jobsOf(pipeline);
  return [...new Set(jobs)].map((name) => [
    name,
    (jobs.filter((each) => each === name).length * RUN.trainingJobMinutes * share) / 60,
  ]);
}

/** A stream is billed by the hour, whether or not anything flows. */
const streamIdle = (resource: TemplateResource): readonly Use[] =>
  text(resource, 'StreamModeDetails.StreamMode') === 'ON_DEMAND'
    ? [['kinesisStream', HOURS]]
    : [['kinesisShard', HOURS * number(resource, 'ShardCount', 1)]];

/** Types that are billed, and for what. */
export const CHARGES: Readonly<Record<string, Charge>> = {
  'AWS::Athena::WorkGroup': {
    // What analysts ask is no part of a run.
    run: (workgroup, volume) =>
      text(workgroup, 'Name').endsWith(analystsWorkgroupName('')) ? [] : [['athenaScan', scanned(volume)]],
  },
  'AWS::CloudWatch::Alarm': {
    idle: (alarm) => [['alarm', metricsOf(alarm)]],
  },
  'AWS::CloudWatch::CompositeAlarm': { idle: always(['compositeAlarm', 1]) },
  'AWS::CloudWatch::Dashboard': { idle: always(['dashboard', 1]) },
  'AWS::DynamoDB::GlobalTable': { run: always(['dynamoWrites', RUN.messages / 1e6]) },
  'AWS::DynamoDB::Table': { run: always(['dynamoWrites', RUN.messages / 1e6]) },
  'AWS::EC2::NatGateway': { idle: always(['natGateway', HOURS]) },
  'AWS::EC2::VPCEndpoint': {
    idle: (endpoint) =>
      text(endpoint, 'VpcEndpointType') === 'Interface'
        ? [['interfaceEndpoint', HOURS * count(endpoint, 'SubnetIds')]]
        : [],
  },
  'AWS::Glue::Crawler': {
    run: (crawler) =>
      at(crawler.Properties, 'Schedule') === undefined ? [] : [glueMinutes(RUN.crawl.dpus, RUN.crawl.minutes)],
  },
  'AWS::Glue::Job': { run: jobUse },
  'AWS::Glue::TableOptimizer': { run: always(glueMinutes(1, RUN.optimizerMinutes)) },
  'AWS::KMS::Key': { idle: always(['key', 1]), run: always(['keyRequests', RUN.keyRequests / 10_000]) },
  'AWS::Kinesis::Stream': { idle: streamIdle },
  'AWS::Lambda::Function': { run: lambdaUse },
  'AWS::Logs::LogGroup': { run: always(['logs', RUN.logMegabytes / 1000]) },
  'AWS::QuickSight::DataSet': {
    // Each run refreshes it by one small query: in the workgroup, or on the warehouse, which the load has just woken.
    run: (set) => (readsLake(set) ? [['athenaScan', RUN.queryMegabytes / 1e6]] : []),
  },
  'AWS::RedshiftServerless::Namespace': {
    // Redshift keeps the administrator's password in a secret of its own making.
    idle: (namespace) => (text(namespace, 'ManageAdminPassword') === 'true' ? [['secret', 1]] : []),
  },
  'AWS::RedshiftServerless::Workgroup': {
    run: (workgroup, { gigabytes }) => [
      [
        'redshiftCompute',
        (number(workgroup, 'BaseCapacity', 128) *
          (RUN.warehouseMinutes + RUN.warehouseMinutesPerGigabyte * gigabytes)) /
          60,
      ],
    ],
  },
  'AWS::S3::Bucket': { run: storageUse },
  'AWS::SNS::Topic': { run: always(['messages', RUN.messages / 1e6]) },
  'AWS::SQS::Queue': { run: always(['queueRequests', RUN.messages / 1e6]) },
  'AWS::SageMaker::FeatureGroup': {
    run: (group, { gigabytes }) =>
      text(group, 'OnlineStoreConfig.EnableOnlineStore') === 'true' ? [['featureWrites', gigabytes]] : [],
  },
  'AWS::SageMaker::Pipeline': { run: trainingUse },
  'AWS::Scheduler::Schedule': { run: always(['schedules', 1 / 1e6]) },
  'AWS::SecretsManager::Secret': { idle: always(['secret', 1]) },
  'AWS::StepFunctions::StateMachine': { run: always(['machineSteps', RUN.transitions / 1000]) },
  'AWS::Transfer::Server': {
    idle: (server) => [['transferHour', HOURS * Math.max(1, count(server, 'Protocols'))]],
  },
  'AWS::WAFv2::WebACL': {
    idle: (acl) => [
      ['webAcl', 1],
      ['webAclRule', count(acl, 'Rules')],
    ],
  },
};

/** Types that are billed by what comes through them or who looks at them, run or no run. */
export const BY_TRAFFIC: Readonly<Record<string, PriceName>> = {
  'AWS::ApiGatewayV2::Api': 'apiRequests',
  'AWS::KinesisFirehose::DeliveryStream': 'firehose',
  'AWS::QuickSight::Dashboard': 'quickSightReader',
};
