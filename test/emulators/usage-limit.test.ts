import { ListUsageLimitsCommand, RedshiftServerlessClient } from '@aws-sdk/client-redshift-serverless';
import { expect, it } from 'vitest';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { invoke } from './lambdas.ts';

const { account, region } = environmentNamed('uat');
const workgroupArn = `arn:aws:redshift-serverless:${region}:${account}:workgroup/1`;

const wish = (RequestType: string, amount: number) =>
  invoke('redshift-usage-limit', {
    RequestType,
    ResourceProperties: {
      workgroupArn,
      usageType: 'serverless-compute',
      amount: String(amount),
      period: 'daily',
      breachAction: 'deactivate',
    },
  });

async function limits(): Promise<unknown[]> {
  const asked = new ListUsageLimitsCommand({ resourceArn: workgroupArn });
  const { usageLimits = [] } = await new RedshiftServerlessClient({}).send(asked);
  return usageLimits.map(({ amount, period, breachAction }) => [amount, period, breachAction]);
}

it('a workgroup has one limit of a kind: made once, changed in place, gone once', async () => {
  const { answer } = await wish('Create', 8);
  expect(await wish('Create', 8)).toEqual({ failed: false, answer });
  expect(await limits()).toEqual([[8, 'daily', 'deactivate']]);
  expect(await wish('Update', 16)).toEqual({ failed: false, answer });
  expect(await limits()).toEqual([[16, 'daily', 'deactivate']]);
  const gone = { RequestType: 'Delete', ...(answer as object) };
  for (const time of ['first', 'second']) expect((await invoke('redshift-usage-limit', gone)).failed, time).toBe(false);
  expect(await limits()).toEqual([]);
});
