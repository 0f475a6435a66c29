import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { at, listOf, readable, type TemplateValue } from '../../lib/infra/readable.ts';
import { dashboardsOf, shownData } from '../../lib/plan/index.ts';
import { references } from '../../lib/plan/sql/references.ts';
import { parseStatement } from '../../lib/plan/sql/tree.ts';
import { builtPlan, synthesised } from './synthesised.ts';

const plan = builtPlan();
const bi = synthesised('prod').template('BusinessIntelligence');

/** The properties of the resources of a type, in an environment's stack. */
const of = (type: string, environment: 'prod' | 'uat' = 'prod'): TemplateValue[] =>
  Object.values(synthesised(environment).json('BusinessIntelligence').Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties ?? {});
const text = (value: TemplateValue, path: string): string => readable(at(value, path) ?? '');
const texts = (value: TemplateValue, path: string, inEach: string): string[] =>
  listOf(at(value, path)).map((each) => text(each, inEach));

const TABLE = 'PhysicalTableMap.data';
const dataSets = of('AWS::QuickSight::DataSet').map((set) => ({
  id: text(set, 'DataSetId'),
  name: text(set, 'LogicalTableMap.data.Alias'),
  mode: text(set, 'ImportMode'),
  layer: text(set, `${TABLE}.RelationalTable.Schema`),
  columns: [
    ...texts(set, `${TABLE}.CustomSql.Columns`, 'Name'),
    ...texts(set, `${TABLE}.RelationalTable.InputColumns`, 'Name'),
  ],
  described: texts(set, 'LogicalTableMap.data.DataTransforms', 'TagColumnOperation.ColumnName'),
  sql:
    text(set, `${TABLE}.CustomSql.SqlQuery`) ||
    `select x.y from ${text(set, `${TABLE}.RelationalTable.Schema`)}.${text(set, `${TABLE}.RelationalTable.Name`)} as x`,
  restricted: listOf(at(set, 'ColumnLevelPermissionRules')).map((rule) => ({
    columns: listOf(at(rule, 'ColumnNames')).map(readable),
    principals: listOf(at(rule, 'Principals')).map(readable),
  })),
}));

/** What stands below a value at these keys, wherever. */
function found<T>(value: TemplateValue, pick: (each: TemplateValue) => T | null): T[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = pick(value);
  return [...(here === null ? [] : [here]), ...Object.values(value).flatMap((each) => found(each, pick))];
}
const columnNamed = (value: TemplateValue): string | null =>
  at(value, 'ColumnName') === undefined ? null : `${text(value, 'DataSetIdentifier')}.${text(value, 'ColumnName')}`;
/** A field is made where its column is named; elsewhere it is only spoken of. */
const fieldMade = (value: TemplateValue): string | null =>
  at(value, 'Column') ? text(value, 'FieldId') || null : null;
const visualMade = (value: TemplateValue): string | null =>
  at(value, 'ChartConfiguration') ? text(value, 'VisualId') : null;

