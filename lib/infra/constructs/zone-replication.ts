import { Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketName, type Zone } from '../../aws/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import type { LakeBucket } from './lake-bucket.ts';
import { keyAlias, type LakeKey } from './lake-key.ts';
import { allow, decryptWith, ownService } from './permissions.ts';
import { ServiceRole } from './service-role.ts';

/** Buckets that are copied, and the key that decrypts them here. */
interface ZoneReplicationProps {
  readonly buckets: Readonly<Partial<Record<Zone, LakeBucket>>>;
  readonly key: LakeKey;
  readonly region: string;
}

/**
 * Copies every new object of some zones to the buckets of the same zones in another region, encrypted there with that
 * region's key. Deletions are not copied: who deletes here has lost nothing there.
 */
export class ZoneReplication extends Construct {
  constructor(scope: Construct, id: string, { buckets, key, region }: ZoneReplicationProps) {
    super(scope, id);
    const { environment } = deploymentOf(this);
    const { partition, account } = Stack.of(this);
    const alias = keyAlias(environment.prefix, 'data');
    const zones = Object.entries(buckets) as [Zone, LakeBucket][];
    // By name: a bucket names the role, so the role cannot ask the bucket.
    const original = (zone: Zone) => `arn:${partition}:s3:::${bucketName(environment, zone)}`;
    const copyOf = (zone: Zone) => `arn:${partition}:s3:::${bucketName({ ...environment, region }, zone)}`;
    const role = new ServiceRole(this, 'Role', {
      assumedBy: ownService(this, 's3.amazonaws.com'),
      description: `S3: copies ${zones.map(([zone]) => zone).join(' and ')} to ${region}.`,
      may: [
        allow(
          ['s3:GetReplicationConfiguration', 's3:ListBucket'],
          zones.map(([zone]) => original(zone)),
        ),
        allow(
          [
            's3:GetObjectVersionForReplication',
            's3:GetObjectVersionAcl',
            's3:GetObjectVersionTagging',
            's3:GetObjectRetention',
            's3:GetObjectLegalHold',
          ],
          zones.map(([zone]) => `${original(zone)}/*`),
        ),
        allow(
          ['s3:ReplicateObject', 's3:ReplicateTags'],
          zones.map(([zone]) => `${copyOf(zone)}/*`),
        ),
        decryptWith(key),
        // The other region's key is known by its alias alone.
        allow(['kms:Encrypt', 'kms:GenerateDataKey'], [`arn:${partition}:kms:${region}:${account}:key/*`], {
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias },
        }),
      ],
    });
    for (const [zone, bucket] of zones) {
      const made = bucket.node.defaultChild;
      if (!(made instanceof CfnBucket)) throw new TypeError(`${bucket.node.path}: expected to be made of a bucket`);
      made.replicationConfiguration = {
        role: role.roleArn,
        rules: [
          {
            id: `to-${region}`,
            status: 'Enabled',
            priority: 1,
            filter: { prefix: '' },
            deleteMarkerReplication: { status: 'Disabled' },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
            destination: {
              bucket: copyOf(zone),
              storageClass: 'STANDARD_IA',
              encryptionConfiguration: { replicaKmsKeyId: `arn:${partition}:kms:${region}:${account}:${alias}` },
            },
          },
        ],
      };
    }
  }
}
