/** A decision that a compliance rule does not bind some constructs, and why. */
export interface Suppression {
  /** Rules with their packs, as cdk-nag prints them; those of `cfn-lint::` and `checkov::` are judged on the templates, by tests. */
  readonly rules: readonly [string, ...string[]];
  /** Which findings of a rule that makes many (`AwsSolutions-IAM5`); all others of the rule still stop synth. */
  readonly finding?: RegExp;
  readonly reason: string;
  /** Construct paths; the decision covers what stands below. A path that no environment needs fails a test. */
  readonly at: readonly string[];
}

/** One rule as the three compliance packs spell it. */
const inCompliancePacks = (rule: string) =>
  [`NIST.800.53.R5-${rule}`, `HIPAA.Security-${rule}`, `PCI.DSS.321-${rule}`] as const;

/** Every Lambda; whoever calls one waits for its answer. */
const LAMBDAS = [
  'Alerts/Delivery/SendAlert',
  'Ingestion/Records/ReceiveRecords',
  'MachineLearning/PublishFeatures',
  'Orchestration/ExportAnswers',
  'Orchestration/SenseSources',
  'Quality/RunChecks',
  'Quality/ValidateDaily',
  'Warehouse/LoadWarehouse',
  'Warehouse/UsageLimit/Keeper',
] as const;

/** CDK's own Lambda, which carries what CloudFormation wishes to the keeper of a usage limit. */
const CARRIER = 'Warehouse/UsageLimit/Provider';

const roleOf = (lambda: string) => `${lambda}Role`;

