import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';

/** A log group: encrypted, kept for as many days as the environment says. Logs go with their stack unless data is retained. */
export class LakeLogGroup extends LogGroup {
  constructor(scope: Construct, id: string, logGroupName: string, key: IKey) {
    const { environment } = deploymentOf(scope);
    super(scope, id, {
      logGroupName,
      encryptionKey: key,
      // RetentionDays is an enum of these very numbers; the environment's schema lists them.
      retention: environment.retention.logDays as RetentionDays,
      removalPolicy: environment.deletion.policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
