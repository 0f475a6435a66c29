import { InvalidGraphError } from './errors.ts';
import type { Vertex } from './graph.ts';

/** Vertex names while a graph is read: numbers each name as it first appears, then renumbers all in vertex order. */
export class VertexNames<V extends Vertex> {
  private readonly ids = new Map<V, number>();
  private first: V | undefined;

  /** The number of a name, a new one for a new name. @throws InvalidGraphError for a name of the wrong kind. */
  idOf(vertex: V): number {
    const known = this.ids.get(vertex);
    if (known !== undefined) return known;
    this.judge(vertex);
    const id = this.ids.size;
    this.ids.set(vertex, id);
    return id;
  }

  /** All names in vertex order, and `rank`: the final number of each number given out by `idOf`. O(V log V). */
  inOrder(): { vertices: readonly V[]; ids: ReadonlyMap<V, number>; rank: Int32Array } {
    const vertices = sorted([...this.ids.keys()]);
    const rank = new Int32Array(vertices.length);
    for (const [id, vertex] of vertices.entries()) {
      rank[this.ids.get(vertex) as number] = id;
      this.ids.set(vertex, id);
    }
    return { vertices, ids: this.ids, rank };
  }

  private judge(vertex: V): void {
    if (typeof vertex !== 'string' && !Number.isFinite(vertex)) {
      throw new InvalidGraphError(`a vertex must be a text or a finite number, found ${typeof vertex} ${vertex}`);
    }
    this.first ??= vertex;
    if (typeof this.first !== typeof vertex) {
      throw new InvalidGraphError(
        `vertices must all be texts or all be numbers, found ${typeof this.first} ${JSON.stringify(this.first)} and ` +
          `${typeof vertex} ${JSON.stringify(vertex)}; write all of them as one kind`,
      );
    }
  }
}

/** Numbers by value, texts by UTF-16 code unit (what `sort` does by itself). */
function sorted<V extends Vertex>(vertices: V[]): V[] {
  return typeof vertices[0] === 'number' ? vertices.sort((a, b) => Number(a) - Number(b)) : vertices.sort();
}
