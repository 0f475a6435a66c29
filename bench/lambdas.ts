/** Every Lambda's bundle: its size, and how long a fresh Node takes to start it, SDK and plan included. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LambdaName, SETTINGS } from '../lib/aws/index.ts';
import { median, table } from './measure.ts';

const ROUNDS = 9;
/** What a bundle may have; the one with the engine is held to neither. */
const MOST_KILOBYTES = 1000;
const MOST_MS = 200;
const WITH_ENGINE: LambdaName = 'validate-daily';

/** Values that let a Lambda start; none is used before a call. */
const environment = (name: LambdaName) => ({
  ...process.env,
  AWS_REGION: 'eu-west-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  ...Object.fromEntries(SETTINGS[name].map((setting) => [setting, 'x'])),
  API_DATASETS: 'purchase',
});

/** Processor time of one start: what a quiet machine would take, however busy this one is. */
function startMs(name: LambdaName, bundle: string): number {
  const script = `const before = process.cpuUsage(); await import(${JSON.stringify(bundle)}); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000)`;
  const args = ['--input-type=module', '-e', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env: environment(name), encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} does not start: ${stderr}; npm run build`);
  return Number(stdout);
}

const names = Object.keys(SETTINGS) as LambdaName[];
const bundleOf = (name: LambdaName) => new URL(`../dist/lambdas/${name}/index.mjs`, import.meta.url);
const times = new Map<LambdaName, number[]>(names.map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const name of names) times.get(name)?.push(startMs(name, bundleOf(name).href));
}
const rows = names.map((name) => {
  const taken = times.get(name) ?? [];
  const kilobytes = statSync(fileURLToPath(bundleOf(name))).size / 1000;
  return { name, kilobytes, middle: median(taken), best: Math.min(...taken) };
});
console.log(`bundles of the Lambdas on Node ${process.versions.node}; ${ROUNDS} fresh processes each\n`);
const lines = rows.map(({ name, kilobytes, middle, best }) => [
  name,
  kilobytes.toFixed(0),
  middle.toFixed(0),
  best.toFixed(0),
]);
console.log(table([['', 'kB', 'median ms', 'best ms'], ...lines]));
const held = rows.filter(({ name }) => name !== WITH_ENGINE);
const most = (of: (row: (typeof rows)[number]) => number) => Math.max(...held.map(of));
const ratio = { kilobytes: most((row) => row.kilobytes) / MOST_KILOBYTES, ms: most((row) => row.middle) / MOST_MS };
console.log(JSON.stringify({ bench: 'lambdas', ratio }));
