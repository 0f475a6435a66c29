/** One line of AWS's price list. */
export interface Price {
  readonly dollars: number;
  /** What so much is paid for. */
  readonly per: string;
  /** The page of aws.amazon.com that lists it. */
  readonly page: string;
}

/**
 * Which prices these are: on demand, before taxes, first tier, free tiers left out since they belong to the account and
 * not to a lakehouse. Written down by hand: compare with the pages before an invoice hangs on a cent.
 */
export const PRICE_LIST = { region: 'eu-west-1', asOf: '2025-10-01', pages: 'https://aws.amazon.com' } as const;

const price = (dollars: number, per: string, page: string): Price => ({ dollars, per, page });

/** List prices by what is paid for. */
export const PRICES = {
  alarm: price(0.1, 'metric of an alarm, month', 'cloudwatch/pricing'),
  apiRequests: price(1.11, 'million requests', 'api-gateway/pricing'),
  archive: price(0.005, 'GB, month', 's3/pricing'),
  athenaScan: price(5, 'TB scanned', 'athena/pricing'),
  compositeAlarm: price(0.5, 'composite alarm, month', 'cloudwatch/pricing'),
  dashboard: price(3, 'dashboard, month', 'cloudwatch/pricing'),
  dynamoWrites: price(0.705, 'million writes', 'dynamodb/pricing/on-demand'),
  featureWrites: price(1.4, 'million writes to the online store', 'sagemaker/pricing'),
  firehose: price(0.031, 'GB', 'firehose/pricing'),
  glueHour: price(0.44, 'DPU hour', 'glue/pricing'),
  interfaceEndpoint: price(0.011, 'endpoint and zone, hour', 'privatelink/pricing'),
  key: price(1, 'key, month', 'kms/pricing'),
  keyRequests: price(0.03, '10,000 requests', 'kms/pricing'),
  kinesisShard: price(0.017, 'shard hour', 'kinesis/data-streams/pricing'),
  kinesisStream: price(0.044, 'stream on demand, hour', 'kinesis/data-streams/pricing'),
  lambdaCompute: price(0.0000133334, 'GB second on arm64', 'lambda/pricing'),
  lambdaRequests: price(0.2, 'million requests', 'lambda/pricing'),
  logs: price(0.57, 'GB of logs', 'cloudwatch/pricing'),
  machineSteps: price(0.025, '1,000 transitions', 'step-functions/pricing'),
  messages: price(0.5, 'million messages', 'sns/pricing'),
  mlLargeHour: price(0.128, 'hour of a job on ml.m5.large', 'sagemaker/pricing'),
  mlExtraLargeHour: price(0.257, 'hour of a job on ml.m5.xlarge', 'sagemaker/pricing'),
  natGateway: price(0.048, 'gateway, hour', 'vpc/pricing'),
  queueRequests: price(0.4, 'million requests', 'sqs/pricing'),
  quickSightAuthor: price(24, 'author, month', 'quicksight/pricing'),
  quickSightReader: price(3, 'reader, month', 'quicksight/pricing'),
  redshiftCompute: price(0.387, 'RPU hour', 'redshift/pricing'),
  s3Requests: price(0.005, '1,000 writes', 's3/pricing'),
  s3Storage: price(0.023, 'GB, month', 's3/pricing'),
  schedules: price(1, 'million invocations', 'eventbridge/pricing'),
  secret: price(0.4, 'secret, month', 'secrets-manager/pricing'),
  spice: price(0.38, 'GB of SPICE beyond the 10 of each author, month', 'quicksight/pricing'),
  transferHour: price(0.3, 'protocol, hour', 'aws-transfer-family/pricing'),
  webAcl: price(5, 'web ACL, month', 'waf/pricing'),
  webAclRule: price(1, 'rule of a web ACL, month', 'waf/pricing'),
} as const satisfies Readonly<Record<string, Price>>;

/** What can be paid for. */
export type PriceName = keyof typeof PRICES;

/** Hours of a month, as AWS counts them. */
export const HOURS = 730;
