import { CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';

/** How Glue encrypts what crawlers and jobs write: data with one key, logs and bookmarks with the other. */
export class GlueEncryption extends CfnSecurityConfiguration {
  constructor(
    scope: Construct,
    id: string,
    purpose: string,
    keys: { readonly dataKey: IKey; readonly operationsKey: IKey },
  ) {
    const logs = keys.operationsKey.keyArn;
    super(scope, id, {
      name: `${deploymentOf(scope).environment.prefix}-${purpose}`,
      encryptionConfiguration: {
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: logs },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn: logs },
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: keys.dataKey.keyArn }],
      },
    });
  }
}
