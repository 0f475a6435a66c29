import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Athena, QueryState } from '../../lib/engines/athena.ts';

/** One query that must run: a name that tells it from the others, and its text, which may depend on the attempt. */
export interface Query {
  readonly name: string;
  readonly sql: (attempt: number) => string;
}

/** A query that was started. Plain data: a state machine carries it from call to call. */
export const startedSchema = z.object({ name: z.string(), id: z.string(), attempt: z.int() });

/** One of `startedSchema`. */
export type Started = z.infer<typeof startedSchema>;

/** A query failed as often as it may. */
export class QueryFailedError extends Error {
  readonly query: string;

  constructor(query: string, reason: string) {
    super(`the query ${query} failed: ${reason}; its text is in Athena's history of the workgroup`);
    this.name = 'QueryFailedError';
    this.query = query;
  }
}

/** How far a set of queries has come. */
export interface Progress {
  readonly started: readonly Started[];
  /** Nothing runs and nothing waits any more. */
  readonly done: boolean;
  readonly bytes: number;
  /** Queries that failed as often as they may. The others go on. */
  readonly failed: readonly QueryFailedError[];
}

/** How many queries run at once: an account's quota is shared with analysts. */
const SIDE_BY_SIDE = 10;
/** Athena fails a query now and then for want of room. */
const ATTEMPTS = 2;

/** Names a start: the same run, query and attempt start nothing twice. */
const tokenOf = (run: string, name: string, attempt: number): string =>
  createHash('sha256')
    .update(JSON.stringify([run, name, attempt]))
    .digest('hex');

/**
 * Brings queries one step further: looks at those that run, tries failed ones once more, starts as many as may run beside
 * them, and returns. Called again with its own answer until all are done; the same call twice starts nothing twice.
 */
export async function advance(
  athena: Athena,
  run: string,
  queries: readonly Query[],
  started: readonly Started[],
): Promise<Progress> {
  const states = await athena.states(started.map((each) => each.id));
  const stateOf = (each: Started): QueryState => states.get(each.id) ?? { state: 'running', bytes: 0, reason: '' };
  const next: Started[] = [];
  const failed: QueryFailedError[] = [];
  const start = async ({ name, sql }: Query, attempt: number) =>
    next.push({ name, attempt, id: await athena.start(sql(attempt), tokenOf(run, name, attempt)) });
  for (const each of started) {
    const { state, reason } = stateOf(each);
    const query = queries.find((one) => one.name === each.name);
    if (state !== 'failed' || query === undefined) next.push(each);
    else if (each.attempt < ATTEMPTS) await start(query, each.attempt + 1);
    else {
      next.push(each);
      failed.push(new QueryFailedError(each.name, reason));
    }
  }
  const known = new Set(started.map((each) => each.name));
  const waiting = queries.filter((query) => !known.has(query.name));
  const running = next.filter((each) => !started.includes(each) || stateOf(each).state === 'running').length;
  for (const query of waiting.slice(0, Math.max(0, SIDE_BY_SIDE - running))) await start(query, 1);
  const bytes = started.reduce((sum, each) => sum + stateOf(each).bytes, 0);
  return { started: next, done: running === 0 && waiting.length === 0, bytes, failed };
}

/** As `advance`, for queries of which each is needed: the first that failed for good ends it. @throws QueryFailedError */
export async function advanceAll(...how: Parameters<typeof advance>): Promise<Progress> {
  const progress = await advance(...how);
  for (const failure of progress.failed) throw failure;
  return progress;
}
