import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDag, criticalPath, InvalidGraphError, type Vertex } from '../../lib/dag/index.ts';
import { byCost, cases, everyPath, parse, reference } from './naive.ts';

describe('the critical path', () => {
  it.each([
    ['is the chain that takes longest, not the one with most steps', 'a-b b-c c-d a-x x-d', { x: 9 }, 'axd', 11],
    ['adds decimals as decimals', 'a-b', { a: 0.1, b: 0.2 }, 'ab', 0.3],
    ['goes to the first of ties', 'a-c a-b b-d c-d', {}, 'abd', 3],
    ['begins at a root even where waiting costs nothing', 'z-a', { z: 0 }, 'za', 1],
    ['may be one vertex that nothing is joined to', 'a-b', { i: 5 }, 'i', 5],
  ])('%s', (_, edges, slow: Record<string, number>, path, total) => {
    const graph = buildDag<string>(parse(edges), Object.keys(slow));
    expect(criticalPath(graph, (vertex) => slow[vertex] ?? 1)).toEqual({ vertices: [...path], total });
  });

  it('of nothing is nothing', () => {
    expect(criticalPath(buildDag<string>([]), () => 1)).toEqual({ vertices: [], total: 0 });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a duration of %d', (duration) => {
    expect(() => criticalPath(buildDag(reference), (vertex) => (vertex === 4 ? duration : 1))).toThrow(
      new InvalidGraphError(`vertex 4: the duration must be a finite number, 0 or more, found number ${duration}`),
    );
  });

  it('agrees with brute force', () => {
    fc.assert(
      fc.property(cases(), fc.array(fc.nat(5), { minLength: 7, maxLength: 7 }), ({ vertices, edges }, tenths) => {
        const timeOf = (vertex: Vertex) => tenths[vertices.indexOf(vertex)] ?? 0;
        const roots = vertices.filter((vertex) => edges.every(({ to }) => to !== vertex));
        const leaves = vertices.filter((vertex) => edges.every(({ from }) => from !== vertex));
        const chains = roots.flatMap((root) => leaves.flatMap((leaf) => everyPath(edges, root, leaf)));
        const [best] = chains
          .map(({ vertices: on }) => ({
            units: BigInt(on.reduce<number>((sum, vertex) => sum + timeOf(vertex), 0)),
            vertices: on,
          }))
          .sort(byCost);
        expect(criticalPath(buildDag(edges, vertices), (vertex) => timeOf(vertex) / 10)).toEqual({
          vertices: best?.vertices,
          total: Number(best?.units) / 10,
        });
      }),
    );
  });
});
