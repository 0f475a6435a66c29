import { type App, Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Zone } from '../../aws/index.ts';
import { LakeBucket } from '../constructs/lake-bucket.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import { ZoneReplication } from '../constructs/zone-replication.ts';
import type { Deployment } from '../deployment.ts';
import type { Environment } from '../environments.ts';
import { LakeStack } from '../lake-stack.ts';
import type { REPLICATED } from './replica.ts';

/** Zones that hold data; the log bucket stands apart. */
type DataZone = Exclude<Zone, 'logs'>;

const after = (storageClass: StorageClass, days: number) => ({ storageClass, transitionAfter: Duration.days(days) });

/** What becomes of a zone's objects with time. Iceberg moves its own files, so `processed` is left to it. */
const lifecycleOf = ({ retention }: Environment): Readonly<Record<DataZone, readonly LifecycleRule[]>> => ({
  raw: [
    {
      id: 'cool',
      transitions: [after(StorageClass.INFREQUENT_ACCESS, 90), after(StorageClass.GLACIER_INSTANT_RETRIEVAL, 365)],
    },
  ],
  processed: [],
  quarantine: [{ id: 'expire', expiration: Duration.days(retention.quarantineDays) }],
  archive: [{ id: 'cool', transitions: [after(StorageClass.GLACIER_INSTANT_RETRIEVAL, 30)] }],
  results: [{ id: 'expire', expiration: Duration.days(retention.queryResultDays) }],
});

/**
 * Everything that must not be lost: the buckets and the two keys. `dataKey` encrypts what the lake holds,
 * `operationsKey` what running it leaves behind (logs, queues, topics, state), so that who reads logs reads no data.
 */
export class StorageStack extends LakeStack {
  readonly dataKey: LakeKey;
  readonly operationsKey: LakeKey;
  readonly accessLogs: LakeBucket;
  readonly raw: LakeBucket;
  readonly processed: LakeBucket;
  readonly quarantine: LakeBucket;
  readonly archive: LakeBucket;
  readonly results: LakeBucket;

  constructor(app: App, deployment: Deployment) {
    super(app, 'Storage', deployment, 'Buckets and keys of the lakehouse. Deploy first, remove last.');
    const { environment } = deployment;
    const { retention, account, region } = environment;
    const here = { StringEquals: { 'aws:SourceAccount': account } };
    this.dataKey = new LakeKey(this, 'DataKey', 'data');
    this.operationsKey = new LakeKey(this, 'OperationsKey', 'operations', [
      {
        service: `logs.${region}.amazonaws.com`,
        actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${region}:${account}:*` },
        },
      },
      { service: 'sns.amazonaws.com', actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], conditions: here },
      { service: 'cloudwatch.amazonaws.com', actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], conditions: here },
      { service: 'budgets.amazonaws.com', actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], conditions: here },
      // Without a condition: EventBridge does not say to the key of a topic for whom it works, and would be refused.
      { service: 'events.amazonaws.com', actions: ['kms:Decrypt', 'kms:GenerateDataKey*'] },
    ]);
    this.accessLogs = new LakeBucket(this, 'AccessLogs', {
      zone: 'logs',
      key: null,
      accessLogs: null,
      lifecycle: [{ id: 'expire', expiration: Duration.days(retention.accessLogDays) }],
    });
    const lifecycle = lifecycleOf(environment);
    const bucket = (id: string, zone: DataZone, lockDays = 0) => {
      const made = new LakeBucket(this, id, {
        zone,
        key: this.dataKey,
        accessLogs: this.accessLogs,
        lifecycle: lifecycle[zone],
        lockDays,
      });
      this.give(`${zone}Bucket`, made.bucketName);
      return made;
    };
    this.raw = bucket('Raw', 'raw', retention.rawLockDays);
    this.processed = bucket('Processed', 'processed');
    this.quarantine = bucket('Quarantine', 'quarantine');
    this.archive = bucket('Archive', 'archive');
    this.results = bucket('Results', 'results');
    const { raw, archive } = this;
    if (environment.replicaRegion !== null)
      new ZoneReplication(this, 'Replication', {
        buckets: { raw, archive } satisfies Record<(typeof REPLICATED)[number], LakeBucket>,
        key: this.dataKey,
        region: environment.replicaRegion,
      });
  }
}
