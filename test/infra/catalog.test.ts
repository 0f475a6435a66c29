import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { databaseName } from '../../lib/aws/index.ts';
import {
  CreatedTableError,
  tableFromContract,
  UnknownTableError,
  withNewTables,
  withoutTables,
} from '../../lib/infra/created-tables.ts';
import { ENVIRONMENT_NAMES, environmentNamed } from '../../lib/infra/environments.ts';
import { readable, type TemplateValue } from '../../lib/infra/readable.ts';
import type { TablePlan } from '../../lib/plan/index.ts';
import { builtPlan, createdTables, lakehouseApp, synthesised } from './synthesised.ts';

const plan = builtPlan();
const table = (name: string): TablePlan => {
  const found = plan.tables.find((each) => each.name === name);
  if (!found) throw new Error(`no table ${name}`);
  return found;
};
const prod = synthesised('prod').template('Catalog');

/** The catalog of prod, had it this plan. */
const catalogOf = (changed: typeof plan): Template => {
  const stack = lakehouseApp('prod', {}, changed).node.findChild('Catalog');
  if (!(stack instanceof Stack)) throw new Error('no stack');
  return Template.fromStack(stack);
};

describe.each(ENVIRONMENT_NAMES)('the catalog of %s', (name) => {
  const catalog = synthesised(name).template('Catalog');

  it.each(['raw', 'records', 'base', 'mart', 'feature', 'ops'])('has a database for %s', (layer) => {
    catalog.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: `lakehouse_${name}_${layer}` } });
  });

  it('has an Iceberg table of format 2 for each contract, compacted, its old snapshots expired', () => {
    catalog.resourceCountIs('AWS::Glue::Table', plan.tables.length);
    for (const { name: qualified, layer } of plan.tables) {
      const named = { DatabaseName: databaseName(`lakehouse-${name}`, layer) };
      const bare = qualified.slice(layer.length + 1);
      catalog.hasResourceProperties('AWS::Glue::Table', {
        ...named,
        Name: bare,
        OpenTableFormatInput: { IcebergInput: { MetadataOperation: 'CREATE', Version: '2' } },
      });
      for (const type of ['compaction', 'retention'])
        catalog.hasResourceProperties('AWS::Glue::TableOptimizer', {
          ...named,
          TableName: bare,
          Type: type,
          TableOptimizerConfiguration: { Enabled: true },
        });
    }
  });

  it('keeps the snapshots of as many days as the environment says, and no file of those that are gone', () => {
    const kept = Object.values(
      catalog.findResources('AWS::Glue::TableOptimizer', { Properties: { Type: 'retention' } }),
    ).map(({ Properties }) => Properties.TableOptimizerConfiguration.RetentionConfiguration.IcebergConfiguration);
    expect(kept).toHaveLength(plan.tables.length);
    for (const each of kept)
      expect(each).toEqual({
        SnapshotRetentionPeriodInDays: environmentNamed(name).retention.snapshotDays,
        NumberOfSnapshotsToRetain: 1,
        CleanExpiredFiles: true,
      });
  });

  it(`crawls raw ${name === 'dev' ? 'when asked' : 'each day'}, a crawler per product, and never changes a table`, () => {
    const crawlers = Object.values(catalog.findResources('AWS::Glue::Crawler')).map((each) => each.Properties);
    expect(crawlers.map((each) => each.Name.replace(/-[0-9a-f]{6}$/, '')).sort()).toEqual(
      [
        ...new Set(
          plan.tables
            .filter(({ making }) => making.kind === 'load')
            .map(({ product }) => `lakehouse-${name}-${product}`),
        ),
      ].sort(),
    );
    for (const crawler of crawlers) {
      expect(crawler.SchemaChangePolicy).toEqual({ UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' });
      expect(crawler.Schedule === undefined).toBe(name === 'dev');
    }
    const paths = crawlers.flatMap(({ Targets }) =>
      Targets.S3Targets.map(({ Path }: { Path: TemplateValue }) => readable(Path)),
    );
    expect(paths.sort()).toEqual(
      plan.sources.map((source) => `s3://lakehouse-${name}-storage:Raw/raw/${source.name}/`).sort(),
    );
  });
});

describe('an Iceberg table', () => {
  it('has the columns of its contract and where each row came from, with Iceberg types', () => {
    prod.hasResourceProperties('AWS::Glue::Table', {
      Name: 'refund',
      OpenTableFormatInput: {
        IcebergInput: {
          IcebergTableInput: {
            Schema: {
              Fields: Match.arrayWith([
                { Id: 1, Name: 'id', Required: true, Type: 'string' },
                { Id: 2, Name: 'timestamp', Required: true, Type: 'timestamp' },
                { Id: 3, Name: 'parent_id', Required: false, Type: 'string' },
                { Id: 4, Name: 'amount', Required: true, Type: 'decimal(12, 2)' },
                { Id: 5, Name: '_raw_file', Required: true, Type: 'string' },
                { Id: 6, Name: '_record', Required: true, Type: 'long' },
              ]),
            },
          },
        },
      },
    });
  });

  it.each(plan.tables.filter(({ partition }) => partition).map((each) => [each.name, each] as const))(
    '%s is partitioned as its contract says',
    (name, { partition, layer }) => {
      prod.hasResourceProperties('AWS::Glue::Table', {
        Name: name.slice(layer.length + 1),
        OpenTableFormatInput: {
          IcebergInput: {
            IcebergTableInput: {
              PartitionSpec: {
                Fields: [
                  Match.objectLike({
                    Name: `${partition?.column}_${partition?.transform}`,
                    Transform: partition?.transform,
                  }),
                ],
              },
            },
          },
        },
      });
    },
  );
});

