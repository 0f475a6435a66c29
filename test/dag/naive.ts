import fc from 'fast-check';
import type { Edge, Vertex } from '../../lib/dag/index.ts';

/** The reference graph of the mission. */
export const reference: readonly Edge<number>[] = parse(
  '0-1(2) 0-2(4) 0-4(-2) 0-6(5) 0-5(1) 2-3(3) 2-4(2) 3-8(-4) 4-3(5) 4-8(1) 4-7(2) 5-7(-1) 5-8(-3) 6-7(6) 7-8(2)',
).map(({ from, to, weight }) => ({ from: Number(from), to: Number(to), weight }));

/** Reads `a-b(1.5) b-c`, where a missing weight is 1. */
export function parse(edges: string): Edge<string>[] {
  return [...edges.matchAll(/([^\s-]+)-([^\s(]+)(?:\(([^)]*)\))?/g)].map(([, from = '', to = '', weight = '1']) => ({
    from,
    to,
    weight: Number(weight),
  }));
}

/** A chain of `rungs` steps with an edge per weight at each step: weights.length ** rungs paths from 0 to the end. */
export const ladder = (rungs: number, weights: readonly number[]): Edge<number>[] =>
  Array.from({ length: rungs }, (_, rung) => weights.map((weight) => ({ from: rung, to: rung + 1, weight }))).flat();

/** A path as brute force finds it; its cost is a whole number of the smallest decimal of the case. */
export interface NaivePath<V extends Vertex> {
  readonly units: bigint;
  readonly vertices: readonly V[];
}

/** All paths between two vertices by plain recursion, unordered. `unitsOf` gives an edge's weight as a whole number. */
export function everyPath<V extends Vertex>(
  edges: readonly Edge<V>[],
  from: V,
  to: V,
  unitsOf: (edge: Edge<V>) => bigint = () => 1n,
): NaivePath<V>[] {
  const onward = edges.filter((edge) => edge.from === from);
  const longer = onward.flatMap((edge) =>
    everyPath(edges, edge.to, to, unitsOf).map(({ units, vertices }) => ({
      units: units + unitsOf(edge),
      vertices: [from, ...vertices],
    })),
  );
  return from === to ? [{ units: 0n, vertices: [from] }, ...longer] : longer;
}

/** Vertex order: numbers by value, texts by code unit. */
export const byVertex = (a: Vertex, b: Vertex): number => (a < b ? -1 : a > b ? 1 : 0);

/** Highest cost first, then lexicographic. */
export function byCost<V extends Vertex>(a: NaivePath<V>, b: NaivePath<V>): number {
  if (a.units !== b.units) return a.units > b.units ? -1 : 1;
  const differs = a.vertices.findIndex((vertex, index) => vertex !== b.vertices[index]);
  return differs === -1 ? 0 : byVertex(a.vertices[differs] as V, b.vertices[differs] as V);
}

/** A small random case: vertices in an order that edges follow, which is not the order of their names. */
export interface Case<V extends Vertex> {
  readonly vertices: readonly V[];
  readonly edges: readonly Edge<V>[];
}

/** Few distinct weights, so that costs tie; one decimal, so that float addition would show. */
export const tenths = fc.integer({ min: -4, max: 9 }).map((units) => units / 10);

const names = {
  number: fc.uniqueArray(fc.oneof(fc.integer({ min: -9, max: 120 }), fc.constantFrom(0.5, -2.25)), {
    minLength: 1,
    maxLength: 7,
  }),
  text: fc.uniqueArray(fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('a', 'B', 'ä', '10', '9')), {
    minLength: 1,
    maxLength: 7,
  }),
};

const casesOf = <V extends Vertex>(vertices: fc.Arbitrary<V[]>, weight: fc.Arbitrary<number>): fc.Arbitrary<Case<V>> =>
  vertices.chain((known) =>
    fc.array(fc.tuple(fc.nat(known.length - 1), fc.nat(known.length - 1), weight), { maxLength: 14 }).map((drawn) => ({
      vertices: known,
      edges: drawn
        .filter(([a, b]) => a !== b)
        .map(([a, b, w]) => ({ from: known[Math.min(a, b)] as V, to: known[Math.max(a, b)] as V, weight: w })),
    })),
  );

/** Random graphs with numbers or texts as vertices, isolated vertices and parallel edges included. */
export const cases = (weight: fc.Arbitrary<number> = tenths): fc.Arbitrary<Case<Vertex>> =>
  fc.oneof<fc.Arbitrary<Case<Vertex>>[]>(casesOf<Vertex>(names.number, weight), casesOf<Vertex>(names.text, weight));
