import { type App, CfnOutput } from 'aws-cdk-lib';
import { CfnDashboard, CfnDataSource } from 'aws-cdk-lib/aws-quicksight';
import { Construct } from 'constructs';
import { dashboardId, databaseName, workgroupName } from '../../aws/index.ts';
import { dashboardsOf, shownData } from '../../plan/index.ts';
import { athenaReader, workgroupArn } from '../constructs/athena-reader.ts';
import { constructId } from '../constructs/construct-id.ts';
import { READ_TABLES } from '../constructs/glue-catalog.ts';
import { allow, ownService } from '../constructs/permissions.ts';
import { rightsOn } from '../constructs/quicksight-rights.ts';
import { ServiceRole } from '../constructs/service-role.ts';
import { ShownDataSet } from '../constructs/shown-data-set.ts';
import { REDSHIFT_PORT, WarehouseConnection } from '../constructs/warehouse-connection.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import { dashboardDefinition } from '../quicksight/definition.ts';
import type { StorageStack } from './storage.ts';
import { DATABASE, type WarehouseStack } from './warehouse.ts';

/** What people look at: the dashboards that the plan declares, in QuickSight, on data that the daily run refreshes. */
export class BusinessIntelligenceStack extends LakeStack {
  readonly dataSets: readonly ShownDataSet[];

  constructor(app: App, deployment: Deployment, storage: StorageStack, warehouse: WarehouseStack) {
    super(app, 'BusinessIntelligence', deployment, 'QuickSight: data sources, data sets and dashboards.');
    const { environment, plan } = deployment;
    const { prefix, account } = environment;
    const sources = { lake: this.lakeSource(storage), warehouse: this.warehouseSource(warehouse) };
    const all = new Construct(this, 'DataSets');
    this.dataSets = shownData(plan).map((data) => new ShownDataSet(all, constructId(data.name), data, sources));
    for (const dashboard of dashboardsOf(plan)) {
      const id = dashboardId(prefix, dashboard.name);
      new CfnDashboard(this, constructId(dashboard.name), {
        awsAccountId: account,
        dashboardId: id,
        name: `${prefix} ${dashboard.name.replaceAll('_', ' ')}`,
        versionDescription: dashboard.description,
        definition: dashboardDefinition(dashboard, this.dataSets),
        permissions: rightsOn('dashboard', environment),
        dashboardPublishOptions: { sheetControlsOption: { visibilityState: 'EXPANDED' } },
        // A definition with a fault is refused, not shown with holes.
        validationStrategy: { mode: 'STRICT' },
      });
    }
    const home = `https://${this.region}.quicksight.aws.amazon.com/sn/dashboards`;
    new CfnOutput(this, 'Dashboards', { value: home, description: 'where the dashboards are' });
  }

  /** Athena, with a role of its own: what QuickSight may read in this account at large does not matter. */
  private lakeSource(storage: StorageStack): string {
    const { environment, plan } = this.deployment;
    const { prefix, account } = environment;
    const glue = `arn:${this.partition}:glue:${this.region}:${account}`;
    const catalogArn = `arn:${this.partition}:athena:${this.region}:${account}:datacatalog/AwsDataCatalog`;
    const ops = databaseName(prefix, 'ops');
    const ledger = [...new Set(dashboardsOf(plan).flatMap(({ reads }) => reads))].filter((name) =>
      name.startsWith('ops.'),
    );
    const role = new ServiceRole(this, 'LakeReader', {
      assumedBy: ownService(this, 'quicksight.amazonaws.com'),
      description:
        'QuickSight refreshes what dashboards show: questions in the workgroup, and the ledger tables that some ask.',
      may: [
        ...athenaReader(this, storage),
        // QuickSight reads answers as a stream, and looks up the tables of its data sets through Athena; AWS's own policy for it
        // (AWSQuicksightAthenaAccess) says so. Its lists of catalogs and databases are for choosing by hand.
        allow(['athena:GetQueryResultsStream'], [workgroupArn(this)]),
        allow(['athena:GetDataCatalog', 'athena:GetDatabase', 'athena:GetTableMetadata'], [catalogArn]),
        allow(READ_TABLES, [
          `${glue}:catalog`,
          `${glue}:database/${ops}`,
          ...ledger.map((name) => `${glue}:table/${name.replace('ops', ops).replace('.', '/')}`),
        ]),
      ],
    });
    return new CfnDataSource(this, 'Lake', {
      awsAccountId: account,
      dataSourceId: `${prefix}-lake`,
      name: `${prefix} lake`,
      type: 'ATHENA',
      dataSourceParameters: { athenaParameters: { workGroup: workgroupName(prefix), roleArn: role.roleArn } },
      permissions: rightsOn('dataSource', environment),
    }).attrArn;
  }

  /** Redshift, as a database user whose secret a person made; null where the environment names none. */
  private warehouseSource({ network, workgroup }: WarehouseStack): string | null {
    const { environment } = this.deployment;
    const { prefix, account, quickSight } = environment;
    if (quickSight.warehouseSecretArn === null) return null;
    const { arn } = new WarehouseConnection(this, 'WarehouseConnection', network);
    return new CfnDataSource(this, 'Warehouse', {
      awsAccountId: account,
      dataSourceId: `${prefix}-warehouse`,
      name: `${prefix} warehouse`,
      type: 'REDSHIFT',
      dataSourceParameters: {
        redshiftParameters: {
          database: DATABASE,
          host: workgroup.attrWorkgroupEndpointAddress,
          port: REDSHIFT_PORT,
        },
      },
      credentials: { secretArn: quickSight.warehouseSecretArn },
      vpcConnectionProperties: { vpcConnectionArn: arn },
      sslProperties: { disableSsl: false },
      permissions: rightsOn('dataSource', environment),
    }).attrArn;
  }
}