describe('the columns of a table that exists', () => {
  const purchase = table('base.purchase');
  const [first, ...rest] = purchase.columns;
  if (!first) throw new Error('a purchase has columns');
  const added = { ...first, name: 'channel', nullable: true };
  const changedPlan = (columns: TablePlan['columns']) => ({
    ...plan,
    tables: plan.tables.map((each) => (each.name === purchase.name ? { ...each, columns } : each)),
  });
  const templateOf = (changed: typeof plan) =>
    catalogOf(changed).findResources('AWS::Glue::Table', { Properties: { Name: 'purchase' } });

  it.each([
    ['gains a column', [...purchase.columns, added]],
    ['loses a column', rest],
  ] as const)('stay in the template when its contract %s: the Glue job evolves it', (_, columns) => {
    expect(templateOf(changedPlan(columns))).toEqual(templateOf(plan));
  });

  it('cannot be changed in the record of created tables either', () => {
    const { seal } = tableFromContract(purchase);
    const tampered = { 'base.purchase': { columns: { id: 'string' }, partition: null, seal } };
    expect(() => withNewTables(tampered, plan)).toThrow(CreatedTableError);
  });

  it('are made anew from the contract for a table that was never deployed, and for no other', () => {
    const changed = changedPlan([...purchase.columns, added]);
    const renewed = withNewTables(withoutTables(createdTables(), ['base.purchase']), changed);
    expect(renewed['base.purchase']?.columns).toHaveProperty('channel');
    expect({ ...renewed, 'base.purchase': null }).toEqual({ ...createdTables(), 'base.purchase': null });
    expect(() => withoutTables(createdTables(), ['base.purchsae'])).toThrow(UnknownTableError);
  });

  it('are recorded for every table: npm run docs adds new ones', () => {
    expect(Object.keys(createdTables()).sort()).toEqual(plan.tables.map(({ name }) => name).sort());
  });
});

describe('crawlers', () => {
  /** Names of crawlers with what each looks at. */
  const crawlersOf = (template: Template) =>
    new Map(
      Object.values(template.findResources('AWS::Glue::Crawler')).map(({ Properties: { Name, Targets } }) => [
        String(Name),
        JSON.stringify(Targets),
      ]),
    );
  const voids = plan.sources.find(({ name }) => name === 'void');
  if (!voids) throw new Error('there are voids');
  const before = crawlersOf(prod);

  // Glue developer guide, incremental crawls: the targets of a crawler that reads new folders only cannot be changed.
  it.each([
    ['is added', 'payments', [...plan.sources, { ...voids, name: 'void_note' }]],
    ['goes', 'orders', plan.sources.filter(({ name }) => name !== 'dim_dates')],
  ])(
    'are replaced when a dataset of theirs %s, never changed, and told of under their new names',
    (_, product, sources) => {
      const template = catalogOf({ ...plan, sources });
      const after = crawlersOf(template);
      for (const [name, targets] of after) expect(before.get(name) ?? targets).toBe(targets);
      const made = [...after.keys()].filter((name) => !before.has(name));
      expect(made).toEqual([expect.stringMatching(`^lakehouse-prod-${product}-[0-9a-f]{6}$`)]);
      expect(after.size).toBe(before.size);
      const rules = Object.values(template.findResources('AWS::Events::Rule')).map(
        ({ Properties }) => Properties.EventPattern.detail.crawlerName,
      );
      expect(rules.map((names: string[]) => [...names].sort())).toEqual([
        [...after.keys()].sort(),
        [...after.keys()].sort(),
      ]);
    },
  );

  it('stay as they are when datasets only stand in another order', () => {
    expect(crawlersOf(catalogOf({ ...plan, sources: [...plan.sources].reverse() }))).toEqual(before);
  });
});

describe('news of the crawlers', () => {
  it('a crawler that fails is told to the alerts topic, in the form that send-alert reads', () => {
    const pattern = { 'detail-type': ['Glue Crawler State Change'], detail: { state: ['Failed'] } };
    const [rule] = Object.values(prod.findResources('AWS::Events::Rule', { Properties: { EventPattern: pattern } }));
    const [target] = rule?.Properties.Targets ?? [];
    expect(JSON.parse(target.InputTransformer.InputTemplate)).toMatchObject({
      kind: 'notice',
      environment: 'prod',
      at: '<at>',
      verdict: 'warn',
    });
    expect(Object.keys(target.InputTransformer.InputPathsMap)).toContain('at');
  });

  // A crawler that reads new folders only logs what else it finds: it changes no table, so no event tells of one.
  it('is waited for of crawlers alone, not of tables that they never change', () => {
    const heard = Object.values(prod.findResources('AWS::Events::Rule')).map(
      ({ Properties }) => Properties.EventPattern['detail-type'],
    );
    expect(heard).toEqual([['Glue Crawler State Change'], ['Glue Crawler State Change']]);
  });
});
