import { type Dag, idOf, nameOf, type Vertex } from './graph.ts';

/** A number of paths: a plain number up to 2^53 - 1, a bigint above, so that it is always exact. */
type Count = number | bigint;

/** What the greatest number of paths leads to. */
export interface MostReachable<V extends Vertex> {
  /** All vertices tied at the greatest count, in vertex order; empty when the source reaches nothing. */
  readonly vertices: readonly V[];
  /** How many paths lead to each of them; 0 when there is none. */
  readonly count: bigint;
}

/**
 * How many paths lead from the source to each vertex: 1 to the source itself (the empty path), 0 to what it does not reach.
 * The map holds every vertex, in vertex order. Exact at any size.
 * O(V + E) while counts stay below 2^53; above, an addition costs the length of the number, and all of them are kept.
 * @throws UnknownVertexError
 */
export function pathCounts<V extends Vertex>(graph: Dag<V>, source: V): ReadonlyMap<V, bigint> {
  const counts = new Map<V, bigint>(graph.vertices.map((vertex) => [vertex, 0n]));
  sweepCounts(graph, idOf(graph, source), (id, count) => counts.set(nameOf(graph, id), BigInt(count)));
  return counts;
}

/**
 * How many paths lead from one vertex to another: 1 from a vertex to itself, 0 when none does.
 * Exact; O(V + E) additions; a big count is dropped as soon as it has been passed on.
 * @throws UnknownVertexError
 */
export function countPaths<V extends Vertex>(graph: Dag<V>, from: V, to: V): bigint {
  const target = idOf(graph, to);
  let paths: Count = 0;
  sweepCounts(graph, idOf(graph, from), (id, count) => {
    if (id === target) paths = count;
  });
  return BigInt(paths);
}

/**
 * Which vertices are reachable from the source by the greatest number of paths. The source is never among them.
 * Exact; O(V + E) additions; a big count is dropped as soon as it has been passed on.
 * @throws UnknownVertexError
 */
export function mostReachable<V extends Vertex>(graph: Dag<V>, source: V): MostReachable<V> {
  const { ids, count } = mostReachableIds(graph, idOf(graph, source));
  return { vertices: ids.map((id) => nameOf(graph, id)), count: BigInt(count) };
}

/** `mostReachable` in vertex numbers, ascending. */
export function mostReachableIds(graph: Dag<Vertex>, source: number): { ids: readonly number[]; count: Count } {
  let ids: number[] = [];
  let most: Count = 0;
  sweepCounts(graph, source, (id, count) => {
    if (id === source || count < most) return;
    if (count > most) ids = [];
    ids.push(id);
    most = count;
  });
  return { ids: ids.sort((a, b) => a - b), count: most };
}

/** In `small`, says that the count is in `huge`; adding to it keeps it so. */
const HUGE = Number.POSITIVE_INFINITY;

/** Visits what the source reaches, in topological order, each with its number of paths. */
function sweepCounts(graph: Dag<Vertex>, source: number, visit: (id: number, count: Count) => void): void {
  const { order, offsets, targets } = graph;
  const small = new Float64Array(order.length);
  const huge = new Map<number, bigint>();
  const exact = (id: number): bigint => huge.get(id) ?? BigInt(small[id] as number);
  small[source] = 1;
  for (let position = order.indexOf(source); position < order.length; position++) {
    const u = order[position] as number;
    const count = small[u] as number;
    if (count === 0) continue;
    visit(u, count === HUGE ? exact(u) : count);
    const end = offsets[u + 1] as number;
    for (let e = offsets[u] as number; e < end; e++) {
      const v = targets[e] as number;
      const sum = (small[v] as number) + count;
      if (sum > Number.MAX_SAFE_INTEGER) {
        huge.set(v, exact(v) + exact(u));
        small[v] = HUGE;
      } else {
        small[v] = sum;
      }
    }
    huge.delete(u);
  }
}
