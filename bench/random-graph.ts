import type { Edge, Vertex } from '../lib/dag/index.ts';

/** How large the graph is. */
export const VERTICES = 200_000;
export const EDGES = 1_000_000;

/** A graph to build: its vertices, and its edges in random order. */
export interface Input<V extends Vertex> {
  readonly names: readonly V[];
  readonly edges: readonly Edge<V>[];
}

/** Edges without duplicates, in random order, between names whose order says nothing; the same on every run. */
export function randomInput<V extends Vertex>(name: (id: number) => V): Input<V> {
  const random = seeded(42);
  const below = (limit: number) => Math.floor(random() * limit);
  const pairs = Float64Array.from({ length: EDGES + 1000 }, () => {
    const [a, b] = [below(VERTICES), below(VERTICES - 1)];
    const other = b < a ? b : b + 1;
    return Math.min(a, other) * VERTICES + Math.max(a, other);
  });
  const distinct = shuffle(
    pairs.sort().filter((pair, at) => pair !== pairs[at - 1]),
    below,
  );
  const ids = shuffle(
    Int32Array.from({ length: VERTICES }, (_, id) => id),
    below,
  );
  // As a parser delivers them: flat strings, not the concatenations that V8 keeps unjoined.
  const names = JSON.parse(JSON.stringify(Array.from(ids, name))) as V[];
  const edges = Array.from(distinct.subarray(0, EDGES), (pair, e) => ({
    from: names[Math.floor(pair / VERTICES)] as V,
    to: names[pair % VERTICES] as V,
    weight: (e % 100) - 50,
  }));
  return { names, edges };
}

function shuffle<A extends Float64Array | Int32Array>(values: A, below: (limit: number) => number): A {
  for (let at = values.length - 1; at > 0; at--) {
    const other = below(at + 1);
    const kept = values[at] ?? 0;
    values[at] = values[other] ?? 0;
    values[other] = kept;
  }
  return values;
}

/** mulberry32: numbers in [0, 1) from a seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
