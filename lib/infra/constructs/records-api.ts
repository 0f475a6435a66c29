import { Duration, Stack } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { deliveryStreamName, dimensionsOf, IDEMPOTENCY_TABLE, METRIC_NAMESPACE, METRICS } from '../../aws/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import { FailureAlarm } from './failure-alarm.ts';
import { LakeFunction } from './lake-function.ts';
import { LakeLogGroup } from './lake-log-group.ts';
import { LakeTable } from './lake-table.ts';
import { allow, encryptWith } from './permissions.ts';

/** What the access log keeps of a request: who, what, how it was answered; nothing of its body. */
const ACCESS = {
  at: '$context.requestTime',
  request: '$context.requestId',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  caller: '$context.identity.userArn',
  bytes: '$context.responseLength',
};

/** `POST /records/{dataset}`: signed requests (IAM), throttled, a batch once per idempotency key. */
export class RecordsApi extends Construct {
  readonly api: CfnApi;

  constructor(scope: Construct, id: string, key: IKey, topic: ITopic) {
    super(scope, id);
    const { environment } = deploymentOf(this);
    const { prefix, api: limits } = environment;
    const { partition, region, account } = Stack.of(this);
    const keys = new LakeTable(this, 'Keys', IDEMPOTENCY_TABLE, key);
    const stream = (dataset: string) =>
      `arn:${partition}:firehose:${region}:${account}:deliverystream/${deliveryStreamName(prefix, dataset)}`;
    const receive = new LakeFunction(this, 'ReceiveRecords', {
      lambda: 'receive-records',
      description: 'Judges rows by their contract and lands accepted batches in raw.',
      settings: { NAME_PREFIX: prefix, API_DATASETS: limits.datasets.join(), IDEMPOTENCY_TABLE: keys.tableName },
      may: [
        allow(['firehose:PutRecordBatch'], limits.datasets.map(stream)),
        allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'], [keys.tableArn]),
        encryptWith(key),
      ],
      key,
      timeout: Duration.seconds(29),
      memoryMegabytes: 1024,
      concurrency: 20,
    });
    this.api = new CfnApi(this, 'Api', {
      name: `${prefix}-records`,
      protocolType: 'HTTP',
      description: 'Takes records of some datasets as JSON lines.',
    });
    const integration = new CfnIntegration(this, 'Integration', {
      apiId: this.api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: receive.functionArn,
      payloadFormatVersion: '2.0',
    });
    new CfnRoute(this, 'Route', {
      apiId: this.api.ref,
      routeKey: 'POST /records/{dataset}',
      authorizationType: 'AWS_IAM',
      target: `integrations/${integration.ref}`,
    });
    const log = new LakeLogGroup(this, 'AccessLog', `/aws/vendedlogs/apigateway/${prefix}-records`, key);
    new CfnStage(this, 'Stage', {
      apiId: this.api.ref,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: log.logGroupArn, format: JSON.stringify(ACCESS) },
      defaultRouteSettings: {
        throttlingRateLimit: limits.requestsPerSecond,
        throttlingBurstLimit: 2 * limits.requestsPerSecond,
        detailedMetricsEnabled: true,
      },
    });
    receive.addPermission('Api', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: `arn:${partition}:execute-api:${region}:${account}:${this.api.ref}/*/POST/records/*`,
    });
    new FailureAlarm(this, 'Breaks', {
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5xx',
        dimensionsMap: { ApiId: this.api.ref },
        statistic: 'Sum',
        period: Duration.minutes(15),
      }),
      above: 3,
      says: 'The HTTP API answered requests with 5xx: its Lambda broke, was throttled, or could not deliver.',
      runbook: 'records-api-breaks',
      topic,
    });
    new FailureAlarm(this, 'DeliveriesFail', {
      metric: new Metric({
        namespace: METRIC_NAMESPACE,
        metricName: METRICS.deliveriesFailed,
        dimensionsMap: dimensionsOf('receive-records', environment.name),
        statistic: 'Sum',
        period: Duration.minutes(15),
      }),
      says: 'The HTTP API took records that it could not land; senders were told to send again.',
      runbook: 'deliveries-fail',
      topic,
    });
  }

  /** The route of one dataset, as permissions name it. */
  routeOf(dataset: string): string {
    const { partition, region, account } = Stack.of(this);
    return `arn:${partition}:execute-api:${region}:${account}:${this.api.ref}/$default/POST/records/${dataset}`;
  }
}
