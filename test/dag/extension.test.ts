import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDag, mostReachable, proposeExtension, type Vertex } from '../../lib/dag/index.ts';
import { byVertex, cases, everyPath, ladder, parse, reference } from './naive.ts';

describe('the extension', () => {
  it('of the reference graph joins 8 and 0: 11 paths', () => {
    expect(proposeExtension(buildDag(reference), 0)).toEqual({ forbidden: [3, 4, 5, 7], join: [8, 0], paths: 11n });
  });

  it.each([
    [
      'joins the first allowed vertex, though others add more',
      's-a s-b a-c b-c a-m a-m b-m',
      's',
      { forbidden: ['a', 'b'], join: ['m', 'c'], paths: 5n },
    ],
    [
      'adds the count of the other',
      's-a s-a a-b b-m s-m s-m',
      's',
      { forbidden: ['b', 's'], join: ['m', 'a'], paths: 6n },
    ],
    ['has none when every reached vertex is a neighbour', 's-m s-m', 's', null],
    ['has none when nothing is reached', 's-a', 'a', null],
    ['does not join what is not reached', 's-m s-m x-y', 's', null],
    [
      'of tied ones means the first: it may join what another tied one leads from',
      's-a a-m a-m m-z',
      's',
      { forbidden: ['a', 'z'], join: ['m', 's'], paths: 3n },
    ],
    ['may join two tied ones', 's-x x-a x-b', 's', { forbidden: ['x'], join: ['a', 'b'], paths: 2n }],
    [
      'joins the source when all else is forbidden',
      's-p s-q p-b q-b b-c',
      's',
      { forbidden: ['c', 'p', 'q'], join: ['b', 's'], paths: 3n },
    ],
    ['has none at the start of a chain', 's-a a-b', 's', null],
  ])('%s', (_, edges, source, expected) => {
    expect(proposeExtension(buildDag<string>(parse(edges)), source)).toEqual(expected);
  });

  it('adds exactly beyond 2^53', () => {
    expect(proposeExtension(buildDag(ladder(60, [1, 1])), 0)?.paths).toBe(2n ** 60n + 1n);
  });

  it('is the definition for the first of the most reachable, and truly makes the new one the most reachable', () => {
    fc.assert(
      fc.property(cases(), ({ vertices, edges }) => {
        const [source] = vertices as [Vertex];
        const graph = buildDag(edges, vertices);
        const proposal = proposeExtension(graph, source);
        const [most] = mostReachable(graph, source).vertices;
        const neighbours = vertices.filter((vertex) =>
          edges.some(({ from, to }) => (from === vertex && to === most) || (to === vertex && from === most)),
        );
        const allowed = vertices
          .filter((vertex) => !neighbours.includes(vertex) && everyPath(edges, source, vertex).length > 0)
          .sort(byVertex);
        const other = allowed.find((vertex) => vertex !== most);
        if (most === undefined || other === undefined) {
          expect(proposal).toBeNull();
          return;
        }
        expect(proposal).toMatchObject({ forbidden: neighbours.sort(byVertex), join: [most, other] });

        const added: Vertex = typeof source === 'string' ? 'the new one' : 1e9;
        const joined = [most, other].map((from) => ({ from, to: added, weight: 1 }));
        const grown = buildDag([...edges, ...joined], vertices);
        expect(mostReachable(grown, source)).toEqual({ vertices: [added], count: proposal?.paths });
      }),
      { numRuns: 500 },
    );
  });
});
