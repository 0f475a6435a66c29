import { type Dag, idOf, nameOf, type Vertex } from './graph.ts';
import { RankedPaths } from './ranked-paths.ts';

/** A path and what it costs. */
export interface Path<V extends Vertex> {
  /**
   * The sum of its weights, added as exact decimals and rounded once: 0.1 and 0.2 make 0.3. In the unit of the weights;
   * infinite when the sum is beyond a float64.
   */
  readonly cost: number;
  /** From the first vertex to the last, both included. */
  readonly vertices: readonly V[];
}

/**
 * The paths from one vertex to another, highest cost first, found only as they are drawn. Paths of equal cost come in
 * lexicographic vertex order (the smaller vertex where they first differ); parallel edges make a path each.
 * Costs never increase, whatever the weights. From a vertex to itself there is one, the empty path, which costs 0.
 *
 * The first draw costs O(V + E), every further one O(L · log D) for L edges on the path and D edges at a vertex, times L
 * at worst where many costs tie over parallel edges. Memory grows by at most L small objects a path.
 * @throws UnknownVertexError at the call, not at the first draw.
 */
export function pathsByCost<V extends Vertex>(graph: Dag<V>, from: V, to: V): Generator<Path<V>, void, undefined> {
  return draw(graph, idOf(graph, from), idOf(graph, to));
}

/**
 * The first of `pathsByCost`: the path of the highest cost, null when no path leads there. O(V + E).
 * @throws UnknownVertexError
 */
export function longestPath<V extends Vertex>(graph: Dag<V>, from: V, to: V): Path<V> | null {
  return pathsByCost(graph, from, to).next().value ?? null;
}

function* draw<V extends Vertex>(graph: Dag<V>, source: number, target: number): Generator<Path<V>, void, undefined> {
  const paths = new RankedPaths(graph, source, target);
  for (let rank = 0; paths.has(rank); rank++) {
    yield { cost: paths.costOf(rank), vertices: paths.verticesOf(rank).map((id) => nameOf(graph, id)) };
  }
}
