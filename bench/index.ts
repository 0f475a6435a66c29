/** Runs every benchmark, one after another: `npm run bench`, or `npm run bench -- dag checks`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ALL = [
  'startup',
  'dag',
  'dag-peers',
  'checks',
  'validation',
  'payments',
  'peers',
  'products',
  'splitter',
  'dirty-peers',
  'spark-plan',
  'lambdas',
  'synth',
];
const asked = process.argv.slice(2);
const stranger = asked.find((name) => !ALL.includes(name));
if (stranger !== undefined) throw new Error(`there is no benchmark ${stranger}; there are ${ALL.join(', ')}`);
for (const name of asked.length > 0 ? asked : ALL) {
  console.log(`\n── ${name} ──`);
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
