import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ancestors,
  buildDag,
  countPaths,
  descendants,
  mostReachable,
  pathCounts,
  type Vertex,
} from '../../lib/dag/index.ts';
import { byVertex, cases, everyPath, ladder, parse, reference } from './naive.ts';

describe('path counts', () => {
  it('of the reference graph', () => {
    const graph = buildDag(reference);
    expect([...pathCounts(graph, 0)]).toEqual([1n, 1n, 1n, 3n, 2n, 1n, 1n, 4n, 10n].map((count, id) => [id, count]));
    expect(mostReachable(graph, 0)).toEqual({ vertices: [8], count: 10n });
  });

  it('agree with brute force from every source, and so do ancestors and descendants', () => {
    fc.assert(
      fc.property(cases(), ({ vertices, edges }) => {
        const graph = buildDag(edges, vertices);
        const inOrder = vertices.toSorted(byVertex);
        for (const source of vertices) {
          const naive = (to: Vertex) => BigInt(everyPath(edges, source, to).length);
          const leadsBack = (from: Vertex) => everyPath(edges, from, source).length > 0;
          expect([...pathCounts(graph, source)]).toEqual(inOrder.map((to) => [to, naive(to)]));
          for (const to of vertices) expect(countPaths(graph, source, to)).toBe(naive(to));
          expect(descendants(graph, source)).toEqual(inOrder.filter((to) => to !== source && naive(to) > 0n));
          expect(ancestors(graph, source)).toEqual(inOrder.filter((from) => from !== source && leadsBack(from)));
        }
      }),
    );
  });

  it.each([
    [33, 3, 3n ** 33n],
    [53, 2, 2n ** 53n],
    [54, 2, 2n ** 54n],
    [200, 3, 3n ** 200n],
  ])('stay exact over %i rungs of %i edges', (rungs, width, expected) => {
    const graph = buildDag(ladder(rungs, Array(width).fill(1)));
    expect(countPaths(graph, 0, rungs)).toBe(expected);
    expect(pathCounts(graph, 0).get(rungs)).toBe(expected);
    expect(pathCounts(graph, 0).get(rungs - 1)).toBe(expected / BigInt(width));
    expect(mostReachable(graph, 0)).toEqual({ vertices: [rungs], count: expected });
  });

  it.each([2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n])(
    'count one by one across the edge of float64: %d',
    (count) => {
      // Doubling and adding one, bit by bit, makes any number of paths.
      const bits = [...count.toString(2)].slice(1);
      const edges = bits.flatMap((bit, at) => [
        { from: at, to: at + 1, weight: 1 },
        { from: at, to: at + 1, weight: 1 },
        ...(bit === '1' ? [{ from: 0, to: at + 1, weight: 1 }] : []),
      ]);
      expect(countPaths(buildDag<number>(edges), 0, bits.length)).toBe(count);
    },
  );

  it('drop big numbers once passed on: 20,000 rungs, a count of 31,700 bits', () => {
    expect(countPaths(buildDag(ladder(20_000, [1, 1, 1])), 0, 20_000)).toBe(3n ** 20_000n);
  });
});

describe('the most reachable vertex', () => {
  it.each([
    ['all tied ones are named, in order', 's-z s-b s-a z-y', 's', ['a', 'b', 'y', 'z'], 1n],
    ['nothing is reached', 's-a', 'a', [], 0n],
    ['what the source does not reach does not count', 's-a x-y x-y x-y', 's', ['a'], 1n],
    ['the source is not named though it ties', 'a-b', 'a', ['b'], 1n],
  ])('%s', (_, edges, source, vertices, count) => {
    expect(mostReachable(buildDag<string>(parse(edges)), source)).toEqual({ vertices, count });
  });

  it('ties beyond 2^53 as well', () => {
    const forked = [...ladder(60, [1, 1]), { from: 60, to: 61, weight: 1 }, { from: 60, to: 99, weight: 1 }];
    expect(mostReachable(buildDag(forked), 0)).toEqual({ vertices: [60, 61, 99], count: 2n ** 60n });
  });

  it('agrees with brute force', () => {
    fc.assert(
      fc.property(cases(), ({ vertices, edges }) => {
        const [source] = vertices as [Vertex];
        const counts = vertices
          .filter((vertex) => vertex !== source)
          .map((vertex) => [vertex, everyPath(edges, source, vertex).length] as const);
        const most = Math.max(0, ...counts.map(([, count]) => count));
        const tied = counts.filter(([, count]) => count === most && count > 0).map(([vertex]) => vertex);
        expect(mostReachable(buildDag(edges, vertices), source)).toEqual({
          vertices: tied.sort(byVertex),
          count: BigInt(most),
        });
      }),
    );
  });

  it('does not depend on names', () => {
    fc.assert(
      fc.property(
        cases(),
        fc.uniqueArray(fc.integer(), { minLength: 7, maxLength: 7 }),
        ({ vertices, edges }, labels) => {
          const named = new Map(vertices.map((vertex, index) => [vertex, labels[index] as number]));
          const label = (vertex: Vertex) => named.get(vertex) as number;
          const relabelled = edges.map(({ from, to, weight }) => ({ from: label(from), to: label(to), weight }));
          const [source] = vertices as [Vertex];
          const { vertices: most, count } = mostReachable(buildDag(edges, vertices), source);
          expect(mostReachable(buildDag(relabelled, vertices.map(label)), label(source))).toEqual({
            vertices: most.map(label).sort((a, b) => a - b),
            count,
          });
        },
      ),
    );
  });
});