describe('dashboards', () => {
  const dashboards = of('AWS::QuickSight::Dashboard');

  it('are those of the plan, by the names that lineage and alerts know; dev has none', () => {
    expect(dashboards.map((each) => text(each, 'DashboardId')).sort()).toEqual(
      dashboardsOf(plan)
        .map(({ name }) => `lakehouse-prod-${name.replaceAll('_', '-')}`)
        .sort(),
    );
    expect(synthesised('dev').names).not.toContain('BusinessIntelligence');
    expect(synthesised('uat').names).toContain('BusinessIntelligence');
  });

  it('cover refunds by month, merchant and customer with their rate, shipments and holidays, the best product, data quality', () => {
    const titles = dashboardsOf(plan).map(({ name, sheets }) => [name, sheets.map(({ title }) => title)]);
    expect(Object.fromEntries(titles)).toMatchObject({
      refunds: ['By month', 'By merchant', 'By customer'],
      shipments_and_holidays: ['Shipments', 'Public holidays'],
      best_product: ['Best product', 'Ranking'],
      data_quality: ['Checks', 'Records'],
    });
  });

  it.each(dashboards.map((each) => [text(each, 'DashboardId'), at(each, 'Definition') ?? {}] as const))(
    '%s names columns and calculated fields that are there, and no visual or field twice',
    (_, definition) => {
      const declared = texts(definition, 'DataSetIdentifierDeclarations', 'Identifier');
      const calculated = listOf(at(definition, 'CalculatedFields'));
      const known = new Set([
        ...dataSets
          .filter(({ name }) => declared.includes(name))
          .flatMap(({ name, columns }) => columns.map((each) => `${name}.${each}`)),
        ...calculated.map((each) => `${text(each, 'DataSetIdentifier')}.${text(each, 'Name')}`),
      ]);
      const named = found(definition, columnNamed);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((each) => !known.has(each))).toEqual([]);
      for (const made of [fieldMade, visualMade]) {
        const ids = found(definition, made);
        expect(ids.length).toBeGreaterThan(0);
        expect(new Set(ids).size).toBe(ids.length);
      }
    },
  );

  it('read the tables that the plan says: those that the SQL of their data sets names', () => {
    const tablesOf = (name: string): string[] =>
      references(parseStatement(dataSets.find((each) => each.name === name)?.sql ?? '', name)).map(
        ({ schema, name: table }) => `${schema?.replace('lakehouse_prod_', '')}.${table}`,
      );
    for (const { name, reads, sheets } of dashboardsOf(plan)) {
      const shown = sheets.flatMap(({ charts }) => charts.map(({ shows }) => shows));
      expect([...new Set(shown.flatMap(tablesOf))].sort(), name).toEqual(reads);
    }
  });

  it('may be changed by owners, and looked at by viewers', () => {
    const { principals } = environmentNamed('prod').quickSight;
    for (const dashboard of dashboards) {
      const rights = new Map(
        listOf(at(dashboard, 'Permissions')).map((each) => [text(each, 'Principal'), text(each, 'Actions')]),
      );
      for (const { arn, may } of principals) {
        expect(rights.get(arn)).toContain('quicksight:QueryDashboard');
        expect(rights.get(arn)?.includes('quicksight:UpdateDashboard')).toBe(may === 'own');
      }
    }
  });
});

describe('data sets', () => {
  it('are what dashboards show, each once, with the meaning of every column', () => {
    expect(dataSets.map(({ name }) => name).sort()).toEqual(
      shownData(plan)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { columns, described } of dataSets) expect(described).toEqual(columns);
    bi.hasResourceProperties('AWS::QuickSight::DataSet', {
      LogicalTableMap: {
        data: {
          Alias: 'refund-rate',
          DataTransforms: Match.arrayWith([
            {
              TagColumnOperation: {
                ColumnName: 'refunded',
                Tags: [{ ColumnDescription: { Text: 'of it ever returned, in the account currency' } }],
              },
            },
          ]),
        },
      },
    });
  });

  it('of a question run the question’s own text', () => {
    bi.hasResourceProperties('AWS::QuickSight::DataSet', {
      DataSetId: 'lakehouse-prod-refund-rate',
      PhysicalTableMap: {
        data: { CustomSql: { SqlQuery: Match.stringLikeRegexp('^-- one row per calendar month of purchases') } },
      },
    });
  });

  it('have no column that names a person, and show what tells of one only to whose role sees it', () => {
    const classes = new Map(
      plan.tables.flatMap((table) =>
        table.columns.map((column) => [`${table.name}.${column.name}`, column.pii] as const),
      ),
    );
    const indirect = new Set(
      shownData(plan).flatMap(({ name, columns }) =>
        columns.filter(({ pii }) => pii === 'indirect').map((column) => `${name}.${column.name}`),
      ),
    );
    expect(indirect).toContain('mart.refunds_by_customer.customer_id');
    for (const { name, columns, restricted } of dataSets) {
      for (const column of columns) expect(classes.get(`${name}.${column}`), `${name}.${column}`).not.toBe('direct');
      expect(
        restricted.flatMap((rule) => rule.columns),
        name,
      ).toEqual(columns.filter((column) => indirect.has(`${name}.${column}`)));
      for (const { principals } of restricted)
        expect(principals).toEqual(['arn:aws:quicksight:eu-west-1:777788889999:group/default/stewards']);
    }
  });

  it('lie in SPICE, and the daily run refreshes all of them', () => {
    const machine = JSON.stringify(synthesised('prod').json('Orchestration').Resources);
    for (const { id, mode } of dataSets) {
      expect(mode).toBe('SPICE');
      expect(machine).toContain(`\\"${id}\\"`);
      expect(machine).toContain(`dataset/${id}/ingestion/*`);
    }
    expect(JSON.stringify(synthesised('dev').json('Orchestration').Resources)).not.toContain('quicksight');
  });
});

