import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GlueClient, paginateGetTables } from '@aws-sdk/client-glue';
import { describe, expect, inject, it } from 'vitest';
import { databaseName, OUTPUTS, stackName } from '../../lib/aws/index.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { builtPlan } from '../infra/synthesised.ts';
import { ABSENT } from './absent.ts';

const { prefix } = environmentNamed('uat');
const plan = builtPlan();

describe('cdk deploy creates the lakehouse', () => {
  it('every stack of it', async () => {
    const { Stacks = [] } = await new CloudFormationClient({}).send(new DescribeStacksCommand({}));
    const ours = Stacks.filter(({ StackName }) => StackName?.startsWith(prefix));
    expect(ours.map(({ StackStatus }) => StackStatus)).toEqual(ours.map(() => 'CREATE_COMPLETE'));
    const wanted = new Set(Object.values(OUTPUTS).map(({ stack }) => stackName(prefix, stack)));
    expect(ours.map(({ StackName }) => StackName)).toEqual(expect.arrayContaining([...wanted]));
  });

  it('leaving out what the emulator lacks and is named for it, and nothing else', () => {
    const named = [...Object.keys(ABSENT), 'AWS::CloudWatch::Alarm of metric math'];
    expect(named).toEqual(expect.arrayContaining([...new Set(inject('absent'))]));
  });

  it('each table of the plan, with its columns', async () => {
    const client = new GlueClient({});
    const made = new Map<string, string[]>();
    for (const layer of new Set(plan.tables.map((table) => table.layer)))
      for await (const { TableList = [] } of paginateGetTables(
        { client },
        { DatabaseName: databaseName(prefix, layer) },
      ))
        for (const { Name, StorageDescriptor } of TableList)
          made.set(
            `${layer}.${Name}`,
            (StorageDescriptor?.Columns ?? []).map((column) => column.Name ?? ''),
          );
    expect([...made.keys()].sort()).toEqual(plan.tables.map((table) => table.name).sort());
  });
});
