/** `lakehouse --help`, the built file run by node, against node doing nothing. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, table } from './measure.ts';

const ROUNDS = 25;
const command = fileURLToPath(new URL('../dist/bin/lakehouse.js', import.meta.url));
const CONTENDERS = {
  'node -e 0': ['-e', '0'],
  'lakehouse --help': [command, '--help'],
  'lakehouse run --help': [command, 'run', '--help'],
};

const times = new Map<string, number[]>(Object.keys(CONTENDERS).map((label) => [label, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [label, args] of Object.entries(CONTENDERS)) {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${label} exited with ${status}; npm run build`);
    times.get(label)?.push(performance.now() - start);
  }
}
const middle = (label: string) => median(times.get(label) ?? []);
const bare = middle('node -e 0');
const rows = Object.keys(CONTENDERS).map((label) => [
  label,
  middle(label).toFixed(0),
  (middle(label) / bare).toFixed(2),
]);
console.log(`start-up; medians of ${ROUNDS} rounds\n`);
console.log(table([['', 'ms', 'times node'], ...rows]));
console.log(JSON.stringify({ bench: 'startup', ratio: middle('lakehouse --help') / bare }));
