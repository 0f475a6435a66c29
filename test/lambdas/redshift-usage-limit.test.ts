import {
  CreateUsageLimitCommand,
  DeleteUsageLimitCommand,
  ListUsageLimitsCommand,
  RedshiftServerlessClient,
  ResourceNotFoundException,
  UpdateUsageLimitCommand,
} from '@aws-sdk/client-redshift-serverless';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { start } from './bundle.ts';

const client = mockClient(RedshiftServerlessClient);
const limits = new Map<string, Record<string, unknown>>();
const handle = await start<'redshift-usage-limit', { PhysicalResourceId: string }>('redshift-usage-limit', {});

beforeEach(() => {
  limits.clear();
  client.reset();
  client.on(ListUsageLimitsCommand).callsFake(({ resourceArn, usageType }) => ({
    usageLimits: [...limits]
      .filter(([, each]) => each.resourceArn === resourceArn && each.usageType === usageType)
      .map(([usageLimitId, each]) => ({ usageLimitId, ...each })),
  }));
  client.on(CreateUsageLimitCommand).callsFake((limit) => {
    const usageLimitId = `limit-${limits.size}`;
    limits.set(usageLimitId, limit);
    return { usageLimit: { usageLimitId } };
  });
  client.on(UpdateUsageLimitCommand).callsFake(({ usageLimitId, ...changed }) => {
    limits.set(usageLimitId, { ...limits.get(usageLimitId), ...changed });
    return {};
  });
  client.on(DeleteUsageLimitCommand).callsFake(({ usageLimitId }) => {
    if (!limits.delete(usageLimitId)) throw new ResourceNotFoundException({ $metadata: {}, message: 'gone' });
    return {};
  });
});

const wish = (changed: Record<string, unknown> = {}, kind = 'Create') => ({
  RequestType: kind,
  ResourceProperties: {
    ServiceToken: 'arn:aws:lambda:x',
    workgroupArn: 'arn:aws:redshift-serverless:eu-west-1:111111111111:workgroup/w',
    usageType: 'serverless-compute',
    amount: '20',
    period: 'daily',
    breachAction: 'deactivate',
    ...changed,
  },
});

describe('the usage limit of the warehouse', () => {
  it('is made once, although the wish is repeated', async () => {
    expect(await handle(wish())).toEqual(await handle(wish()));
    expect([...limits.values()]).toEqual([
      {
        resourceArn: 'arn:aws:redshift-serverless:eu-west-1:111111111111:workgroup/w',
        usageType: 'serverless-compute',
        amount: 20,
        period: 'daily',
        breachAction: 'deactivate',
      },
    ]);
  });

  it('is changed in place where it can be', async () => {
    const made = await handle(wish());
    expect(await handle(wish({ amount: '5' }, 'Update'))).toEqual(made);
    expect([...limits.values()].map((limit) => limit.amount)).toEqual([5]);
  });

  it('is made anew for another period, and CloudFormation deletes the old one by its id', async () => {
    const made = await handle(wish());
    const next = await handle(wish({ period: 'monthly' }, 'Update'));
    expect(next).not.toEqual(made);
    await handle({ RequestType: 'Delete', ...made });
    expect([...limits.keys()]).toEqual([next.PhysicalResourceId]);
  });

  it('may be deleted twice', async () => {
    const made = await handle(wish());
    for (let time = 0; time < 2; time += 1) await handle({ RequestType: 'Delete', ...made });
    expect(limits.size).toBe(0);
  });

  it.each([{ amount: '0' }, { amount: 'many' }, { period: 'hourly' }, { workgroupArn: 'w' }])(
    'is refused with %j',
    async (changed) => {
      await expect(handle(wish(changed))).rejects.toThrow(/the event is not one it takes/);
    },
  );
});
