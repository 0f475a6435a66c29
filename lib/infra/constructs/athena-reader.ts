import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { QUERY_RESULTS, workgroupName } from '../../aws/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import { glueCatalog, READ_TABLES } from './glue-catalog.ts';
import { allow, encryptWith, listObjects, readObjects, writeObjects } from './permissions.ts';

/** What running a query in the workgroup and reading its answer asks for. */
export const RUN_QUERIES = [
  'athena:StartQueryExecution',
  'athena:StopQueryExecution',
  'athena:GetQueryExecution',
  'athena:BatchGetQueryExecution',
  'athena:GetQueryResults',
  'athena:GetWorkGroup',
] as const;

/** A workgroup of the environment, as permissions name it: that of services, or another. */
export function workgroupArn(scope: Construct, nameOf = workgroupName): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:athena:${region}:${account}:workgroup/${nameOf(deploymentOf(scope).environment.prefix)}`;
}

/** What a service needs to query the tables of base, mart and feature in the workgroup. */
export const athenaReader = (
  scope: Construct,
  { processed, results, dataKey }: { readonly processed: IBucket; readonly results: IBucket; readonly dataKey: IKey },
): PolicyStatement[] => [
  allow(RUN_QUERIES, [workgroupArn(scope)]),
  allow(READ_TABLES, glueCatalog(scope, 'base', 'mart', 'feature')),
  listObjects(processed, ''),
  readObjects(processed, ''),
  allow(['s3:GetBucketLocation'], [results.bucketArn]),
  listObjects(results, QUERY_RESULTS),
  readObjects(results, QUERY_RESULTS),
  writeObjects(results, QUERY_RESULTS),
  encryptWith(dataKey),
];
