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

  /** All names in vertex order, and `rank`: the place in that order of each number given out by `idOf`. O(V log V). */
  inOrder(): { vertices: readonly V[]; ids: ReadonlyMap<V, number>; rank: Int32Array } {
    const names = [...this.ids.keys()];
    const places = Int32Array.from(names, (_, id) => id);
    // Plain comparison is vertex order: numbers by value, texts by UTF-16 code unit. No name occurs twice.
    places.sort((a, b) => ((names[a] as V) < (names[b] as V) ? -1 : 1));
    const rank = new Int32Array(names.length);
    for (let place = 0; place < names.length; place++) rank[places[place] as number] = place;
    return { vertices: Array.from(places, (id) => names[id] as V), ids: this.ids, rank };
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
