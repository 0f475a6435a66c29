import { type App, Duration } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { ANALYST_RESULTS, analystsWorkgroupName, databaseName, QUERY_RESULTS, workgroupName } from '../../aws/index.ts';
import { RUN_QUERIES, workgroupArn } from '../constructs/athena-reader.ts';
import { constructId } from '../constructs/construct-id.ts';
import { countedTogether } from '../constructs/counted-together.ts';
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

/**
 * Athena: a workgroup for what runs by itself and one for analysts, whose settings nobody overrides, and every file of
 * `sql/analyst/` as a saved query.
 */
export class QueryStack extends LakeStack {
  constructor(app: App, deployment: Deployment, { storage, governance, alerts }: QueryProps) {
    super(app, 'Query', deployment, 'The Athena workgroups, and the saved queries of analysts.');
    const { environment, plan } = deployment;
    const { prefix, budget } = environment;
    const { results, dataKey } = storage;
    this.workgroup('Workgroup', workgroupName(prefix), QUERY_RESULTS, storage);
    const analysts = this.workgroup('Analysts', analystsWorkgroupName(prefix), ANALYST_RESULTS, storage);
    // Refunds are the first data product: their questions stand first.
    const refundsFirst = [...plan.queries].sort(
      (a, b) => Number(b.name.startsWith('refund')) - Number(a.name.startsWith('refund')),
    );
    for (const query of refundsFirst)
      new CfnNamedQuery(this, constructId(query.name), {
        name: query.name,
        description: query.description,
        database: databaseName(prefix, 'mart'),
        workGroup: analysts.name,
        queryString: savedText(query, prefix),
      }).addResourceDependency(analysts);
    new ManagedPolicy(this, 'AnalystQueries', {
      description: 'Analysts run queries in the workgroup and read the answers.',
      roles: [governance.analyst],
      statements: [
        allow(
          [...RUN_QUERIES, 'athena:ListNamedQueries', 'athena:GetNamedQuery', 'athena:BatchGetNamedQuery'],
          [workgroupArn(this, analystsWorkgroupName)],
        ),
        allow(['s3:GetBucketLocation'], [results.bucketArn]),
        listObjects(results, ANALYST_RESULTS),
        readObjects(results, ANALYST_RESULTS),
        writeObjects(results, ANALYST_RESULTS),
        encryptWith(dataKey),
      ],
    });
    new FailureAlarm(this, 'ScansMuch', {
      metric: countedTogether(
        'SUM',
        'bytes scanned',
        { namespace: 'AWS/Athena', metricName: 'ProcessedBytes', statistic: 'Sum', period: Duration.days(1) },
        [workgroupName(prefix), analystsWorkgroupName(prefix)].map((WorkGroup) => ({ WorkGroup })),
      ),
      above: bytesFor(budget.monthlyDollars / DAYS),
      says: `Queries of a day scanned for more than a day's share of the budget of $${budget.monthlyDollars} a month.`,
      runbook: 'athena-scans-much',
      topic: alerts.topic,
    });
    this.give('workgroup', analysts.name);
  }

  /** A workgroup that writes answers below a folder of its own. */
  private workgroup(id: string, name: string, folder: string, { results, dataKey }: StorageStack): CfnWorkGroup {
    const { athena, account, deletion } = this.deployment.environment;
    return new CfnWorkGroup(this, id, {
      name,
      description: `Queries on ${name}: encrypted answers, and a limit on what one query may scan.`,
      recursiveDeleteOption: deletion.policy === 'delete',
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: athena.scanLimitBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/${folder}`,
          expectedBucketOwner: account,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: dataKey.keyArn },
        },
      },
    });
  }
}
