/**
 * The graph of `bench/dag.ts`, vertices named by numbers: build and topological order with lib/dag, and with networkx,
 * rustworkx and igraph in Python. Each gets the edges as its language holds them, in memory; loading them is not timed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDag, topologicalOrder } from '../lib/dag/index.ts';
import { pythonEnvironment } from '../lib/tools/index.ts';
import { contender, measure, median, table } from './measure.ts';
import { EDGES, type Input, randomInput, VERTICES } from './random-graph.ts';

const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const input = (): Input<number> => randomInput((id) => id);

const [ours] = await measure(
  import.meta.filename,
  {
    'lib/dag': contender({
      prepare: () => {
        const { names, edges } = input();
        return () => {
          const before = process.cpuUsage();
          const order = topologicalOrder(buildDag(edges, names));
          const { user, system } = process.cpuUsage(before);
          return { order, cpuSeconds: (user + system) / 1e6 };
        };
      },
      verify: ({ order, cpuSeconds }: { order: readonly number[]; cpuSeconds: number }) => {
        const place = new Map(order.map((vertex, at) => [vertex, at]));
        const at = (vertex: number) => place.get(vertex) ?? Number.NaN;
        if (place.size !== VERTICES || !input().edges.every(({ from, to }) => at(from) < at(to)))
          throw new Error('not a topological order');
        return cpuSeconds;
      },
    }),
  },
  RUNS,
);
if (ours === undefined) throw new Error('nothing was measured');

interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

const { python } = await pythonEnvironment('peers');
const folder = mkdtempSync(join(tmpdir(), 'dag-peers-'));
const graph = join(folder, 'edges');
const { edges } = input();
writeFileSync(graph, Int32Array.from([VERTICES, ...edges.flatMap(({ from, to, weight = 1 }) => [from, to, weight])]));

function theirs(name: string): Taken {
  const runs = Array.from({ length: RUNS }, (): Taken => {
    const program = fileURLToPath(new URL('peers/dag_peer.py', import.meta.url));
    const { stdout, stderr, status } = spawnSync(python, [program, name, graph], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
    return JSON.parse(stdout);
  });
  const middle = (field: keyof Taken) => median(runs.map((run) => run[field]));
  return { seconds: middle('seconds'), cpuSeconds: middle('cpuSeconds'), peakMiB: middle('peakMiB') };
}

const found = {
  'lib/dag': { seconds: ours.seconds, cpuSeconds: Number(ours.note), peakMiB: ours.peakMiB },
  ...Object.fromEntries(['networkx', 'rustworkx', 'igraph'].map((name) => [name, theirs(name)])),
};
rmSync(folder, { recursive: true });

console.log(`${VERTICES} vertices, ${EDGES} edges: build and topological order; medians of ${RUNS} runs\n`);
console.log(
  table([
    ['', 'processor ms', 'clock ms', 'theirs to ours', 'peak MiB'],
    ...Object.entries(found).map(([name, { seconds, cpuSeconds, peakMiB }]) => [
      name,
      (cpuSeconds * 1000).toFixed(0),
      (seconds * 1000).toFixed(0),
      (seconds / ours.seconds).toFixed(2),
      peakMiB.toFixed(0),
    ]),
  ]),
);
console.log(JSON.stringify({ bench: 'dag-peers', vertices: VERTICES, edges: EDGES, found }));
