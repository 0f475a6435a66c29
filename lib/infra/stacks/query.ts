import type { App } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { databaseName, QUERY_RESULTS, workgroupName } from '../../aws/index.ts';
import { RUN_QUERIES, workgroupArn } from '../constructs/athena-reader.ts';
import { constructId } from '../constructs/construct-id.ts';
import { allow, encryptWith, listObjects, readObjects, writeObjects } from '../constructs/permissions.ts';
import { savedText } from '../constructs/saved-text.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { GovernanceStack } from './governance.ts';
import type { StorageStack } from './storage.ts';

/** Athena for analysts: a workgroup whose settings nobody overrides, and every file of `sql/analyst/` as a saved query. */
export class QueryStack extends LakeStack {
  readonly workgroup: CfnWorkGroup;

  constructor(app: App, deployment: Deployment, { results, dataKey }: StorageStack, { analyst }: GovernanceStack) {
    super(app, 'Query', deployment, 'The Athena workgroup and the saved queries of analysts.');
    const { environment, plan } = deployment;
    const { prefix, athena, account } = environment;
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
      roles: [analyst],
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
    this.give('workgroup', this.workgroup.name);
  }
}
