import { type Amount, type Scale, scaleOf } from './exact-sum.ts';
import type { Dag, Vertex } from './graph.ts';

/** For each vertex number the dearest way on to one target. */
export interface BestRemaining {
  readonly scale: Scale;
  /** Cost of the dearest path to the target; holds a value only for vertices that reach it. */
  readonly cost: readonly Amount[];
  /** The edge with which that path begins; -1 for the target and for vertices that do not reach it. */
  readonly edge: Int32Array;
}

/** The dearest way from each vertex between `source` and `target`; ties go to the first path by vertex order. O(V + E). */
export function bestRemaining(graph: Dag<Vertex>, source: number, target: number): BestRemaining {
  const { order, offsets, targets } = graph;
  const scale = scaleOfWeights(graph);
  const cost: Amount[] = new Array(order.length);
  const edge = new Int32Array(order.length).fill(-1);
  cost[target] = scale.zero;
  const begin = order.indexOf(source);
  for (let position = order.indexOf(target) - 1; position >= begin; position--) {
    const u = order[position] as number;
    for (let e = offsets[u] as number; e < (offsets[u + 1] as number); e++) {
      const v = targets[e] as number;
      if (v !== target && edge[v] === -1) continue;
      const through = scale.add(scale.amounts[e] as Amount, cost[v] as Amount);
      const first = edge[u] as number;
      if (first === -1 || through > (cost[u] as Amount) || (through === cost[u] && v < (targets[first] as number))) {
        cost[u] = through;
        edge[u] = e;
      }
    }
  }
  return { scale, cost, edge };
}

const scales = new WeakMap<Dag<Vertex>, Scale>();

/** The scale of all weights of a graph, made once: no path has more edges than there are steps between levels. */
function scaleOfWeights(graph: Dag<Vertex>): Scale {
  const known = scales.get(graph);
  if (known !== undefined) return known;
  const made = scaleOf(graph.weights, graph.levelStarts.length);
  scales.set(graph, made);
  return made;
}
