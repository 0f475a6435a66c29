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
 * When several vertices tie, the first of them is the one meant. Null when there is no such pair: the source reaches
 * nothing, or every other vertex that it reaches is a neighbour.
 * O(V + E) and the cost of counting.
 * @throws UnknownVertexError
 */
export function proposeExtension<V extends Vertex>(graph: Dag<V>, source: V): Extension<V> | null {
  const { ids, count } = mostReachableIds(graph, idOf(graph, source));
  const most = ids[0];
  if (most === undefined) return null;
  const isForbidden = neighboursOf(graph, most);
  const reached = reachedFrom(graph, idOf(graph, source));
  const other = reached.findIndex((mark, id) => mark === 1 && id !== most && isForbidden[id] === 0);
  if (other === -1) return null;
  return {
    forbidden: graph.vertices.filter((_, id) => isForbidden[id] === 1),
    join: [nameOf(graph, most), nameOf(graph, other)],
    paths: BigInt(count) + countPaths(graph, source, nameOf(graph, other)),
  };
}

/** 1 for each vertex number with an edge to or from this one. */
function neighboursOf({ order, offsets, targets }: Dag<Vertex>, centre: number): Uint8Array {
  const marks = new Uint8Array(order.length);
  for (let u = 0; u < order.length; u++) {
    for (const v of targets.subarray(offsets[u], offsets[u + 1])) {
      if (u === centre) marks[v] = 1;
      if (v === centre) marks[u] = 1;
    }
  }
  return marks;
}