/** Every suppression of the app. */
export const SUPPRESSIONS: readonly Suppression[] = [
  {
    rules: inCompliancePacks('S3BucketReplicationEnabled'),
    reason:
      'raw and the archive are copied to a second region where the environment names one (replicaRegion); a copy is not copied again, other zones are made anew from raw, or expire',
    at: [
      'Replica/AccessLogs',
      'Replica/Raw',
      'Replica/Archive',
      'Storage/AccessLogs',
      'Storage/Raw',
      'Storage/Processed',
      'Storage/Quarantine',
      'Storage/Archive',
      'Storage/Results',
    ],
  },
  {
    rules: inCompliancePacks('S3DefaultEncryptionKMS'),
    reason: 'S3 delivers access logs only to a bucket with its own encryption (SSE-S3)',
    at: ['Storage/AccessLogs', 'Replica/AccessLogs'],
  },
  {
    rules: ['checkov::CKV_AWS_18'],
    reason: 'it is itself where access logs go: logging it into itself would never end',
    at: ['Replica/AccessLogs', 'Storage/AccessLogs'],
  },
  {
    rules: [...inCompliancePacks('LambdaInsideVPC'), 'checkov::CKV_AWS_117'],
    reason:
      'a Lambda in a VPC without NAT reaches no AWS service but S3; each talks to AWS over TLS with a role of its own, and to nothing inside a VPC',
    at: [...LAMBDAS, CARRIER],
  },
  {
    rules: ['NIST.800.53.R5-LambdaDLQ', 'HIPAA.Security-LambdaDLQ', 'checkov::CKV_AWS_116'],
    reason: 'called by something that waits for the answer and retries: nothing is queued that could get lost',
    at: [...LAMBDAS, CARRIER],
  },
  {
    rules: ['checkov::CKV_AWS_173'],
    reason:
      'variables are names of things and no secrets, encrypted at rest by a key of AWS; a key of ours would be one more that can stop a Lambda from starting',
    at: [...LAMBDAS, CARRIER],
  },
  {
    rules: ['checkov::CKV_AWS_164'],
    reason:
      'partners come over the internet, with a key and into folders of their own; it stands only where an environment names them',
    at: ['Ingestion/Sftp/Server'],
  },
  {
    rules: ['cfn-lint::W3005'],
    reason: 'CDK itself lists the role that a Lambda or a machine names anyway; saying it twice changes nothing',
    at: [...LAMBDAS, CARRIER, 'Orchestration/DailyRun'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::[*]$/,
    reason: 'tracing: X-Ray takes segments from everybody or nobody, it has no resources to name',
    at: [...LAMBDAS.map(roleOf), 'Warehouse/UsageLimit/ProviderRole'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::(<[^>]+[.]Arn>|[\w-]+:ExportsOutputFnGetAtt\w+)\/.*[*]$/,
    reason: 'the objects below a prefix of a bucket: S3 has no other way to name them',
    at: [
      'Ingestion/DeliveryRole',
      'Ingestion/SourcePaymentsPlatform',
      'Ingestion/LoaderFivetran',
      'Ingestion/Sftp',
      'Catalog/Roles/Maintainer',
      'Catalog/Roles/Crawler',
      'Governance/LakeReader',
      'Processing/Role',
      'MachineLearning/Roles',
      'MachineLearning/PublishFeaturesRole',
      'Query/AnalystQueries',
      'Quality/ValidateDailyRole',
      'Quality/RunChecksRole',
      'Orchestration/ExportAnswersRole',
      'Warehouse/LakeReader',
      'BusinessIntelligence/LakeReader',
    ],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::arn:aws:(s3:::[a-z0-9-]+\/[*]|kms:.*:key\/[*])$/,
    reason:
      'every object of two buckets and of their copies, which stand in another region and are known by name; the key there by its alias, which a condition asks for',
    at: ['Storage/Replication/Role'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::arn:aws:glue:.*:table\/[a-z0-9_]+\/[*]$/,
    reason: 'the tables of one layer of this environment: a new contract needs no new permission',
    at: [
      'Catalog/Roles/Maintainer',
      'Catalog/Roles/Crawler',
      'Governance/Analyst',
      'MachineLearning/Roles',
      'MachineLearning/PublishFeaturesRole',
      'Processing/Role',
      'Quality/RunChecksRole',
      'Orchestration/ExportAnswersRole',
      'Warehouse/LakeReader',
      'BusinessIntelligence/LakeReader',
    ],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::arn:aws:logs:.*:log-group:\/aws-glue\/.*[*]$/,
    reason: 'Glue names its log groups itself, after roles and security configurations',
    at: ['Catalog/Roles/Maintainer', 'Catalog/Roles/Crawler', 'Processing/Role'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::[*]$/,
    reason:
      'neither security configurations of Glue (reading one shows the names of two keys) nor metrics (bound to the namespace Glue) can be named in a policy',
    at: ['Catalog/Roles/Crawler', 'Processing/Role'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::[*]$/,
    reason: 'lakeformation:GetDataAccess names no resource: Lake Formation itself decides, column by column',
    at: ['Governance/Analyst'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::[*]$/,
    reason: 'traces, and the delivery of logs that CloudWatch sets up for a machine, name no resources',
    at: ['Orchestration/MachineRole'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::[*]$/,
    reason:
      'neither lists of model versions, nor a token for pulling containers, nor metrics (bound to those of SageMaker jobs) can be named in a policy',
    at: ['MachineLearning/Roles/Jobs'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding:
      /^Resource::arn:aws:(logs:.*:log-group:\/aws\/sagemaker\/|sagemaker:.*:(processing-job|training-job)\/pipelines-)[*]$/,
    reason: 'SageMaker names the jobs that a pipeline starts, and the streams and groups of their logs, itself',
    at: ['MachineLearning/Roles'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::arn:aws:sagemaker:.*:model-package\/[a-z0-9-]+\/[*]$/,
    reason: 'the versions of one model of this environment: they are numbered as they come',
    at: ['MachineLearning/Roles'],
  },
  {
    rules: ['AwsSolutions-SQS3'],
    reason:
      'it is itself where dead letters go: of a schedule that could not do its work, of an event or an alert that could not be handed on',
    at: ['Alerts/Unheard', 'Orchestration/Unstarted', 'Warehouse/Snapshots/Missed'],
  },
  {
    rules: ['NIST.800.53.R5-DynamoDBInBackupPlan', 'HIPAA.Security-DynamoDBInBackupPlan'],
    reason:
      'running state, forgotten in days; it can be restored to any second, and without it an alert is told or a batch is taken twice, which does no harm',
    at: ['Alerts/Delivery/Incidents', 'Ingestion/Records/Keys'],
  },
  {
    rules: ['AwsSolutions-KDF1'],
    reason: 'it reads an encrypted stream and has nothing of its own at rest; AWS refuses a second encryption there',
    at: ['Ingestion/LandInventoryEvent', 'Ingestion/LandSiteEvent'],
  },
  {
    rules: ['AwsSolutions-KDS3'],
    reason:
      'the stream is encrypted with the data key like all that the lake holds, so that one policy says who reads it',
    at: ['Ingestion/StreamInventoryEvent', 'Ingestion/StreamSiteEvent'],
  },
  {
    rules: ['NIST.800.53.R5-LambdaConcurrency', 'HIPAA.Security-LambdaConcurrency', 'checkov::CKV_AWS_115'],
    reason: 'CDK makes it and bounds it not; CloudFormation calls it once per deployment, and what it calls is bounded',
    at: [CARRIER],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::<UsageLimitKeeper.*[.]Arn>:[*]$/,
    reason: 'CDK lets its carrier call the keeper in each of its versions; there is only one',
    at: ['Warehouse/UsageLimit/ProviderRole'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::[*]$/,
    reason:
      'neither usage limits nor statements of the Data API can be named in a policy; a statement is shown only to who started it',
    at: ['Warehouse/UsageLimit/KeeperRole', 'Warehouse/LoadWarehouseRole'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::arn:aws:redshift-serverless:.*:snapshot\/[*]$/,
    reason: 'a snapshot gets its id when it is made, so none can be named before',
    at: ['Warehouse/Snapshots/Role'],
  },
  {
    rules: inCompliancePacks('VPCDefaultSecurityGroupClosed'),
    reason:
      'nothing is in the default group, and the network has no way in or out; closing it takes a Lambda with rights on every security group',
    at: ['Warehouse/Network/Vpc'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::arn:aws:quicksight:.*:dataset\/[a-z0-9-]+\/ingestion\/[*]$/,
    reason: 'a refresh of a named data set is itself named when it begins, so none can be named before',
    at: ['Orchestration/MachineRole'],
  },
  {
    rules: ['AwsSolutions-IAM5'],
    finding: /^Resource::([*]|arn:aws:ec2:.*:(network-interface|subnet)\/[*])$/,
    reason:
      'QuickSight makes interfaces, which have no name before, and looks at subnets and groups, which no policy can name; what it reaches is bound by its group',
    at: ['BusinessIntelligence/WarehouseConnection/Role'],
  },
  {
    rules: ['CloudFormation-Validate::W9009'],
    reason:
      'CloudFormation calls LogicalTableMap deprecated; what is to follow it has no place for the meaning of a column',
    at: ['BusinessIntelligence/DataSets'],
  },
  {
    rules: ['CloudFormation-Validate::W3010', 'cfn-lint::W3010'],
    reason: 'the environment names its three zones, so that synth looks nothing up and the warehouse stays where it is',
    at: ['Warehouse/Network/Isolated1', 'Warehouse/Network/Isolated2', 'Warehouse/Network/Isolated3'],
  },
];
