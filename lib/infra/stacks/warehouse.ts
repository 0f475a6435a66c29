import { type App, CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CompositePrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { constructId } from '../constructs/construct-id.ts';
import { FailureAlarm } from '../constructs/failure-alarm.ts';
import { glueCatalog, READ_TABLES } from '../constructs/glue-catalog.ts';
import { IsolatedNetwork } from '../constructs/isolated-network.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { LakeLogGroup } from '../constructs/lake-log-group.ts';
import { allow, decryptWith, listObjects, readObjects } from '../constructs/permissions.ts';
import { ServiceRole } from '../constructs/service-role.ts';
import { SnapshotSchedule } from '../constructs/snapshot-schedule.ts';
import { UsageLimit } from '../constructs/usage-limit.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';
import type { StorageStack } from './storage.ts';

/** The database of the warehouse. */
export const DATABASE = 'lakehouse';

/** Its administrator, whose password AWS makes, keeps and rotates. */
const ADMIN = 'lakehouse_admin';

/** What it logs: who was there, who connected, which statements ran. */
const LOGS = ['userlog', 'connectionlog', 'useractivitylog'] as const;

/** What of a day's computing may be used before somebody is told. */
const NEARLY = 0.8;

/**
 * Redshift Serverless: marts and features for people and models, and a window on the lake. It sleeps when nobody asks, and
 * can be made anew from the lake; what only it holds are users and their own tables, hence the snapshots.
 */
export class WarehouseStack extends LakeStack {
  readonly namespace: CfnNamespace;
  readonly workgroup: CfnWorkgroup;
  readonly load: LakeFunction<'load-warehouse'>;
  readonly network: IsolatedNetwork;

  constructor(app: App, deployment: Deployment, storage: StorageStack, { topic }: AlertsStack) {
    super(app, 'Warehouse', deployment, 'Redshift Serverless, its network, and what loads it. Stateful.');
    const { prefix, redshift } = deployment.environment;
    const { dataKey, operationsKey } = storage;
    this.network = new IsolatedNetwork(this, 'Network', operationsKey);
    const spectrum = this.lakeReader(storage);
    this.namespace = this.namespaceOf(spectrum, storage);
    // Redshift writes into groups of these names where they are, and else makes some that keep everything for ever.
    for (const log of LOGS) new LakeLogGroup(this, constructId(log), `/aws/redshift/${prefix}/${log}`, operationsKey);
    this.workgroup = new CfnWorkgroup(this, 'Workgroup', {
      workgroupName: prefix,
      namespaceName: this.namespace.namespaceName,
      baseCapacity: redshift.baseCapacity,
      maxCapacity: redshift.maxCapacity,
      publiclyAccessible: false,
      // Off: it would read the lake through the network, which then needed endpoints for Glue and KMS in three zones.
      enhancedVpcRouting: false,
      subnetIds: [...this.network.subnetIds],
      securityGroupIds: [this.network.closedGroupId],
      configParameters: [
        { parameterKey: 'require_ssl', parameterValue: 'true' },
        { parameterKey: 'enable_user_activity_logging', parameterValue: 'true' },
        { parameterKey: 'max_query_execution_time', parameterValue: '3600' },
      ],
    });
    this.workgroup.addResourceDependency(this.namespace);
    const workgroupArn = this.workgroup.attrWorkgroupWorkgroupArn;
    new UsageLimit(this, 'UsageLimit', { workgroupArn, rpuHoursPerDay: redshift.rpuHoursPerDay, key: operationsKey });
    // CloudFormation does not tell which secret Redshift made; it is named so, and its ARN ends with six characters more.
    const adminSecret = `redshift!${prefix}-${ADMIN}`;
    const secretArn = `arn:${this.partition}:secretsmanager:${this.region}:${this.account}:secret:${adminSecret}-??????`;
    this.load = new LakeFunction(this, 'LoadWarehouse', {
      lambda: 'load-warehouse',
      description: 'Brings the warehouse to what the plan says, a step per call.',
      settings: {
        NAME_PREFIX: prefix,
        REDSHIFT_WORKGROUP: prefix,
        REDSHIFT_DATABASE: DATABASE,
        REDSHIFT_SECRET: adminSecret,
        SPECTRUM_ROLE_ARN: spectrum.roleArn,
      },
      may: [
        allow(['redshift-data:ExecuteStatement', 'redshift-data:BatchExecuteStatement'], [workgroupArn]),
        // A statement has no resource of its own: only who started it may ask after it.
        allow(['redshift-data:DescribeStatement'], ['*'], {
          StringEquals: { 'redshift-data:statement-owner-iam-userid': `\${aws:userid}` },
        }),
        allow(['secretsmanager:GetSecretValue'], [secretArn]),
        decryptWith(dataKey),
      ],
      key: operationsKey,
      timeout: Duration.minutes(1),
      concurrency: 1,
    });
    new SnapshotSchedule(this, 'Snapshots', { namespace: this.namespace, key: operationsKey, topic });
    new FailureAlarm(this, 'NearLimit', {
      metric: new Metric({
        namespace: 'AWS/Redshift-Serverless',
        metricName: 'ComputeSeconds',
        dimensionsMap: { Workgroup: prefix },
        statistic: 'Sum',
        period: Duration.days(1),
      }),
      above: redshift.rpuHoursPerDay * 3600 * NEARLY,
      says: `The warehouse used ${NEARLY * 100} % of what it may compute in a day; at all of it, queries end.`,
      runbook: 'warehouse-near-its-limit',
      topic,
    });
    new CfnOutput(this, 'WorkgroupName', { value: prefix, description: 'the Redshift workgroup' });
    new CfnOutput(this, 'AdminSecret', {
      value: adminSecret,
      description: 'the administrator’s password, kept by AWS',
    });
  }

  private lakeReader({ processed, dataKey }: StorageStack): ServiceRole {
    return new ServiceRole(this, 'LakeReader', {
      assumedBy: this.ownWarehouse(),
      description: 'The warehouse reads the tables of the lake with it.',
      may: [
        allow(READ_TABLES, glueCatalog(this, 'base', 'mart', 'feature')),
        listObjects(processed, ''),
        readObjects(processed, ''),
        decryptWith(dataKey),
      ],
    });
  }

  /** Redshift at work for users of this account. Serverless takes a role under either name, and says for whom by an external id. */
  private ownWarehouse(): CompositePrincipal {
    const users = `arn:${this.partition}:redshift:${this.region}:${this.account}:dbuser:*/*`;
    const conditions = { StringLike: { 'sts:ExternalId': users } };
    const names = ['redshift-serverless.amazonaws.com', 'redshift.amazonaws.com'];
    return new CompositePrincipal(...names.map((name) => new ServicePrincipal(name, { conditions })));
  }

  private namespaceOf(spectrum: ServiceRole, { dataKey }: StorageStack): CfnNamespace {
    const { prefix, deletion, redshift } = this.deployment.environment;
    const retained = deletion.policy === 'retain';
    const namespace = new CfnNamespace(this, 'Namespace', {
      namespaceName: prefix,
      dbName: DATABASE,
      adminUsername: ADMIN,
      manageAdminPassword: true,
      adminPasswordSecretKmsKeyId: dataKey.keyId,
      kmsKeyId: dataKey.keyId,
      iamRoles: [spectrum.roleArn],
      logExports: [...LOGS],
      ...(retained
        ? { finalSnapshotName: `${prefix}-final`, finalSnapshotRetentionPeriod: redshift.snapshotDays }
        : {}),
    });
    namespace.applyRemovalPolicy(retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    return namespace;
  }
}
