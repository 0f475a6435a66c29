import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnTable, CfnTableOptimizer } from 'aws-cdk-lib/aws-glue';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CreatedTable } from '../created-tables.ts';
import { deploymentOf } from '../lake-stack.ts';

/** Where a table stands, and how it was made. */
interface IcebergTableProps {
  readonly database: string;
  readonly table: string;
  /** `s3://bucket/layer/table`. */
  readonly location: string;
  readonly created: CreatedTable;
  /** Compacts files and expires snapshots. */
  readonly maintainer: IRole;
}

/** Iceberg's first field id of a partition spec. */
const FIRST_PARTITION_FIELD = 1000;

/** An Iceberg table (format 2) of the Glue catalog that keeps itself small: compaction, and expiry of old snapshots. */
export class IcebergTable extends Construct {
  readonly table: CfnTable;

  constructor(scope: Construct, id: string, { database, table, location, created, maintainer }: IcebergTableProps) {
    super(scope, id);
    const { environment } = deploymentOf(this);
    const columns = Object.entries(created.columns);
    const partition = created.partition;
    this.table = new CfnTable(this, 'Table', {
      catalogId: environment.account,
      databaseName: database,
      name: table,
      openTableFormatInput: {
        icebergInput: {
          metadataOperation: 'CREATE',
          version: '2',
          icebergTableInput: {
            location,
            schema: {
              type: 'struct',
              fields: columns.map(([name, spelled], index) => ({
                id: index + 1,
                name,
                type: spelled.replace(/ required$/, ''),
                required: spelled.endsWith(' required'),
              })),
            },
            ...(partition
              ? {
                  partitionSpec: {
                    fields: [
                      {
                        fieldId: FIRST_PARTITION_FIELD,
                        name: `${partition.column}_${partition.transform}`,
                        sourceId: columns.findIndex(([name]) => name === partition.column) + 1,
                        transform: partition.transform,
                      },
                    ],
                  },
                }
              : {}),
          },
        },
      },
    });
    // Known to CloudFormation by its contract's name alone: moving code about can never replace a table.
    this.table.overrideLogicalId(id);
    // Rows outlive the stack as their bucket does; without its table, nobody finds them.
    this.table.applyRemovalPolicy(
      environment.deletion.policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    );
    const optimizer = (type: string, configuration: Partial<CfnTableOptimizer.TableOptimizerConfigurationProperty>) =>
      new CfnTableOptimizer(this, type, {
        catalogId: environment.account,
        databaseName: database,
        tableName: table,
        type: type.toLowerCase(),
        tableOptimizerConfiguration: { enabled: true, roleArn: maintainer.roleArn, ...configuration },
      }).addResourceDependency(this.table);
    optimizer('Compaction', {});
    optimizer('Retention', {
      retentionConfiguration: {
        icebergConfiguration: {
          snapshotRetentionPeriodInDays: environment.retention.snapshotDays,
          numberOfSnapshotsToRetain: 1,
          cleanExpiredFiles: true,
        },
      },
    });
  }
}
