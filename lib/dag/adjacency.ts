import type { Dag } from './graph.ts';

/** Edges column by column, in typed arrays that double when full: an edge list may come from a stream. */
export class EdgeColumns {
  length = 0;
  from: Int32Array;
  to: Int32Array;
  weight: Float64Array;

  constructor(capacity: number) {
    this.from = new Int32Array(capacity);
    this.to = new Int32Array(capacity);
    this.weight = new Float64Array(capacity);
  }

  push(from: number, to: number, weight: number): void {
    if (this.length === this.from.length) this.grow(Math.max(16, this.length * 2));
    this.from[this.length] = from;
    this.to[this.length] = to;
    this.weight[this.length] = weight;
    this.length += 1;
  }

  private grow(capacity: number): void {
    const { from, to, weight } = this;
    this.from = new Int32Array(capacity);
    this.to = new Int32Array(capacity);
    this.weight = new Float64Array(capacity);
    this.from.set(from);
    this.to.set(to);
    this.weight.set(weight);
  }
}

/** Who has an edge to whom: the rows of a graph, before anything is known about cycles. */
export type Adjacency = Pick<Dag<never>, 'offsets' | 'targets' | 'weights'>;

/** Sorts edges by their first vertex (counting sort, stable), with `rank` applied to both ends. O(V + E). */
export function adjacency(edges: EdgeColumns, rank: Int32Array): Adjacency {
  const { length, from, to, weight } = edges;
  const offsets = new Int32Array(rank.length + 1);
  for (let e = 0; e < length; e++) {
    const u = rank[from[e] as number] as number;
    offsets[u] = (offsets[u] as number) + 1;
  }
  let end = 0;
  for (let u = 0; u <= rank.length; u++) {
    end += offsets[u] as number;
    offsets[u] = end;
  }
  const targets = new Int32Array(length);
  const weights = new Float64Array(length);
  for (let e = length - 1; e >= 0; e--) {
    const u = rank[from[e] as number] as number;
    const slot = (offsets[u] as number) - 1;
    offsets[u] = slot;
    targets[slot] = rank[to[e] as number] as number;
    weights[slot] = weight[e] as number;
  }
  return { offsets, targets, weights };
}
