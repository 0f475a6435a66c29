import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';

/** A small table of running state: paid per request, encrypted, restorable to any second, its items forgotten in time. */
export class LakeTable extends Table {
  constructor(
    scope: Construct,
    id: string,
    facts: { readonly key: string; readonly ttl: string },
    encryptionKey: IKey,
  ) {
    const retained = deploymentOf(scope).environment.deletion.policy === 'retain';
    super(scope, id, {
      partitionKey: { name: facts.key, type: AttributeType.STRING },
      timeToLiveAttribute: facts.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retained,
      removalPolicy: retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
