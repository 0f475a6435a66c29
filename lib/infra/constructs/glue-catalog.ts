import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type DatabaseLayer, databaseName } from '../../aws/index.ts';
import { deploymentOf } from '../lake-stack.ts';

/** What reading tables of the catalog asks for. */
export const READ_TABLES = [
  'glue:GetDatabase',
  'glue:GetTable',
  'glue:GetTables',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:BatchGetPartition',
] as const;

/** What making and evolving them asks for, beside. */
export const WRITE_TABLES = [
  'glue:CreateTable',
  'glue:UpdateTable',
  'glue:BatchCreatePartition',
  'glue:CreatePartition',
  'glue:UpdatePartition',
] as const;

/** The resources that a permission on these databases and all of their tables names: Glue asks for the catalog too. */
export function glueCatalog(scope: Construct, ...layers: readonly DatabaseLayer[]): string[] {
  const { partition, region, account } = Stack.of(scope);
  const { prefix } = deploymentOf(scope).environment;
  const glue = `arn:${partition}:glue:${region}:${account}`;
  const names = layers.map((layer) => databaseName(prefix, layer));
  return [`${glue}:catalog`, ...names.flatMap((name) => [`${glue}:database/${name}`, `${glue}:table/${name}/*`])];
}
