import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../lib/aws/index.ts';
import type { Layer } from '../../lib/contract/index.ts';
import { builtPlan, createdTables, synthesised } from './synthesised.ts';

const plan = builtPlan();
const governance = synthesised('prod').template('Governance');

/** The class that each column of a table gets, as Lake Formation works it out: its own tag, else the database's. */
function classesOf(name: string): Record<string, string> {
  const [layer = '', table] = name.split('.');
  const schema = schemaOf(layer as Layer);
  const [database] = Object.values(
    governance.findResources('AWS::LakeFormation::TagAssociation', {
      Properties: { Resource: { Database: { Name: `lakehouse_prod_${schema}` } } },
    }),
  );
  const inherited: string = database?.Properties.LFTags[0].TagValues[0];
  const own = Object.values(
    governance.findResources('AWS::LakeFormation::TagAssociation', {
      Properties: { Resource: { TableWithColumns: { DatabaseName: `lakehouse_prod_${schema}`, Name: table } } },
    }),
  ).flatMap(({ Properties: { LFTags, Resource } }) =>
    Resource.TableWithColumns.ColumnNames.map((column: string) => [column, LFTags[0].TagValues[0]]),
  );
  const columns = Object.keys(createdTables()[name]?.columns ?? {});
  return { ...Object.fromEntries(columns.map((column) => [column, inherited])), ...Object.fromEntries(own) };
}

describe('PII', () => {
  it.each(plan.tables.map((table) => [table.name, table] as const))(
    'tags of %s are the classes of its contract',
    (name, table) => {
      const expected = Object.fromEntries(table.columns.map((column) => [column.name, column.pii]));
      expect(classesOf(name)).toMatchObject(expected);
    },
  );

  it('is what a column is taken for until somebody says otherwise', () => {
    for (const layer of ['records', 'base', 'mart', 'feature'])
      governance.hasResourceProperties('AWS::LakeFormation::TagAssociation', {
        LFTags: [Match.objectLike({ TagKey: 'pii', TagValues: ['direct'] })],
        Resource: { Database: { Name: `lakehouse_prod_${layer}` } },
      });
  });
});

describe('the analyst role', () => {
  it('selects what is tagged as nobody’s data, and is granted nothing else', () => {
    const grants = Object.values(governance.findResources('AWS::LakeFormation::PrincipalPermissions')).map(
      ({ Properties: { Permissions, Resource } }) => [Permissions, Object.keys(Resource)[0]],
    );
    expect(grants).toEqual(
      expect.arrayContaining([
        [['DESCRIBE', 'SELECT'], 'LFTagPolicy'],
        [['DESCRIBE'], 'Database'],
      ]),
    );
    expect(grants.filter(([permissions]) => permissions.includes('SELECT'))).toHaveLength(1);
    governance.hasResourceProperties('AWS::LakeFormation::PrincipalPermissions', {
      Permissions: ['DESCRIBE', 'SELECT'],
      Resource: { LFTagPolicy: { ResourceType: 'TABLE', Expression: [{ TagKey: 'pii', TagValues: ['none'] }] } },
    });
  });

  it('has no way to the files past Lake Formation', () => {
    const policies = Object.entries(governance.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) =>
      id.startsWith('Analyst'),
    );
    const actions = policies.flatMap(([, { Properties }]) =>
      Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string }) => Action),
    );
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => /^(s3|kms):/.test(action))).toEqual([]);
  });

  it('is let in beside services that read by their own roles', () => {
    governance.hasResourceProperties('AWS::LakeFormation::Resource', {
      HybridAccessEnabled: true,
      UseServiceLinkedRole: false,
    });
  });
});

describe('what belongs to the account', () => {
  it('is brought by the environment that owns it: CloudFormation as administrator, and the tag', () => {
    const account = synthesised('prod').template('Account');
    account.hasResourceProperties('AWS::LakeFormation::Tag', {
      TagKey: 'pii',
      TagValues: ['none', 'indirect', 'direct'],
    });
    account.hasResourceProperties('AWS::LakeFormation::DataLakeSettings', {
      MutationType: 'APPEND',
      Admins: [
        {
          DataLakePrincipalIdentifier: Match.stringLikeRegexp('^arn:aws:iam::777788889999:role/cdk-.*-cfn-exec-role-'),
        },
      ],
    });
  });

  it('is left to the other environment when two share an account', () => {
    const shared = synthesised('uat', { account: '777788889999', ownsAccountSettings: false });
    expect(shared.names).not.toContain('Account');
    expect(shared.names).toContain('Governance');
  });
});
