/** `cdk synth` of one environment, every rule pack included, against an empty CDK app. Each time in a fresh process; the built program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, table } from './measure.ts';

const ROUNDS = 5;
/** What one environment may take, cold, on two cores. */
const MOST_SECONDS = 10;
const EMPTY =
  "import { App, Stack } from 'aws-cdk-lib'; const app = new App({ analyticsReporting: false }); new Stack(app, 'Empty'); app.synth();";
const OURS = `await import(${JSON.stringify(new URL('../dist/bin/app.js', import.meta.url).href)});`;
/** The last word of a process: how much processor time it took. */
const TELLING =
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); console.log((user + system) / 1e6); });";
const CONTENDERS = { 'empty app': EMPTY, dev: OURS, prod: OURS } as const;
type Label = keyof typeof CONTENDERS;

interface Took {
  readonly seconds: number;
  readonly processor: number;
}

function synth(label: Label): Took {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  try {
    // As the command line hands them over.
    const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ env: label }) };
    const args = ['--input-type=module', '-e', `${TELLING} ${CONTENDERS[label]}`];
    const start = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    const seconds = (performance.now() - start) / 1000;
    if (status !== 0) throw new Error(`${label} is not synthesised: ${stderr}; npm run build`);
    return { seconds, processor: Number(stdout.trim().split('\n').at(-1)) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const labels = Object.keys(CONTENDERS) as Label[];
const taken = new Map<Label, Took[]>(labels.map((label) => [label, []]));
for (let round = 0; round < ROUNDS; round += 1) for (const label of labels) taken.get(label)?.push(synth(label));
const middle = (label: Label, of: keyof Took): number => median((taken.get(label) ?? []).map((took) => took[of]));
const rows = labels.map((label) => [
  label,
  middle(label, 'seconds').toFixed(1),
  middle(label, 'processor').toFixed(1),
  (middle(label, 'processor') / middle('empty app', 'processor')).toFixed(1),
]);
console.log(`synth of an environment with all rule packs; medians of ${ROUNDS} fresh processes\n`);
console.log(table([['', 'seconds', 'processor s', 'times empty'], ...rows]));
const ratio = {
  empty: middle('prod', 'processor') / middle('empty app', 'processor'),
  aim: middle('prod', 'seconds') / MOST_SECONDS,
};
console.log(JSON.stringify({ bench: 'synth', ratio }));