describe('data sources', () => {
  it('are the workgroup, by a role of its own, and the warehouse, by its network, over TLS', () => {
    bi.hasResourceProperties('AWS::QuickSight::DataSource', {
      Type: 'ATHENA',
      DataSourceParameters: {
        AthenaParameters: {
          WorkGroup: 'lakehouse-prod',
          RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LakeReader'), 'Arn'] },
        },
      },
    });
    bi.hasResourceProperties('AWS::QuickSight::DataSource', {
      Type: 'REDSHIFT',
      DataSourceParameters: { RedshiftParameters: { Database: 'lakehouse', Port: 5439 } },
      Credentials: {
        SecretArn: environmentNamed('prod').quickSight.warehouseSecretArn,
        CredentialPair: Match.absent(),
      },
      VpcConnectionProperties: { VpcConnectionArn: Match.anyValue() },
      SslProperties: { DisableSsl: false },
    });
  });

  it('are the workgroup alone where the environment names no user of the warehouse', () => {
    expect(of('AWS::QuickSight::DataSource', 'uat').map((source) => text(source, 'Type'))).toEqual(['ATHENA']);
    expect(of('AWS::QuickSight::VPCConnection', 'uat')).toEqual([]);
    expect(JSON.stringify(of('AWS::QuickSight::DataSet', 'uat'))).toContain('"Schema":"lakehouse_uat_mart"');
  });

  it('give marts out of the warehouse, questions out of the lake', () => {
    for (const { name, layer } of dataSets)
      expect([name, layer]).toEqual([name, name.startsWith('mart.') ? 'mart' : '']);
  });

  it('may read of the ledger what questions ask, and no refused record', () => {
    const policies = JSON.stringify(of('AWS::IAM::ManagedPolicy'));
    for (const table of ['run', 'step', 'check']) expect(policies).toContain(`table/lakehouse_prod_ops/${table}"`);
    expect(policies).not.toMatch(/lakehouse_prod_ops\/(\*|quarantine|refused)/);
    expect(policies).not.toMatch(/glue:(Create|Update|Delete)/);
  });

  it('may stream answers of the workgroup and look its tables up, and list nothing of the account', () => {
    const athena = 'arn:aws:athena:eu-west-1:777788889999';
    const statements = of('AWS::IAM::ManagedPolicy').flatMap((policy) =>
      listOf(at(policy, 'PolicyDocument.Statement')),
    );
    const may = (Resource: string) =>
      statements.filter((each) => at(each, 'Resource') === Resource).flatMap((each) => listOf(at(each, 'Action')));
    expect(may(`${athena}:workgroup/lakehouse-prod`)).toContain('athena:GetQueryResultsStream');
    expect(may(`${athena}:datacatalog/AwsDataCatalog`)).toEqual([
      'athena:GetDataCatalog',
      'athena:GetDatabase',
      'athena:GetTableMetadata',
    ]);
    expect(JSON.stringify(statements)).not.toContain('athena:List');
  });

  it('reach the warehouse at its port, from QuickSight’s interfaces alone', () => {
    const rules = of('AWS::EC2::SecurityGroupIngress');
    const group = { 'Fn::GetAtt': [expect.stringMatching(/^WarehouseConnectionGroup/), 'GroupId'] };
    const closed = { 'Fn::ImportValue': expect.stringMatching(/Closed/) };
    expect(rules).toEqual([
      expect.objectContaining({ GroupId: closed, SourceSecurityGroupId: group, FromPort: 5439, ToPort: 5439 }),
      expect.objectContaining({ GroupId: group, SourceSecurityGroupId: closed, FromPort: 1024 }),
    ]);
    expect(of('AWS::EC2::SecurityGroup').map((each) => at(each, 'SecurityGroupEgress'))).toEqual([
      [expect.objectContaining({ FromPort: 5439, ToPort: 5439, DestinationSecurityGroupId: closed })],
    ]);
  });
});
