import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';

/** A service that encrypts with the key on its own behalf, and under which condition, where the service knows one. */
interface KeyUser {
  readonly service: string;
  readonly actions: readonly string[];
  readonly conditions?: Record<string, Record<string, string>>;
}

/** The name of a key, the same in every region. */
export const keyAlias = (prefix: string, purpose: string): string => `alias/${prefix}-${purpose}`;

/**
 * A customer managed key that rotates each year. People and roles are let in by their own policies; only services
 * stand in the key's. A key is kept whatever happens to its stack: without it, retained data is noise.
 */
export class LakeKey extends Key {
  constructor(scope: Construct, id: string, purpose: string, users: readonly KeyUser[] = []) {
    const { prefix } = deploymentOf(scope).environment;
    super(scope, id, {
      alias: keyAlias(prefix, purpose),
      description: `${prefix}: encrypts ${purpose}`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const { service, actions, conditions = {} } of users)
      this.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(service)],
          actions: [...actions],
          resources: ['*'],
          conditions,
        }),
      );
  }
}
