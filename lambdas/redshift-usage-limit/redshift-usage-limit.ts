/** A bound on what a workgroup may use, as the warehouse knows it. */
export interface UsageLimit {
  readonly workgroupArn: string;
  /** RPU hours of computing, or terabytes scanned in the lake's files across regions. */
  readonly usageType: 'serverless-compute' | 'cross-region-datasharing';
  readonly amount: number;
  readonly period: 'daily' | 'weekly' | 'monthly';
  /** What happens at the bound: `deactivate` ends user queries until the period is over. */
  readonly breachAction: 'log' | 'emit-metric' | 'deactivate';
}

/** The warehouse's usage limits. */
export interface UsageLimits {
  /** The ids of a workgroup's limits of a kind. */
  find(
    limit: Pick<UsageLimit, 'workgroupArn' | 'usageType'>,
  ): Promise<{ readonly id: string; readonly period: string }[]>;
  create(limit: UsageLimit): Promise<string>;
  update(id: string, limit: Pick<UsageLimit, 'amount' | 'breachAction'>): Promise<void>;
  /** Deletes a limit; that it is gone already is no failure. */
  remove(id: string): Promise<void>;
}

/** What CloudFormation wants of the resource. */
export type Wish =
  | { readonly kind: 'Create' | 'Update'; readonly limit: UsageLimit }
  | { readonly kind: 'Delete'; readonly id: string };

/**
 * Brings the warehouse's limit to what is wished and gives its id. Calls are repeated when an answer is lost, so a limit that is
 * there already is taken over: the same wish twice leaves one limit. A wish that changes what cannot be changed makes a new
 * one, and CloudFormation deletes the old one by its id.
 */
export async function redshiftUsageLimit(wish: Wish, limits: UsageLimits): Promise<string> {
  if (wish.kind === 'Delete') {
    await limits.remove(wish.id);
    return wish.id;
  }
  const { limit } = wish;
  const known = (await limits.find(limit)).find((each) => each.period === limit.period);
  if (!known) return await limits.create(limit);
  await limits.update(known.id, limit);
  return known.id;
}
