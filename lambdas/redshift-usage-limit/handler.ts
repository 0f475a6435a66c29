import {
  CreateUsageLimitCommand,
  DeleteUsageLimitCommand,
  paginateListUsageLimits,
  RedshiftServerlessClient,
  ResourceNotFoundException,
  UpdateUsageLimitCommand,
} from '@aws-sdk/client-redshift-serverless';
import { z } from 'zod';
import { edge } from '../shared/edge.ts';
import { redshiftUsageLimit, type UsageLimits } from './redshift-usage-limit.ts';

/** Properties as the construct gives them; CloudFormation turns numbers into text on the way. */
const limitSchema = z.object({
  workgroupArn: z.string().startsWith('arn:'),
  usageType: z.enum(['serverless-compute', 'cross-region-datasharing']),
  amount: z.coerce.number().int().positive(),
  period: z.enum(['daily', 'weekly', 'monthly']),
  breachAction: z.enum(['log', 'emit-metric', 'deactivate']),
});

const eventSchema = z.union([
  z.object({ RequestType: z.enum(['Create', 'Update']), ResourceProperties: limitSchema }),
  z.object({ RequestType: z.literal('Delete'), PhysicalResourceId: z.string() }),
]);

function usageLimitsOf(client: RedshiftServerlessClient): UsageLimits {
  return {
    async find({ workgroupArn, usageType }) {
      const found: { id: string; period: string }[] = [];
      for await (const page of paginateListUsageLimits({ client }, { resourceArn: workgroupArn, usageType })) {
        for (const { usageLimitId, period } of page.usageLimits ?? []) {
          if (usageLimitId && period) found.push({ id: usageLimitId, period });
        }
      }
      return found;
    },
    async create({ workgroupArn, ...limit }) {
      const made = await client.send(new CreateUsageLimitCommand({ resourceArn: workgroupArn, ...limit }));
      const id = made.usageLimit?.usageLimitId;
      if (!id) throw new Error('Redshift made a usage limit and gave no id');
      return id;
    },
    async update(id, { amount, breachAction }) {
      await client.send(new UpdateUsageLimitCommand({ usageLimitId: id, amount, breachAction }));
    },
    async remove(id) {
      try {
        await client.send(new DeleteUsageLimitCommand({ usageLimitId: id }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}

/** An event of CDK's provider framework -> the physical id, which is the limit's. */
export const handler = edge('redshift-usage-limit', eventSchema, ({ telemetry }) => {
  const limits = usageLimitsOf(telemetry.traced(new RedshiftServerlessClient({})));
  return async (event) => {
    const PhysicalResourceId = await redshiftUsageLimit(
      event.RequestType === 'Delete'
        ? { kind: 'Delete', id: event.PhysicalResourceId }
        : { kind: event.RequestType, limit: event.ResourceProperties },
      limits,
    );
    return { PhysicalResourceId };
  };
});
