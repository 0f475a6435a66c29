import { createHash } from 'node:crypto';
import type { Redshift } from '../../lib/engines/redshift.ts';
import type { WarehouseStep } from '../../lib/plan/warehouse.ts';

/** How far a load has come. Plain data: a state machine carries it from call to call. */
export interface Loading {
  /** The execution that loads: another run loads anew. */
  readonly run: string;
  /** The step that runs, and its statements' id; null before it is started. */
  readonly step: number;
  readonly id: string | null;
}

/** A step could not be done. What was done before stands; the tables of the step are as they were. */
export class LoadFailedError extends Error {
  readonly step: string;
  readonly statement: string;

  constructor(step: string, statement: string, reason: string) {
    super(`the warehouse refused ${step}: ${reason}; the statement: ${statement}`);
    this.name = 'LoadFailedError';
    this.step = step;
    this.statement = statement;
  }
}

/** How a call spends its time: it waits a little, since most steps are short, and never long. */
export interface Patience {
  readonly looks: number;
  readonly pause: () => Promise<void>;
}

/** Names a start: the same run and step start nothing twice. */
const tokenOf = (run: string, step: number): string =>
  createHash('sha256')
    .update(JSON.stringify([run, step]))
    .digest('hex');

/**
 * Brings the warehouse some steps further and returns. Called again with its own answer until done; the same call twice starts
 * nothing twice, and every step may be repeated by another run. @throws LoadFailedError
 */
export async function loadWarehouse(
  steps: readonly WarehouseStep[],
  loading: Loading,
  redshift: Redshift,
  { looks, pause }: Patience,
): Promise<Loading & { readonly done: boolean }> {
  let { step, id } = loading;
  for (let look = 0; look < looks; look += 1) {
    const current = steps[step];
    if (current === undefined) return { run: loading.run, step, id: null, done: true };
    id ??= await redshift.start(current.statements, tokenOf(loading.run, step));
    if (await isDone(current, id, redshift)) {
      step += 1;
      id = null;
    } else {
      await pause();
    }
  }
  return { run: loading.run, step, id, done: step >= steps.length };
}

async function isDone(step: WarehouseStep, id: string, redshift: Redshift): Promise<boolean> {
  const state = await redshift.state(id);
  if (state.state !== 'failed') return state.state === 'done';
  if (step.mayExist && /already exists/i.test(state.reason)) return true;
  throw new LoadFailedError(step.name, state.statement, state.reason);
}
