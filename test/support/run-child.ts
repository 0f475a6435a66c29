/**
 * A process of its own that runs a plan: `run-child.ts PLAN LAKE RAW [STOP]`. It says each event on a line of stdout. With STOP
 * (the words of an event) it then waits in the middle of the run, holding the lake, until it is killed; with `reading` it
 * holds the lake as a query does, and runs nothing.
 */
import { readFileSync, writeSync } from 'node:fs';
import type { Plan } from '../../lib/plan/plan.ts';
import { readLake } from '../../lib/run/lake.ts';
import type { RunEvent } from '../../lib/run/result.ts';
import { run } from '../../lib/run/run.ts';

const [planFile = '', lake = '', raw = '', stop = null] = process.argv.slice(2);

/** Synchronous, so that what is said has happened whenever the process dies. */
const say = (words: string): void => {
  writeSync(1, `${words}\n`);
  if (words === stop) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

const words = (event: RunEvent): string => {
  switch (event.kind) {
    case 'table_started':
    case 'file':
      return `${event.kind} ${event.table}`;
    case 'table_done':
      return `${event.kind} ${event.table.name}`;
    default:
      return event.kind;
  }
};

const plan = JSON.parse(readFileSync(planFile, 'utf8')) as Plan;
if (stop === 'reading') {
  await readLake(lake);
  say('reading');
}
say('ready');
const report = await run(lake, {
  plan,
  raw,
  asOf: '2024-06-30',
  only: [],
  rebuild: [],
  onEvent: (event) => say(words(event)),
});
say(report.result.status);
