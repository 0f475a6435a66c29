import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDag, type Edge, longestPath, type Path, pathsByCost, type Vertex } from '../../lib/dag/index.ts';
import { byCost, cases, everyPath, ladder, parse, reference } from './naive.ts';

const draw = <V extends Vertex>(count: number, paths: Iterable<Path<V>>): Path<V>[] => {
  const drawn: Path<V>[] = [];
  for (const path of paths) if (drawn.push(path) === count) break;
  return drawn;
};

describe('paths by cost', () => {
  it('of the reference graph', () => {
    const paths = [...pathsByCost(buildDag(reference), 0, 8)];
    expect(paths.map(({ cost, vertices }) => `${cost} ${vertices.join('-')}`)).toEqual([
      '13 0-6-7-8',
      '10 0-2-4-7-8',
      '7 0-2-4-3-8',
      '7 0-2-4-8',
      '3 0-2-3-8',
      '2 0-4-7-8',
      '2 0-5-7-8',
      '-1 0-4-3-8',
      '-1 0-4-8',
      '-2 0-5-8',
    ]);
    expect(longestPath(buildDag(reference), 0, 8)).toEqual(paths[0]);
  });

  it.each([
    ['decimals add as decimals', 'a-b(0.1) b-c(0.2) a-c(0.3)', ['0.3 abc', '0.3 ac']],
    ['a parallel edge is a path of its own', 'a-b(1) a-b(2) a-b(1) b-c(-1)', ['1 abc', '0 abc', '0 abc']],
    ['no path at all', 'b-a c-a', []],
    ['ties by the first vertex that differs, not by length', 'a-d(2) d-c(0) a-b(1) b-d(1)', ['2 abdc', '2 adc']],
    [
      'ties between parallel edges with other ways on',
      'a-b(1) a-b(0) b-c(1) b-B(0) B-c(0)',
      ['2 abc', '1 abBc', '1 abc', '0 abBc'],
    ],
    ['a sum of nothing but zeros has no sign', 'a-b(-0) b-c(-0)', ['0 abc']],
    ['opposite giants cancel exactly', 'a-b(1e300) b-x(1) x-c(-1e300) a-c(0.5)', ['1 abxc', '0.5 ac']],
    [
      'the 17th digit decides',
      'a-b(0.12345678901234567) b-c(1000) a-c(1000.1234567890123)',
      ['1000.1234567890124 abc', '1000.1234567890123 ac'],
    ],
  ])('%s', (_, edges, expected) => {
    const paths = [...pathsByCost(buildDag<string>(parse(edges)), 'a', 'c')];
    expect(paths.map(({ cost, vertices }) => `${Object.is(cost, -0) ? '-0' : cost} ${vertices.join('')}`)).toEqual(
      expected,
    );
  });

  it('tell apart sums beyond 2^53 that one unit sets apart', () => {
    const ends = parse('0-1(0) 0-2(1) 1-10(0) 2-10(0)').map((e) => ({ ...e, from: Number(e.from), to: Number(e.to) }));
    const high = ladder(10, [999_999_999_999_998]).map((e) => ({ ...e, from: e.from + 10, to: e.to + 10 }));
    const drawn = [...pathsByCost(buildDag([...ends, ...high]), 0, 20)];
    expect(drawn.map(({ cost, vertices }) => [cost, vertices[1]])).toEqual([
      [9_999_999_999_999_980, 2],
      [9_999_999_999_999_980, 1],
    ]);
  });

  it('hold the empty path from a vertex to itself, and only that', () => {
    const graph = buildDag(reference);
    expect([...pathsByCost(graph, 4, 4)]).toEqual([{ cost: 0, vertices: [4] }]);
    expect(longestPath(graph, 8, 0)).toBeNull();
  });

  it('judge vertices at the call, before anything is drawn', () => {
    expect(() => pathsByCost(buildDag(reference), 0, 9)).toThrow(/no vertex 9/);
  });

  const agrees = (weight: fc.Arbitrary<number>, decimals: number) =>
    fc.property(cases(weight), fc.nat(), ({ vertices, edges }, turn) => {
      const unitsOf = (edge: Edge<Vertex>) => unitsFrom(edge.weight, decimals);
      const turned = [...edges.slice(turn % (edges.length + 1)), ...edges.slice(0, turn % (edges.length + 1))];
      const graph = buildDag(turned, vertices);
      for (const from of vertices) {
        for (const to of vertices) {
          const naive = everyPath(edges, from, to, unitsOf).sort(byCost);
          const expected = naive.map(({ units, vertices: on }) => ({
            cost: Number(`${units}e-${decimals}`),
            vertices: on,
          }));
          expect([...pathsByCost(graph, from, to)]).toEqual(expected);
          expect(longestPath(graph, from, to)).toEqual(expected[0] ?? null);
        }
      }
    });

  it('agree with brute force in cost, order and ties, in tenths that tie often', () => {
    fc.assert(
      agrees(
        fc.integer({ min: -4, max: 9 }).map((units) => units / 10),
        1,
      ),
      { numRuns: 300 },
    );
  });

  it('agree with brute force where float64 holds no sum: 15 digits from 1e-20 to 1e20', () => {
    const wild = fc
      .tuple(fc.integer({ min: -(10 ** 15), max: 10 ** 15 }), fc.integer({ min: -20, max: 20 }))
      .map(([digits, exponent]) => Number(`${digits}e${exponent}`));
    fc.assert(agrees(fc.oneof(wild, fc.constantFrom(0.1, 0.2, -0.3)), 20));
  });

  it('draws ten paths out of more than 10^15 in milliseconds, and never needs the rest', () => {
    const graph = buildDag(ladder(200, [0, 0.1, 0.3]));
    const start = performance.now();
    const costs = draw(10, pathsByCost(graph, 0, 200)).map(({ cost }) => cost);
    expect(performance.now() - start).toBeLessThan(500);
    expect(costs).toEqual([60, ...Array(9).fill(59.8)]);
  });

  it('goes on without a mistake: 20,000 paths of a wide graph, in order, all different', () => {
    const edges = Array.from({ length: 12 }, (_, layer) =>
      [0, 1, 2].flatMap((a) =>
        [0, 1, 2].map((b) => ({
          from: layer * 3 + a,
          to: layer * 3 + 3 + b,
          weight: ((a * 7 + b * 3 + layer) % 10) / 10,
        })),
      ),
    ).flat();
    const paths = draw(20_000, pathsByCost(buildDag<number>(edges), 0, 38));
    expect(new Set(paths.map(({ vertices }) => vertices.join())).size).toBe(20_000);
    for (const [index, path] of paths.slice(1).entries())
      expect(path.cost).toBeLessThanOrEqual(paths[index]?.cost ?? 0);
  });

  it('walks 100,000 edges without recursion', () => {
    const [first, second, ...rest] = pathsByCost(
      buildDag([...ladder(100_000, [1]), { from: 99_999, to: 100_000, weight: 0 }]),
      0,
      100_000,
    );
    expect([first?.cost, second?.cost, rest]).toEqual([100_000, 99_999, []]);
    expect(second?.vertices).toHaveLength(100_001);
  });
});

/** A weight as a whole number of 10^-decimals, read from its written form: `-1.5e-7`. */
function unitsFrom(weight: number, decimals: number): bigint {
  const [, whole = '', fraction = '', exponent = '0'] = /^(-?\d+)\.?(\d*)(?:e(.*))?$/.exec(String(weight)) ?? [];
  return BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length + decimals);
}
