import { setTimeout } from 'node:timers/promises';

interface Statement {
  readonly interrupt: () => void;
}

/** How often a statement is asked to end: one that has not begun yet does not hear it. */
const AGAIN_MS = 20;

const running = new Set<Statement>();
let ended = false;

/** Never settles. */
const silence = new Promise<never>(() => undefined);

/** Waits for a statement of an engine in this process. After `endStatements` whoever waits hears nothing more, and none begins. */
export async function interruptible<T>(interrupt: () => void, begin: () => Promise<T>): Promise<T> {
  if (ended) return silence;
  const statement = { interrupt };
  running.add(statement);
  try {
    return await begin();
  } finally {
    running.delete(statement);
    if (ended) await silence;
  }
}

/**
 * Ends what engines do in this process, for good. A process that exits waits for its worker threads, so for every statement
 * that runs: this comes before. Nobody hears of the end of a statement, so that nothing is made of it, written or told.
 */
export async function endStatements(): Promise<void> {
  ended = true;
  while (running.size > 0) {
    for (const { interrupt } of running) interrupt();
    await setTimeout(AGAIN_MS);
  }
}
