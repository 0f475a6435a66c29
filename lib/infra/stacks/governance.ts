import { type App, CfnOutput } from 'aws-cdk-lib';
import { AccountPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPrincipalPermissions, CfnResource, CfnTagAssociation } from 'aws-cdk-lib/aws-lakeformation';
import { databaseName } from '../../aws/index.ts';
import type { Layer } from '../../contract/index.ts';
import { ColumnTags } from '../constructs/column-tags.ts';
import { constructId } from '../constructs/construct-id.ts';
import { glueCatalog, READ_TABLES } from '../constructs/glue-catalog.ts';
import { allow, encryptWith, listObjects, readObjects, writeObjects } from '../constructs/permissions.ts';
import { ServiceRole } from '../constructs/service-role.ts';
import { withNewTables } from '../created-tables.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import { PII_TAG } from './account.ts';
import type { StorageStack } from './storage.ts';

const LAYERS: readonly Layer[] = ['raw', 'base', 'mart', 'feature'];

/**
 * Who sees which columns. Lake Formation governs in hybrid access mode: services keep reading by their roles, people who
 * opted in (the analyst role) read through Lake Formation and see only what is tagged as nobody's data.
 */
export class GovernanceStack extends LakeStack {
  /** Takes every query of analysts; has no way to the files but through Lake Formation. */
  readonly analyst: ServiceRole;

  constructor(app: App, deployment: Deployment, { processed, dataKey }: StorageStack) {
    super(app, 'Governance', deployment, 'PII tags on columns, and the analyst role that does not see them.');
    const { account, prefix } = deployment.environment;
    const reader = new ServiceRole(this, 'LakeReader', {
      assumedBy: new ServicePrincipal('lakeformation.amazonaws.com'),
      description: 'Lake Formation reads and writes tables with it, for people whom it let in.',
      may: [listObjects(processed, ''), readObjects(processed, ''), writeObjects(processed, ''), encryptWith(dataKey)],
    });
    new CfnResource(this, 'Lake', {
      resourceArn: processed.bucketArn,
      roleArn: reader.roleArn,
      useServiceLinkedRole: false,
      hybridAccessEnabled: true,
    });
    this.tagColumns(deployment);
    this.analyst = new ServiceRole(this, 'Analyst', {
      assumedBy: new AccountPrincipal(account),
      description: 'Analysts: read every table of base, mart and feature but the columns with personal data.',
      may: [allow(READ_TABLES, glueCatalog(this, ...LAYERS)), allow(['lakeformation:GetDataAccess'], ['*'])],
    });
    const grant = (id: string, permissions: string[], resource: CfnPrincipalPermissions.ResourceProperty) =>
      new CfnPrincipalPermissions(this, id, {
        principal: { dataLakePrincipalIdentifier: this.analyst.roleArn },
        permissions,
        permissionsWithGrantOption: [],
        resource,
      });
    for (const layer of LAYERS)
      grant(constructId(`sees_${layer}`), ['DESCRIBE'], {
        database: { catalogId: account, name: databaseName(prefix, layer) },
      });
    grant('SeesNobodysData', ['DESCRIBE', 'SELECT'], {
      lfTagPolicy: {
        catalogId: account,
        resourceType: 'TABLE',
        expression: [{ tagKey: PII_TAG, tagValues: ['none'] }],
      },
    });
    new CfnOutput(this, 'AnalystRole', {
      value: this.analyst.roleArn,
      description: 'opt this role in to Lake Formation',
    });
  }

  /** Databases carry the gravest class, columns their own. */
  private tagColumns({ environment: { account, prefix }, plan, created }: Deployment): void {
    for (const layer of LAYERS)
      new CfnTagAssociation(this, constructId(`${layer}_tag`), {
        lfTags: [{ catalogId: account, tagKey: PII_TAG, tagValues: ['direct'] }],
        resource: { database: { catalogId: account, name: databaseName(prefix, layer) } },
      });
    const tables = withNewTables(created, plan);
    for (const table of plan.tables) {
      const known = tables[table.name];
      if (known)
        new ColumnTags(this, constructId(table.name), {
          tag: PII_TAG,
          database: databaseName(prefix, table.layer),
          table,
          created: known,
          inherited: 'direct',
        });
    }
  }
}
