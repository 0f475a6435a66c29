import type { Vertex } from './graph.ts';

const SHOWN = 10;

/** The first few of many names, for a message that stays readable in a graph of any size. */
const listed = (vertices: readonly Vertex[], separator: string): string => {
  const rest = vertices.length - SHOWN;
  const shown = vertices.slice(0, SHOWN).map(String).join(separator);
  return rest > 0 ? `${shown}${separator}(${rest} more)` : shown;
};

/** An edge or a vertex that no graph may have: a weight that is not a finite number, vertices of mixed kinds. */
export class InvalidGraphError extends Error {
  override readonly name = 'InvalidGraphError';
}

/** The edges lead back to where they began. */
export class CycleError<V extends Vertex = Vertex> extends Error {
  override readonly name = 'CycleError';
  /**
   * One cycle: each vertex has an edge to the next, the last one to the first; no vertex twice.
   * It begins with its first vertex in vertex order. A self loop is a cycle of one.
   */
  readonly cycle: readonly V[];

  constructor(cycle: readonly V[]) {
    const [first] = cycle;
    super(`the graph has a cycle: ${listed(cycle, ' -> ')} -> ${first}; remove one of these edges`);
    this.cycle = cycle;
  }
}

/** A question about a vertex that the graph does not have. */
export class UnknownVertexError extends Error {
  override readonly name = 'UnknownVertexError';
  /** The vertex that was asked for. */
  readonly vertex: Vertex;

  constructor(vertex: Vertex, known: readonly Vertex[]) {
    const names = known.length === 0 ? 'it has none' : `it has ${listed(known, ', ')}`;
    super(`the graph has no vertex ${JSON.stringify(vertex)}; ${names}`);
    this.vertex = vertex;
  }
}
