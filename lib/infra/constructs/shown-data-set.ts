import { CfnDataSet, type CfnDataSetProps } from 'aws-cdk-lib/aws-quicksight';
import { Construct } from 'constructs';
import { ACCESS_ROLES, databaseName, dataSetId } from '../../aws/index.ts';
import type { ColumnType, Layer } from '../../contract/index.ts';
import type { ColumnPlan, ShownData } from '../../plan/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import { rightsOn } from './quicksight-rights.ts';
import { savedText } from './saved-text.ts';

/** Where data sets come from. */
interface Sources {
  /** Athena: every question, and tables where there is no warehouse. */
  readonly lake: string;
  /** Redshift, which keeps the marts; null where dashboards do not read it. */
  readonly warehouse: string | null;
}

/** QuickSight's word for a type; contracts show no boolean. */
const TYPES: Readonly<Record<Exclude<ColumnType['kind'], 'boolean'>, string>> = {
  text: 'STRING',
  integer: 'INTEGER',
  decimal: 'DECIMAL',
  date: 'DATETIME',
  instant: 'DATETIME',
};

/** Layers whose tables the warehouse keeps itself. */
const KEPT: readonly Layer[] = ['mart', 'feature'];

/** What dashboards show of a table or a saved question: kept in SPICE, each column with its meaning, and those that tell of persons only for who may see them. */
export class ShownDataSet extends Construct {
  readonly data: ShownData;
  readonly dataSetId: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, data: ShownData, sources: Sources) {
    super(scope, id);
    const { environment } = deploymentOf(this);
    this.data = data;
    this.dataSetId = dataSetId(environment.prefix, data.name);
    const set = new CfnDataSet(this, 'Data', {
      awsAccountId: environment.account,
      dataSetId: this.dataSetId,
      name: `${environment.prefix} ${data.name}`,
      importMode: 'SPICE',
      // The daily run fills it; a deployment does not wait for tables that may be empty yet.
      ingestionWaitPolicy: { waitForSpiceIngestion: false },
      physicalTableMap: { data: this.physicalTable(sources) },
      permissions: rightsOn('dataSet', environment),
      ...this.columnRules(),
    });
    // CDK calls it deprecated, and what is to follow it describes no columns.
    set.addPropertyOverride('LogicalTableMap', {
      data: {
        Alias: data.name,
        Source: { PhysicalTableId: 'data' },
        DataTransforms: data.columns.map(({ name, description }) => ({
          TagColumnOperation: { ColumnName: name, Tags: [{ ColumnDescription: { Text: description } }] },
        })),
      },
    });
    this.arn = set.attrArn;
  }

  private physicalTable({ lake, warehouse }: Sources): CfnDataSet.PhysicalTableProperty {
    const { prefix } = deploymentOf(this).environment;
    const { name, columns, query } = this.data;
    const typed = columns.map(inputColumn);
    if (query !== null)
      return { customSql: { dataSourceArn: lake, name, sqlQuery: savedText(query, prefix), columns: typed } };
    const [layer, table = ''] = name.split('.') as [Layer, string];
    if (warehouse !== null && KEPT.includes(layer))
      return { relationalTable: { dataSourceArn: warehouse, schema: layer, name: table, inputColumns: typed } };
    return {
      relationalTable: {
        dataSourceArn: lake,
        catalog: 'AwsDataCatalog',
        schema: databaseName(prefix, layer),
        name: table,
        inputColumns: typed,
      },
    };
  }

  /** Columns that are not nobody's, class by class, each for the principals whose role sees the class. */
  private columnRules(): Pick<CfnDataSetProps, 'columnLevelPermissionRules'> {
    const { principals } = deploymentOf(this).environment.quickSight;
    const columnNames = this.data.columns.filter(({ pii }) => pii === 'indirect').map(({ name }) => name);
    const seeing = ACCESS_ROLES.filter(({ sees }) => sees.includes('indirect')).map(({ name }) => name);
    const who = principals.filter(({ role }) => seeing.includes(role)).map(({ arn }) => arn);
    return columnNames.length === 0 ? {} : { columnLevelPermissionRules: [{ columnNames, principals: who }] };
  }
}

function inputColumn({ name, type }: ColumnPlan): CfnDataSet.InputColumnProperty {
  if (type.kind === 'boolean') throw new TypeError(`${name}: dashboards show no boolean; say it in words`);
  // Money stays exact: SPICE keeps a decimal with a fixed number of digits, or else a double.
  return { name, type: TYPES[type.kind], ...(type.kind === 'decimal' ? { subType: 'FIXED' } : {}) };
}
