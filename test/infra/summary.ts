import {
  at,
  readable,
  type SynthesisedTemplate,
  type TemplateResource,
  withoutHash,
} from '../../lib/infra/readable.ts';

/** The properties that say what a resource is, by type: what a reviewer wants to see change. */
const KEY_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockConfiguration.Rule.DefaultRetention', 'ReplicationConfiguration.Rules'],
  'AWS::KMS::Key': ['EnableKeyRotation'],
  'AWS::Glue::Database': ['DatabaseInput.Name'],
  'AWS::Glue::Crawler': ['Name', 'Schedule.ScheduleExpression', 'SchemaChangePolicy'],
  'AWS::Glue::Job': ['Name', 'GlueVersion', 'WorkerType', 'NumberOfWorkers', 'Timeout', 'ExecutionProperty'],
  'AWS::Athena::WorkGroup': ['Name', 'WorkGroupConfiguration.BytesScannedCutoffPerQuery'],
  'AWS::Athena::NamedQuery': ['Name'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName'],
  'AWS::Scheduler::Schedule': ['ScheduleExpression', 'State'],
  'AWS::CloudWatch::Alarm': ['AlarmName', 'Threshold'],
  'AWS::DynamoDB::Table': ['KeySchema', 'BillingMode'],
  'AWS::KinesisFirehose::DeliveryStream': ['DeliveryStreamName', 'DeliveryStreamType'],
  'AWS::Kinesis::Stream': ['Name', 'StreamModeDetails', 'RetentionPeriodHours'],
  'AWS::ApiGatewayV2::Stage': ['DefaultRouteSettings'],
  'AWS::Events::Rule': ['EventPattern.detail-type', 'EventPattern.detail'],
  'AWS::SNS::Topic': ['TopicName'],
  'AWS::SQS::Queue': ['MessageRetentionPeriod'],
  'AWS::Lambda::Function': ['FunctionName', 'Runtime', 'MemorySize', 'Timeout', 'ReservedConcurrentExecutions'],
  'AWS::QuickSight::Dashboard': ['DashboardId'],
  'AWS::QuickSight::DataSet': ['DataSetId', 'ImportMode', 'ColumnLevelPermissionRules'],
  'AWS::QuickSight::DataSource': ['Type', 'VpcConnectionProperties'],
  'AWS::RedshiftServerless::Namespace': ['NamespaceName', 'DbName', 'ManageAdminPassword'],
  'AWS::RedshiftServerless::Workgroup': ['BaseCapacity', 'MaxCapacity', 'PubliclyAccessible', 'EnhancedVpcRouting'],
  'AWS::SageMaker::FeatureGroup': ['FeatureGroupName', 'RecordIdentifierFeatureName', 'EventTimeFeatureName'],
  'AWS::SageMaker::ModelPackageGroup': ['ModelPackageGroupName'],
  'AWS::SageMaker::Pipeline': ['PipelineName'],
  'AWS::Logs::LogGroup': ['LogGroupName', 'RetentionInDays'],
};

/** A template in a page: how many of each type, and the key properties of each resource that has some. */
export function summary({ Resources }: SynthesisedTemplate): string {
  const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))].sort();
  const lines = types.flatMap((type) => {
    const resources = Object.entries(Resources).filter(([, { Type }]) => Type === type);
    const details = resources.map(([id, resource]) => `  ${line(id, resource, KEY_PROPERTIES[type] ?? [])}`);
    return [`${type} x ${resources.length}`, ...(KEY_PROPERTIES[type] ? details.sort() : [])];
  });
  return `${lines.join('\n')}\n`;
}

function line(id: string, { Properties, DeletionPolicy }: TemplateResource, keys: readonly string[]): string {
  const facts = keys.flatMap((key) => {
    const value = at(Properties, key);
    return value === undefined ? [] : [`${key}=${readable(value)}`];
  });
  return [withoutHash(id), ...facts, ...(DeletionPolicy ? [DeletionPolicy] : [])].join('  ');
}
