import { type Dag, idOf, nameOf, type Vertex } from './graph.ts';
import { countPaths, mostReachableIds } from './path-count.ts';
import { reachedFrom } from './reach.ts';

/** How a new vertex becomes the most reachable one: one edge from each vertex of `join` to it. */
export interface Extension<V extends Vertex> {
  /** The vertices that the new one may share no edge with, in vertex order. */
  readonly forbidden: readonly V[];
  /** The two vertices to join: the most reachable one, then the other. */
  readonly join: readonly [V, V];
  /** By how many paths the new vertex is reached: more than any other. */
  readonly paths: bigint;
}

/**
 * Proposes how to add a vertex that is then more reachable from the source than every other, without an edge to or from
 * a neighbour (either direction) of the most reachable vertex. It joins that vertex and the first other one in vertex
 * order that is allowed and reached; the source is reached, by the empty path.
 *
 * When several vertices tie, the neighbours of all of them are forbidden, and the first tied vertex that is no neighbour
 * of another is joined. Null when there is no such pair: the source reaches nothing, every other vertex that it reaches
 * is a neighbour, or each tied vertex is a neighbour of another.
 * O(V + E) and the cost of counting.
 * @throws UnknownVertexError
 */
export function proposeExtension<V extends Vertex>(graph: Dag<V>, source: V): Extension<V> | null {
  const { ids, count } = mostReachableIds(graph, idOf(graph, source));
  const isForbidden = neighboursOf(graph, ids);
  const most = ids.find((id) => isForbidden[id] === 0);
  const reached = reachedFrom(graph, idOf(graph, source));
  const other = reached.findIndex((mark, id) => mark === 1 && id !== most && isForbidden[id] === 0);
  if (most === undefined || other === -1) return null;
  return {
    forbidden: graph.vertices.filter((_, id) => isForbidden[id] === 1),
    join: [nameOf(graph, most), nameOf(graph, other)],
    paths: BigInt(count) + countPaths(graph, source, nameOf(graph, other)),
  };
}

/** 1 for each vertex number with an edge to or from one of these. */
function neighboursOf({ order, offsets, targets }: Dag<Vertex>, ids: readonly number[]): Uint8Array {
  const centre = new Uint8Array(order.length);
  for (const id of ids) centre[id] = 1;
  const marks = new Uint8Array(order.length);
  for (let u = 0; u < order.length; u++) {
    for (const v of targets.subarray(offsets[u], offsets[u + 1])) {
      if (centre[u] === 1) marks[v] = 1;
      if (centre[v] === 1) marks[u] = 1;
    }
  }
  return marks;
}
