import { InvalidGraphError } from './errors.ts';
import { type Amount, scaleOf } from './exact-sum.ts';
import { type Dag, nameOf, type Vertex } from './graph.ts';

/** What a run waits for. */
export interface CriticalPath<V extends Vertex> {
  /** From a root to a vertex without successors; empty for a graph without vertices. */
  readonly vertices: readonly V[];
  /** The sum of their durations, in the unit of the durations, added as exact decimals. */
  readonly total: number;
}

/**
 * The path whose vertices take longest in sum when each vertex starts once all before it are done: shortening anything
 * else does not end the run earlier. Ties go to the first path in lexicographic vertex order. Weights do not matter.
 * Asks for the duration of each vertex once, in vertex order. O(V + E).
 * @throws InvalidGraphError when a duration is negative or not a finite number.
 */
export function criticalPath<V extends Vertex>(graph: Dag<V>, duration: (vertex: V) => number): CriticalPath<V> {
  const { order, offsets, targets, levelStarts } = graph;
  const scale = scaleOf(
    Float64Array.from(graph.vertices, (vertex) => judged(vertex, duration(vertex))),
    order.length,
  );
  const remaining: Amount[] = new Array(order.length);
  const next = new Int32Array(order.length).fill(-1);
  for (let position = order.length - 1; position >= 0; position--) {
    const u = order[position] as number;
    next[u] = longest(targets.subarray(offsets[u], offsets[u + 1]), remaining);
    const rest = next[u] === -1 ? scale.zero : remaining[next[u] as number];
    remaining[u] = scale.add(scale.amounts[u] as Amount, rest as Amount);
  }
  const start = longest(order.subarray(0, levelStarts[1]), remaining);
  const vertices: V[] = [];
  for (let id = start; id !== -1; id = next[id] as number) vertices.push(nameOf(graph, id));
  return { vertices, total: scale.toNumber(start === -1 ? scale.zero : (remaining[start] as Amount)) };
}

/** Of these vertices the one with the most time remaining, the smallest number when they tie; -1 of none. */
function longest(ids: Int32Array, remaining: readonly Amount[]): number {
  let best = -1;
  for (const id of ids) {
    const time = remaining[id] as Amount;
    const most = remaining[best] as Amount;
    if (best === -1 || time > most || (time === most && id < best)) best = id;
  }
  return best;
}

function judged(vertex: Vertex, duration: number): number {
  if (Number.isFinite(duration) && duration >= 0) return duration;
  throw new InvalidGraphError(
    `vertex ${JSON.stringify(vertex)}: the duration must be a finite number, 0 or more, found ${typeof duration} ${duration}`,
  );
}
