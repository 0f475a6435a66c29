import { type App, CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccountPrincipal, type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { deliveryStreamName, rawDataset, streamName } from '../../aws/index.ts';
import { constructId } from '../constructs/construct-id.ts';
import { DeliveriesLate } from '../constructs/deliveries-late.ts';
import { LakeLogGroup } from '../constructs/lake-log-group.ts';
import { allow, encryptWith, listObjects, writeObjects } from '../constructs/permissions.ts';
import { DELIVERY_ERRORS, RawDelivery } from '../constructs/raw-delivery.ts';
import { RecordsApi } from '../constructs/records-api.ts';
import { ServiceRole } from '../constructs/service-role.ts';
import { SftpServer } from '../constructs/sftp-server.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';
import type { StorageStack } from './storage.ts';

/**
 * The five ways in, all of them into `raw/<dataset>/dt=YYYY-MM-DD/`: roles for other accounts and for loaders, the HTTP API,
 * streams, and SFTP. Each may write the datasets that the environment names, and read nothing.
 */
export class IngestionStack extends LakeStack {
  constructor(app: App, deployment: Deployment, { raw, dataKey, operationsKey }: StorageStack, { topic }: AlertsStack) {
    super(app, 'Ingestion', deployment, 'How records and files come in.');
    const { prefix, api, streams, switches, sources, loaders, deletion } = deployment.environment;
    const log = new LakeLogGroup(this, 'DeliveryLog', `/aws/kinesisfirehose/${prefix}`, operationsKey);
    const role = new ServiceRole(this, 'DeliveryRole', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'sts:ExternalId': this.account } },
      }),
      description: 'Firehose: reads streams and writes their records into raw.',
      may: [
        allow(['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'], [raw.bucketArn]),
        listObjects(raw, 'raw/', DELIVERY_ERRORS),
        writeObjects(raw, 'raw/', DELIVERY_ERRORS),
        encryptWith(dataKey),
        encryptWith(operationsKey),
        allow(['logs:PutLogEvents'], [log.logGroupArn]),
      ],
    });
    const place = { raw, dataKey, operationsKey, log, role };
    for (const dataset of api.datasets)
      new RawDelivery(this, constructId(`api_${dataset}`), dataset, deliveryStreamName(prefix, dataset), place);
    const deliveries = [
      ...api.datasets.map((dataset) => deliveryStreamName(prefix, dataset)),
      ...(switches.streaming ? streams : []).map((dataset) => streamName(prefix, dataset)),
    ];
    new DeliveriesLate(this, 'DeliveriesLate', deliveries, topic);
    const records = api.datasets.length > 0 ? new RecordsApi(this, 'Records', operationsKey, topic) : null;
    const streamed = new Map(
      (switches.streaming ? streams : []).map((dataset) => {
        const stream = new Stream(this, constructId(`stream_${dataset}`), {
          streamName: streamName(prefix, dataset),
          streamMode: StreamMode.ON_DEMAND,
          encryption: StreamEncryption.KMS,
          encryptionKey: dataKey,
          retentionPeriod: Duration.days(7),
          removalPolicy: deletion.policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        });
        role.addToPrincipalPolicy(
          allow(
            ['kinesis:DescribeStream', 'kinesis:GetShardIterator', 'kinesis:GetRecords', 'kinesis:ListShards'],
            [stream.streamArn],
          ),
        );
        new RawDelivery(this, constructId(`land_${dataset}`), dataset, streamName(prefix, dataset), place, stream);
        return [dataset, stream] as const;
      }),
    );
    const waysIn = (datasets: readonly string[]): PolicyStatement[] => {
      const folders = datasets.map(rawDataset);
      const routes = datasets.filter((each) => api.datasets.includes(each)).map((each) => records?.routeOf(each) ?? '');
      const arns = datasets.flatMap((each) => streamed.get(each)?.streamArn ?? []);
      return [
        listObjects(raw, ...folders),
        writeObjects(raw, ...folders),
        encryptWith(dataKey),
        ...(routes.length > 0 ? [allow(['execute-api:Invoke'], routes)] : []),
        ...(arns.length > 0 ? [allow(['kinesis:PutRecord', 'kinesis:PutRecords'], arns)] : []),
      ];
    };
    for (const { name, account, datasets } of sources)
      this.tell(
        name,
        new ServiceRole(this, constructId(`source_${name}`), {
          assumedBy: new AccountPrincipal(account),
          description: `The source ${name}: pushes files and records of its datasets.`,
          may: waysIn(datasets),
        }),
      );
    for (const { name, account, externalId, datasets } of loaders)
      this.tell(
        name,
        new ServiceRole(this, constructId(`loader_${name}`), {
          assumedBy: new AccountPrincipal(account).withConditions({ StringEquals: { 'sts:ExternalId': externalId } }),
          description: `The loader ${name}: puts files of its datasets.`,
          may: waysIn(datasets),
        }),
      );
    if (switches.sftp) new SftpServer(this, 'Sftp', raw, dataKey, operationsKey);
    if (records)
      new CfnOutput(this, 'RecordsUrl', { value: records.api.attrApiEndpoint, description: 'POST /records/{dataset}' });
  }

  private tell(name: string, role: ServiceRole): void {
    new CfnOutput(this, constructId(`role_of_${name}`), {
      value: role.roleArn,
      description: `the role that ${name} assumes`,
    });
  }
}
