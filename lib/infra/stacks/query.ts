import { type App, Duration } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { databaseName, QUERY_RESULTS, workgroupName } from '../../aws/index.ts';
import { RUN_QUERIES, workgroupArn } from '../constructs/athena-reader.ts';
import { constructId } from '../constructs/construct-id.ts';
import { FailureAlarm } from '../constructs/failure-alarm.ts';
import { allow, encryptWith, listObjects, readObjects, writeObjects } from '../constructs/permissions.ts';
import { savedText } from '../constructs/saved-text.ts';
import { PRICES } from '../cost/prices.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';
import type { GovernanceStack } from './governance.ts';
import type { StorageStack } from './storage.ts';

/** Days of a month, for sharing its budget out. */
const DAYS = 30;

/** So many bytes Athena scans for these dollars. */
const bytesFor = (dollars: number): number => Math.round((dollars / PRICES.athenaScan.dollars) * 1e12);

/** Stacks that queries stand on. */
interface QueryProps {
  readonly storage: StorageStack;
  readonly governance: GovernanceStack;
  readonly alerts: AlertsStack;
}

/** Athena for analysts: a workgroup whose settings nobody overrides, and every file of `sql/analyst/` as a saved query. */
export class QueryStack extends LakeStack {
  readonly workgroup: CfnWorkGroup;

  constructor(app: App, deployment: Deployment, { storage, governance, alerts }: QueryProps) {
    super(app, 'Query', deployment, 'The Athena workgroup and the saved queries of analysts.');
    const { environment, plan } = deployment;
    const { prefix, athena, account, budget } = environment;
    const { results, dataKey } = storage;
    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: workgroupName(prefix),
      description: `Queries on ${prefix}: encrypted answers, and a limit on what one query may scan.`,
      recursiveDeleteOption: environment.deletion.policy === 'delete',
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: athena.scanLimitBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/${QUERY_RESULTS}`,
          expectedBucketOwner: account,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: dataKey.keyArn },
        },
      },
    });
    // Refunds are the first data product: their questions stand first.
    const refundsFirst = [...plan.queries].sort(
      (a, b) => Number(b.name.startsWith('refund')) - Number(a.name.startsWith('refund')),
    );
    for (const query of refundsFirst)
      new CfnNamedQuery(this, constructId(query.name), {
        name: query.name,
        description: query.description,
        database: databaseName(prefix, 'mart'),
        workGroup: this.workgroup.name,
        queryString: savedText(query, prefix),
      }).addResourceDependency(this.workgroup);
    new ManagedPolicy(this, 'AnalystQueries', {
      description: 'Analysts run queries in the workgroup and read the answers.',
      roles: [governance.analyst],
      statements: [
        allow(
          [...RUN_QUERIES, 'athena:ListNamedQueries', 'athena:GetNamedQuery', 'athena:BatchGetNamedQuery'],
          [workgroupArn(this)],
        ),
        allow(['s3:GetBucketLocation'], [results.bucketArn]),
        listObjects(results, QUERY_RESULTS),
        readObjects(results, QUERY_RESULTS),
        writeObjects(results, QUERY_RESULTS),
        encryptWith(dataKey),
      ],
    });
    new FailureAlarm(this, 'ScansMuch', {
      metric: new Metric({
        namespace: 'AWS/Athena',
        metricName: 'ProcessedBytes',
        dimensionsMap: { WorkGroup: workgroupName(prefix) },
        statistic: 'Sum',
        period: Duration.days(1),
      }),
      above: bytesFor(budget.monthlyDollars / DAYS),
      says: `Queries of a day scanned for more than a day's share of the budget of $${budget.monthlyDollars} a month.`,
      runbook: 'athena-scans-much',
      topic: alerts.topic,
    });
    this.give('workgroup', this.workgroup.name);
  }
}
