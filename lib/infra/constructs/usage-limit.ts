import { CustomResource, Duration } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';
import { LakeFunction } from './lake-function.ts';
import { LakeLogGroup } from './lake-log-group.ts';
import { allow } from './permissions.ts';
import { ServiceRole } from './service-role.ts';

/** What is bounded. */
interface UsageLimitProps {
  readonly workgroupArn: string;
  readonly rpuHoursPerDay: number;
  readonly key: IKey;
}

/** The bound on what a warehouse computes in a day: at it, queries end until the next. CloudFormation has no type for it. */
export class UsageLimit extends Construct {
  constructor(scope: Construct, id: string, { workgroupArn, rpuHoursPerDay, key }: UsageLimitProps) {
    super(scope, id);
    const { prefix } = deploymentOf(this).environment;
    const onEventHandler = new LakeFunction(this, 'Keeper', {
      lambda: 'redshift-usage-limit',
      description: 'Keeps the bound on what the warehouse may compute, when stacks are deployed.',
      settings: {},
      may: [
        // Usage limits have no resource that a policy could name.
        allow(
          ['CreateUsageLimit', 'UpdateUsageLimit', 'DeleteUsageLimit', 'ListUsageLimits'].map(
            (action) => `redshift-serverless:${action}`,
          ),
          ['*'],
        ),
      ],
      key,
      timeout: Duration.minutes(1),
      concurrency: 1,
    });
    const logGroup = new LakeLogGroup(this, 'ProviderLog', `/aws/lambda/${prefix}-usage-limit-provider`, key);
    const provider = new Provider(this, 'Provider', {
      onEventHandler,
      providerFunctionName: `${prefix}-usage-limit-provider`,
      logGroup,
      frameworkOnEventRole: new ServiceRole(this, 'ProviderRole', {
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        description: 'Carries the wishes of CloudFormation to the keeper of the usage limit.',
        may: [
          allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
          allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']),
        ],
      }),
    });
    for (const carrier of provider.node.findAll().filter((each) => each instanceof CfnFunction))
      carrier.tracingConfig = { mode: 'Active' };
    new CustomResource(this, 'Limit', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::RedshiftUsageLimit',
      properties: {
        workgroupArn,
        usageType: 'serverless-compute',
        amount: rpuHoursPerDay,
        period: 'daily',
        breachAction: 'deactivate',
      },
    });
  }
}
