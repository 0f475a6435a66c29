import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketName, type Zone } from '../../aws/index.ts';
import { deploymentOf } from '../lake-stack.ts';

/** What tells one zone's bucket from another's. */
interface LakeBucketProps {
  readonly zone: Zone;
  /** Null for S3's own encryption: the only kind that access logs can be written to. */
  readonly key: IKey | null;
  /** Where its access logs go, below the zone's name; null for the log bucket itself. */
  readonly accessLogs: IBucket | null;
  readonly lifecycle: readonly LifecycleRule[];
  /** Days in which no version can be deleted but by those who may bypass governance; 0 for none. */
  readonly lockDays?: number;
}

/** The bucket of one zone: encrypted, TLS only, private, versioned, its name known before it is made. */
export class LakeBucket extends Bucket {
  constructor(scope: Construct, id: string, { zone, key, accessLogs, lifecycle, lockDays = 0 }: LakeBucketProps) {
    const { environment } = deploymentOf(scope);
    const retained = environment.deletion.policy === 'retain';
    super(scope, id, {
      bucketName: bucketName({ ...environment, region: Stack.of(scope).region }, zone),
      ...(key
        ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      ...(accessLogs ? { serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: `${zone}/` } : {}),
      ...(lockDays > 0
        ? {
            objectLockEnabled: true,
            objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(lockDays)),
          }
        : {}),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          id: 'tidy',
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          noncurrentVersionExpiration: Duration.days(environment.retention.noncurrentDays),
          expiredObjectDeleteMarker: true,
        },
        ...lifecycle,
      ],
      removalPolicy: retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Said aloud, so that this class is an `IBucket` under exact optional property types. */
  override get isWebsite(): boolean {
    return false;
  }
}
