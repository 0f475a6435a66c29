import { type Dag, nameOf, type Vertex } from './graph.ts';

/** All vertices, each after everything that has an edge to it: by level, ties in vertex order. O(V). */
export const topologicalOrder = <V extends Vertex>(graph: Dag<V>): V[] =>
  Array.from(graph.order, (id) => nameOf(graph, id));

/**
 * Vertices by level, each level in vertex order. The level of a vertex is the greatest number of edges on a path from
 * any root to it: what stands on one level may run side by side once the levels before it are done. O(V).
 */
export const levels = <V extends Vertex>(graph: Dag<V>): V[][] =>
  Array.from({ length: graph.levelStarts.length - 1 }, (_, level) =>
    Array.from(graph.order.subarray(graph.levelStarts[level], graph.levelStarts[level + 1]), (id) => nameOf(graph, id)),
  );
