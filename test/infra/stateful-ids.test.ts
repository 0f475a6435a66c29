import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { databaseName } from '../../lib/aws/index.ts';
import { ENVIRONMENT_NAMES, environmentNamed } from '../../lib/infra/environments.ts';
import { builtPlan, lakehouseApp, synthesised, WITH_EVERYTHING } from './synthesised.ts';

/** Types whose replacement loses data, or the key to it. */
const STATEFUL = [
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Kinesis::Stream',
  'AWS::RedshiftServerless::Namespace',
  'AWS::SageMaker::FeatureGroup',
  'AWS::SageMaker::ModelPackageGroup',
  'AWS::SecretsManager::Secret',
];

/**
 * Logical ids of stateful resources by stack. CloudFormation knows a resource by nothing else: one that changes is a new,
 * empty resource. A line may be added; a line that changes or goes needs a migration, not an update of this list.
 */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  Alerts: ['DeliveryIncidents46D3D033'],
  Catalog: ['Raw', 'Records', 'Base', 'Mart', 'Feature', 'Ops'],
  Ingestion: ['RecordsKeysA2FEC321', 'StreamInventoryEvent020319A4', 'StreamSiteEventD03B7DE0'],
  MachineLearning: [
    'FeatureCardActivity',
    'FeatureCustomerCardActivity',
    'FeatureMortgageApplicant',
    'CardFraudVersions',
    'HomeLoanPricingVersions',
  ],
  Storage: [
    'DataKey17AFBB84',
    'OperationsKey2329F47A',
    'AccessLogs8B620ECA',
    'Raw72517081',
    'Processed10BEC1CE',
    'Quarantine23FF09FE',
    'ArchiveDA4CB258',
    'Results25575328',
  ],
  Warehouse: ['Namespace'],
};

/** Those of the second region, which no environment has by default. */
const PINNED_THERE = ['DataKey17AFBB84', 'AccessLogs8B620ECA', 'Raw72517081', 'ArchiveDA4CB258'];

const stacksOf = (...args: Parameters<typeof lakehouseApp>): Stack[] =>
  lakehouseApp(...args).node.children.filter((each) => each instanceof Stack);

describe('logical ids', () => {
  it.each(ENVIRONMENT_NAMES)('of what holds data stay as they are in %s', (name) => {
    const { names, json } = synthesised(name);
    const found = names.flatMap((stack) =>
      Object.entries(json(stack).Resources)
        .filter(([, { Type }]) => STATEFUL.includes(Type) && Type !== 'AWS::Glue::Table')
        .map(([id]) => `${stack}/${id}`),
    );
    const pinned = Object.entries(PINNED).flatMap(([stack, ids]) => ids.map((id) => `${stack}/${id}`));
    if (name === 'prod') expect(found.sort()).toEqual(pinned.sort());
    else expect(pinned).toEqual(expect.arrayContaining(found));
  });

  it.each(ENVIRONMENT_NAMES)('of tables are the names of their contracts in %s', (name) => {
    const found = Object.entries(synthesised(name).json('Catalog').Resources)
      .filter(([, { Type }]) => Type === 'AWS::Glue::Table')
      .map(([id, { Properties }]) => [id, `${Properties?.DatabaseName}.${Properties?.Name}`]);
    const pascal = (text: string) => text.replaceAll(/(?:^|[._])([a-z0-9])/g, (_, letter) => letter.toUpperCase());
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(
        builtPlan().tables.map((table) => [
          pascal(table.name),
          table.name.replace(table.layer, databaseName(`lakehouse-${name}`, table.layer)),
        ]),
      ),
    );
  });

  it('of the second region stay as they are too', () => {
    const found = Object.entries(synthesised('prod', WITH_EVERYTHING).json('Replica').Resources)
      .filter(([, { Type }]) => STATEFUL.includes(Type))
      .map(([id]) => id);
    expect(found).toEqual(PINNED_THERE);
  });

  // Under another name CloudFormation makes another stack, which finds its buckets taken and its tables missing.
  it.each(ENVIRONMENT_NAMES)('stand in stacks whose names stay as they are in %s', (name) => {
    const switches = { ...environmentNamed(name).switches, sageMaker: true };
    const stacks = stacksOf(name, { switches, replicaRegion: 'eu-central-1' });
    const named = Object.fromEntries(stacks.map(({ node, stackName }) => [node.id, stackName]));
    expect(named).toMatchObject({
      Alerts: `lakehouse-${name}-alerts`,
      Catalog: `lakehouse-${name}-catalog`,
      Ingestion: `lakehouse-${name}-ingestion`,
      MachineLearning: `lakehouse-${name}-machine-learning`,
      Replica: `lakehouse-${name}-replica`,
      Storage: `lakehouse-${name}-storage`,
      Warehouse: `lakehouse-${name}-warehouse`,
    });
  });

  it.each(ENVIRONMENT_NAMES)('stand in stacks that nobody deletes by mistake where data is retained: %s', (name) => {
    for (const { terminationProtection } of stacksOf(name)) expect(terminationProtection).toBe(name !== 'dev');
  });

  it.each(ENVIRONMENT_NAMES.filter((name) => name !== 'dev'))('of %s are retained, whatever happens', (name) => {
    const { names, json } = synthesised(name);
    const lost = names.flatMap((stack) =>
      Object.entries(json(stack).Resources)
        .filter(
          ([, { Type, DeletionPolicy, UpdateReplacePolicy }]) =>
            STATEFUL.includes(Type) && (DeletionPolicy !== 'Retain' || UpdateReplacePolicy !== 'Retain'),
        )
        .map(([id]) => `${stack}/${id}`),
    );
    expect(lost).toEqual([]);
  });
});
