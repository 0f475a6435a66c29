import { type Dag, idOf, type Vertex } from './graph.ts';

/** Every vertex that a path leads to from this one, itself left out, in vertex order. O(V + E). @throws UnknownVertexError */
export const descendants = <V extends Vertex>(graph: Dag<V>, vertex: V): V[] =>
  marked(graph, reachedFrom(graph, idOf(graph, vertex)), vertex);

/** Every vertex that a path leads from to this one, itself left out, in vertex order. O(V + E). @throws UnknownVertexError */
export const ancestors = <V extends Vertex>(graph: Dag<V>, vertex: V): V[] =>
  marked(graph, leadingTo(graph, idOf(graph, vertex)), vertex);

const marked = <V extends Vertex>(graph: Dag<V>, marks: Uint8Array, itself: V): V[] =>
  graph.vertices.filter((vertex, id) => marks[id] === 1 && vertex !== itself);

/** 1 for each vertex number that the source reaches, itself included. */
export function reachedFrom(graph: Dag<Vertex>, source: number): Uint8Array {
  const { order, offsets, targets } = graph;
  const marks = new Uint8Array(order.length);
  marks[source] = 1;
  for (let position = order.indexOf(source); position < order.length; position++) {
    const u = order[position] as number;
    if (marks[u] === 1) for (const v of targets.subarray(offsets[u], offsets[u + 1])) marks[v] = 1;
  }
  return marks;
}

/** 1 for each vertex number that reaches the target, itself included. Backwards in order, so edges need no reversal. */
function leadingTo(graph: Dag<Vertex>, target: number): Uint8Array {
  const { order, offsets, targets } = graph;
  const marks = new Uint8Array(order.length);
  marks[target] = 1;
  for (let position = order.indexOf(target) - 1; position >= 0; position--) {
    const u = order[position] as number;
    for (let e = offsets[u] as number; e < (offsets[u + 1] as number) && marks[u] === 0; e++) {
      marks[u] = marks[targets[e] as number] as number;
    }
  }
  return marks;
}
