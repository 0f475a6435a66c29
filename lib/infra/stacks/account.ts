import type { App } from 'aws-cdk-lib';
import { CfnDataLakeSettings, CfnTag } from 'aws-cdk-lib/aws-lakeformation';
import type { Pii } from '../../contract/index.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';

/** The tag that says whom a column can identify. Its keys belong to the account, so every environment shares it. */
export const PII_TAG = 'pii';

/** The values of the tag: the contract's classes. */
export const PII_CLASSES: readonly Pii[] = ['none', 'indirect', 'direct'];

/**
 * What exists once per account and region: CloudFormation as an administrator of Lake Formation, and the tag key. Only
 * the environment that owns the account's settings brings it; it is deployed before any other environment's Governance.
 */
export class AccountStack extends LakeStack {
  constructor(app: App, deployment: Deployment) {
    super(app, 'Account', deployment, 'Lake Formation settings of the account: once per account and region.');
    const { account, region } = deployment.environment;
    const deployer = `arn:${this.partition}:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`;
    const settings = new CfnDataLakeSettings(this, 'Settings', {
      admins: [{ dataLakePrincipalIdentifier: deployer }],
      // Administrators that others named stay.
      mutationType: 'APPEND',
    });
    new CfnTag(this, 'PiiTag', {
      catalogId: account,
      tagKey: PII_TAG,
      tagValues: [...PII_CLASSES],
    }).addResourceDependency(settings);
  }
}
