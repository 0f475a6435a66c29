import { fork } from 'node:child_process';

/** One way of doing the work that a benchmark compares. It runs in a process of its own, so that its memory is its own. */
export interface Contender<Result = unknown> {
  /** Makes the input; not timed. Returns the work, which is. May take as long as it likes. */
  readonly prepare: () => () => Result | Promise<Result>;
  /** Judges the result; not timed. Throws when it is wrong. What it returns is kept as `note`. */
  readonly verify?: (result: Result) => unknown;
}

/** What one run of a contender took. */
export interface Run {
  readonly seconds: number;
  /** Peak resident memory of the whole process up to the end of the work, Node and the input included, in MiB. */
  readonly peakMiB: number;
  readonly note: unknown;
}

/** The median run of a contender. */
export interface Measured extends Run {
  readonly label: string;
  readonly runs: number;
}

/** Declares a contender, so that the result of its work types what `verify` gets. */
export const contender = <Result>(declared: Contender<Result>): Contender => declared as Contender;

/**
 * Runs every contender `runs` times, each time in a new process, in turns, so that a noisy machine disturbs all alike;
 * returns the medians in the order given. Call it once, at the top level of the benchmark: the child processes are the
 * same file again, run with a label as argument, do their one piece of work inside this very call, and end there.
 * @param file the benchmark's own `import.meta.filename`.
 */
export async function measure(
  file: string,
  contenders: Readonly<Record<string, Contender>>,
  runs = 3,
): Promise<Measured[]> {
  const mine = process.send === undefined ? undefined : contenders[process.argv[2] ?? ''];
  if (mine !== undefined) return report(await once(mine));
  const labels = Object.keys(contenders);
  const all: Run[][] = labels.map(() => []);
  for (let round = 0; round < runs; round++) {
    for (const [at, label] of labels.entries()) all[at]?.push(await inChild(file, label));
  }
  return labels.map((label, at) => {
    const done = all[at] ?? [];
    const { note } = done[0] ?? {};
    const middle = (field: 'seconds' | 'peakMiB') => median(done.map((run) => run[field]));
    return { label, runs, seconds: middle('seconds'), peakMiB: middle('peakMiB'), note };
  });
}

/** Prepares, works, takes the time and the peak memory, verifies. In this process. */
export async function once({ prepare, verify }: Contender): Promise<Run> {
  const work = prepare();
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  return { seconds, peakMiB, note: (await verify?.(result)) ?? null };
}

/** Columns padded to their widest cell, the first one to the left. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

/** The middle one; of an even number the larger of the middle two. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function inChild(file: string, label: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = fork(file, [label]);
    child.once('message', (run) => resolve(run as Run));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`${label} ended without a result: ${signal ?? `exit ${code}`}`)),
    );
  });
}

/** Hands the run to the parent and ends this process once it is sent. */
const report = (run: Run): Promise<never> => new Promise(() => process.send?.(run, () => process.exit(0)));
