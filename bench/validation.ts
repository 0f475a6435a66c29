/**
 * What the contract promises of card transactions and chargebacks, judged by this project, Great Expectations, Soda and
 * PyDeequ over the same two Parquet files, each a command of its own from its start to its end. One row in a thousand breaks
 * each promise (`planted-table.ts`): what every tool counts is held against that.
 * Great Expectations gets the suites that `lakehouse contract export` writes; Soda and PyDeequ are written by hand (`bench/peers/validation/`).
 * `BENCH_ROWS=1000000,10000000` says how many transactions. Needs Python and Java; makes the environments when they are not there.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf, inTurns, lastLines, type Taken, taken } from './command.ts';
import { table } from './measure.ts';
import { plantedOf, plantTables } from './planted-table.ts';
import { DATA } from './sample-data.ts';
import { clauses, exportSuites, LAKE, TOOLS, type Tool, type Verdicts } from './validation-tools.ts';

const SIZES = (process.env.BENCH_ROWS ?? '1000000').split(',').map(Number);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);

interface Judged {
  readonly judges: number;
  /** Clauses that it has no words for. */
  readonly silent: readonly string[];
  /** Clauses for which it counts other rows, and why. */
  readonly otherwise: readonly string[];
}

/** Holds what a tool said against what was planted. @throws where it is something else, and not explained. */
function judged({ countsOtherwise = {} }: Tool, verdicts: Verdicts, planted: ReadonlyMap<string, number>): Judged {
  const wrong: string[] = [];
  const otherwise: string[] = [];
  for (const { id, name } of clauses) {
    const verdict = verdicts[id];
    if (verdict === undefined) continue;
    const { times, since } = countsOtherwise[name] ?? { times: 1, since: null };
    const expected = (planted.get(id) ?? 0) * times;
    if (since !== null && expected > 0) otherwise.push(`${name} ${since}`);
    if (verdict.broken !== expected > 0 || (verdict.failed !== null && verdict.failed !== expected))
      wrong.push(`${id}: expected ${expected}, found ${JSON.stringify(verdict)}`);
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  const silent = clauses.filter(({ id }) => verdicts[id] === undefined).map(({ id }) => id);
  return { judges: clauses.length - silent.length, silent, otherwise };
}

async function sideBySide(rows: number) {
  const raw = join(DATA, `validation-${rows}`);
  await plantTables(raw, rows);
  console.error(`\n${rows}`);
  const said = new Map<string, Judged>();
  const found = await inTurns(Object.keys(TOOLS), RUNS, async (name) => {
    const tool = TOOLS[name];
    if (tool === undefined) throw new Error(`there is no tool ${name}`);
    rmSync(LAKE, { recursive: true, force: true });
    const took = taken(tool.command(raw));
    if (took.stopped === null) said.set(name, judged(tool, await verdictsOf(tool, took), plantedOf(rows)));
    return took;
  });
  rmSync(LAKE, { recursive: true, force: true });
  return found.map((one) => ({ rows, ...one, ...said.get(one.name) }));
}

/** Tools say by their exit that data is broken, too: only one that says nothing else has failed. */
async function verdictsOf({ verdicts }: Tool, { output, code }: Taken): Promise<Verdicts> {
  try {
    return await verdicts(output);
  } catch (error) {
    throw new Error(`no verdicts (exit ${code}):\n${lastLines(output, 30)}`, { cause: error });
  }
}

exportSuites();
const measured: Awaited<ReturnType<typeof sideBySide>> = [];
for (const rows of SIZES) measured.push(...(await sideBySide(rows)));

console.log(
  `${clauses.length} promises of two tables; medians of at most ${RUNS} runs, each a process tree of its own; all counts are as planted\n`,
);
console.log(
  table([
    ['', 'processor s', 'clock s', 'peak MiB', 'judges', ''],
    ...measured.map((one) => [
      `${one.rows}: ${one.name}`,
      ...figuresOf(one),
      String(one.judges ?? ''),
      one.stopped ?? '',
    ]),
  ]),
);
for (const { name, silent = [], otherwise = [] } of measured.slice(0, Object.keys(TOOLS).length)) {
  if (silent.length > 0) console.log(`\n${name} says nothing of ${silent.join(', ')}`);
  if (otherwise.length > 0) console.log(`\n${name}: ${otherwise.join('; ')}`);
}
console.log(JSON.stringify({ bench: 'validation', measured }));
