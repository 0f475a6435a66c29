/**
 * Build a graph of 200,000 vertices and 1,000,000 random edges and sort it topologically: lib/dag against graphology
 * with graphology-dag. Then the first 10 paths by cost out of 3^200. Run with `npx tsx bench/dag.ts`.
 */
import Graphology from 'graphology';
import graphologyDag from 'graphology-dag';
import { buildDag, countPaths, type Path, pathsByCost, topologicalOrder, type Vertex } from '../lib/dag/index.ts';
import { contender, type Measured, measure, table } from './measure.ts';
import { EDGES, type Input, randomInput, VERTICES } from './random-graph.ts';

/** Every vertex once, every edge forwards. */
function verified<V extends Vertex>(order: readonly V[], { edges }: Input<V>): string {
  // graphology gives numbers back as texts.
  const position = new Map(order.map((vertex, at) => [String(vertex), at]));
  const at = (vertex: V) => position.get(String(vertex)) ?? Number.NaN;
  const forward = edges.every(({ from, to }) => at(from) < at(to));
  if (order.length !== VERTICES || position.size !== VERTICES || !forward) throw new Error('not a topological order');
  return 'valid order';
}

type Sort = <V extends Vertex>(input: Input<V>) => readonly V[];

const sorts = <V extends Vertex>(name: (id: number) => V, sort: Sort) =>
  contender({
    prepare: () => {
      const input = randomInput(name);
      return () => sort(input);
    },
    verify: (order: readonly V[]) => verified(order, randomInput(name)),
  });

const ours: Sort = ({ names, edges }) => topologicalOrder(buildDag(edges, names));

const theirs: Sort = <V extends Vertex>({ names, edges }: Input<V>) => {
  const graph = new Graphology.DirectedGraph();
  for (const name of names) graph.addNode(name);
  // The fastest of its ways to add an edge: with a key of our own.
  for (const [key, { from, to, weight }] of edges.entries()) graph.addDirectedEdgeWithKey(key, from, to, { weight });
  return graphologyDag.topologicalSort(graph) as V[];
};

const asText = (id: number): string => `dataset_${String(id).padStart(6, '0')}`;
const asNumber = (id: number): number => id;

const RUNGS = 200;
const ladder = () => {
  const edges = Array.from({ length: RUNGS * 3 }, (_, e) => ({
    from: Math.floor(e / 3),
    to: Math.floor(e / 3) + 1,
    weight: (e % 3) / 10,
  }));
  return buildDag<number>(edges);
};

const tenPaths = contender({
  prepare: () => {
    const dag = ladder();
    return () => {
      const drawn: Path<number>[] = [];
      for (const path of pathsByCost(dag, 0, RUNGS)) if (drawn.push(path) === 10) break;
      return drawn;
    };
  },
  verify: (drawn: readonly Path<number>[]) =>
    `costs ${drawn[0]?.cost} to ${drawn.at(-1)?.cost}, of ${Number(countPaths(ladder(), 0, RUNGS)).toExponential(1)} paths`,
});

const CONTENDERS = {
  'lib/dag, text names': sorts(asText, ours),
  'graphology, text names': sorts(asText, theirs),
  'lib/dag, number names': sorts(asNumber, ours),
  'graphology, number names': sorts(asNumber, theirs),
  'the edge list alone': contender({
    prepare: () => {
      const { edges } = randomInput(asText);
      return () => edges.length;
    },
  }),
  'first 10 of 3^200 paths': tenPaths,
};

const measured = await measure(import.meta.filename, CONTENDERS, 3);
const cells = ({ label, seconds, peakMiB, note }: Measured) => [
  label,
  (seconds * 1000).toFixed(1),
  peakMiB.toFixed(0),
  String(note ?? ''),
];
console.log(
  `${VERTICES} vertices, ${EDGES} edges: build and topological order; medians of ${measured[0]?.runs} runs, each in its own process\n`,
);
console.log(table([['', 'ms', 'peak MiB', ''], ...measured.map(cells)]));
const ratio = (field: 'seconds' | 'peakMiB', at: number) =>
  (measured[at + 1]?.[field] ?? 0) / (measured[at]?.[field] ?? 0);
const ratios = { text: ratio('seconds', 0), numbers: ratio('seconds', 2), memory: ratio('peakMiB', 0) };
const [text, numbers, memory] = Object.values(ratios).map((times) => times.toFixed(1));
console.log(`\ntimes faster: ${text} (text), ${numbers} (numbers); peak memory ${memory} times smaller`);
console.log(JSON.stringify({ bench: 'dag', vertices: VERTICES, edges: EDGES, ratios, measured }));
