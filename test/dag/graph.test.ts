import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildDag,
  CycleError,
  type Edge,
  InvalidGraphError,
  levels,
  topologicalOrder,
  UnknownVertexError,
  type Vertex,
} from '../../lib/dag/index.ts';
import { descendants } from '../../lib/dag/reach.ts';
import { byVertex, cases, everyPath, parse, reference } from './naive.ts';

const thrown = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

const edge = (from: Vertex, to: Vertex, weight = 1): Edge<Vertex> => ({ from, to, weight });

describe('a graph', () => {
  it('keeps vertices in vertex order: numbers by value, texts by code unit', () => {
    expect(buildDag<number>([{ from: 10, to: 9, weight: 1 }], [-1, 2.5, 10]).vertices).toEqual([-1, 2.5, 9, 10]);
    expect(buildDag<string>(parse('b-a a-Z 10-9'), ['ä', '']).vertices).toEqual(['', '10', '9', 'Z', 'a', 'b', 'ä']);
  });

  it('may be empty, and may come from a stream', () => {
    const stream = function* () {
      for (let from = 0; from < 5000; from++) yield { from, to: from + 1, weight: 1 };
    };
    expect(topologicalOrder(buildDag<string>([]))).toEqual([]);
    expect(levels(buildDag<string>([]))).toEqual([]);
    expect(levels(buildDag<number>(stream()))).toHaveLength(5001);
  });

  it.each([
    ['a weight that is no number', [edge('a', 'b'), edge('b', 'c', Number.NaN)], /edge 2 \(b -> c\).*finite.*NaN/],
    ['an infinite weight', [edge('a', 'b', Number.POSITIVE_INFINITY)], /edge 1 .*found number Infinity/],
    ['a weight in quotes', [{ ...edge('a', 'b'), weight: '1' as unknown as number }], /found string 1/],
    ['numbers and texts mixed', [edge('1', 2)], /all be texts or all be numbers.*"1".*number 2/],
    ['a vertex that is not a number', [edge(Number.NaN, 1)], /text or a finite number, found number NaN/],
    ['a vertex that is neither', [edge(1, null as unknown as number)], /found object null/],
  ])('refuses %s', (_, edges, message) => {
    const error = thrown(() => buildDag<Vertex>(edges));
    expect(error).toBeInstanceOf(InvalidGraphError);
    expect((error as Error).message).toMatch(message);
  });

  it('names the vertices that it has when asked for another', () => {
    const error = thrown(() => descendants(buildDag<string>(parse('a-b')), 'c'));
    expect(error).toBeInstanceOf(UnknownVertexError);
    expect(error).toMatchObject({ vertex: 'c', message: 'the graph has no vertex "c"; it has a, b' });
  });
});

describe('order and levels', () => {
  it('sorts the reference graph by level, then by vertex', () => {
    expect(levels(buildDag(reference))).toEqual([[0], [1, 2, 5, 6], [4], [3, 7], [8]]);
    expect(topologicalOrder(buildDag(reference))).toEqual([0, 1, 2, 5, 6, 4, 3, 7, 8]);
  });

  it('gives each vertex the longest edge count from any root, whatever the order of edges', () => {
    fc.assert(
      fc.property(cases(), fc.nat(), ({ vertices, edges }, turn) => {
        const levelOf = (vertex: Vertex) =>
          Math.max(
            ...vertices.flatMap((root) => everyPath(edges, root, vertex).map((path) => path.vertices.length - 1)),
          );
        const expected = vertices.reduce<Vertex[][]>((grouped, vertex) => {
          const level = levelOf(vertex);
          grouped[level] = [...(grouped[level] ?? []), vertex].sort(byVertex);
          return grouped;
        }, []);
        const turned = [...edges.slice(turn % (edges.length + 1)), ...edges.slice(0, turn % (edges.length + 1))];
        const graph = buildDag(turned, vertices.toReversed());
        expect(levels(graph)).toEqual(expected);
        expect(topologicalOrder(graph)).toEqual(expected.flat());
      }),
    );
  });
});

describe('a cycle', () => {
  const isCycle = (cycle: readonly Vertex[], edges: readonly Edge<Vertex>[]): boolean =>
    new Set(cycle).size === cycle.length &&
    cycle.every((from, index) =>
      edges.some((known) => known.from === from && known.to === cycle[(index + 1) % cycle.length]),
    );

  it.each([
    ['a self loop', 'a-b b-b b-c', ['b'], 'b -> b'],
    ['two vertices', 'z-b b-a a-b a-c', ['a', 'b'], 'a -> b -> a'],
    ['a cycle behind a root and before a tail', 'r-c c-a a-b b-c c-t t-u', ['a', 'b', 'c'], 'a -> b -> c -> a'],
  ])('is named: %s', (_, edges, cycle, shown) => {
    const error = thrown(() => buildDag<string>(parse(edges)));
    expect(error).toBeInstanceOf(CycleError);
    expect(error).toMatchObject({ cycle, message: `the graph has a cycle: ${shown}; remove one of these edges` });
  });

  it('is one that the edges have, and is found exactly when there is one', () => {
    const arrow = fc.tuple(fc.nat(6), fc.nat(6)).map(([from, to]) => edge(from, to));
    fc.assert(
      fc.property(fc.array(arrow, { maxLength: 12 }), (edges) => {
        const reaches = (from: Vertex, to: Vertex, seen: Vertex[] = []): boolean =>
          edges.some(
            (e) => e.from === from && (e.to === to || (!seen.includes(e.to) && reaches(e.to, to, [...seen, e.to]))),
          );
        const result = thrown(() => buildDag(edges));
        const isCyclic = edges.some(({ from }) => reaches(from, from));
        expect(result instanceof CycleError).toBe(isCyclic);
        if (!isCyclic) return;
        const { cycle } = result as CycleError;
        expect(isCycle(cycle, edges)).toBe(true);
        expect(cycle[0]).toBe(cycle.toSorted(byVertex)[0]);
      }),
      { numRuns: 500 },
    );
  });

  it('is found among 300,000 vertices without recursion, and its message stays short', () => {
    const size = 300_000;
    const ring = Array.from({ length: size }, (_, from) => edge(from, (from + 1) % size));
    const error = thrown(() => buildDag(ring)) as CycleError;
    expect(error.cycle).toHaveLength(size);
    expect(error.message).toBe(
      'the graph has a cycle: 0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8 -> 9 -> (299990 more) -> 0; remove one of these edges',
    );
  });
});
