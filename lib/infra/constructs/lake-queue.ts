import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** How messages leave a queue. */
interface LakeQueueProps {
  readonly key: IKey;
  /** For a queue that is worked off: how long one try may take, and where goes what failed for the fifth time. */
  readonly worked?: { readonly visibility: Duration; readonly deadLetters: LakeQueue };
}

/** Tries before a message is given up. */
const TRIES = 5;

/** A queue: encrypted, TLS only, kept for 14 days, the longest there is. */
export class LakeQueue extends Queue {
  constructor(scope: Construct, id: string, { key, worked }: LakeQueueProps) {
    super(scope, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
      ...(worked
        ? {
            visibilityTimeout: worked.visibility,
            deadLetterQueue: { queue: worked.deadLetters, maxReceiveCount: TRIES },
          }
        : {}),
    });
  }

  /** Lets a service put messages here on behalf of one resource, or of those that a pattern names. */
  takeFrom(service: string, sourceArn: string): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ['sqs:SendMessage'],
        resources: [this.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': sourceArn } },
      }),
    );
  }
}
