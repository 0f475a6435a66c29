import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, Cell, Kind } from '../../lib/parity/answer.ts';
import { instant } from '../../lib/parity/answer.ts';
import { compareAnswers } from '../../lib/parity/compare.ts';

const answer = (columns: string, ...rows: readonly (readonly Cell[])[]): Answer => ({
  columns: columns.split(', ').map((column) => {
    const [name = '', kind = 'text'] = column.split(' ');
    return { name, kind: kind as Kind };
  }),
  rows,
});
const byKey = { key: ['k'], ordered: false };

describe('answers are the same', () => {
  const same: readonly (readonly [why: string, a: Answer, b: Answer])[] = [
    ['in any order', answer('k, n exact', ['a', '1'], ['b', '2']), answer('k, n exact', ['b', '2'], ['a', '1'])],
    ['with nulls', answer('k, n exact', ['a', null]), answer('k, n exact', ['a', null])],
    ['with equal rows', answer('n exact', ['1'], ['1']), answer('n exact', ['1'], ['1'])],
    [
      'with doubles a hair apart',
      answer('k, x double', ['a', '0.3']),
      answer('k, x double', ['a', '0.30000000000000004']),
    ],
    ['with a zero of either sign', answer('k, x double', ['a', '0']), answer('k, x double', ['a', '-0'])],
    ...['Infinity', '-Infinity', 'NaN'].map(
      (x) => [`with ${x}`, answer('k, x double', ['a', x]), answer('k, x double', ['a', x])] as const,
    ),
  ];
  it.each(same)('%s', (_why, a, b) => expect(compareAnswers(a, b, byKey)).toBeNull());

  it('whatever they are, with themselves, and with their rows in another order', () => {
    const cell = fc.oneof(fc.constant(null), fc.constantFrom('', 'a', 'A', '1', '1.0', 'null'));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), fc.infiniteStream(fc.nat()), (rows, picks) => {
        const shuffled = [...rows].sort(() => (Number(picks.next().value) % 2 ? 1 : -1));
        expect(
          compareAnswers(answer('a, b', ...rows), answer('a, b', ...shuffled), { key: [], ordered: false }),
        ).toBeNull();
      }),
    );
  });
});

describe('answers differ, and it is said where', () => {
  const apart: readonly (readonly [why: string, a: Answer, b: Answer, found: object])[] = [
    [
      'a value',
      answer('k, n exact', ['a', '1']),
      answer('k, n exact', ['a', '2']),
      { key: 'k="a"', column: 'n', expected: '1', found: '2' },
    ],
    ['a scale', answer('k, n exact', ['a', '1.0']), answer('k, n exact', ['a', '1.00']), { column: 'n' }],
    [
      'null and the empty text',
      answer('k, s', ['a', null]),
      answer('k, s', ['a', '']),
      { column: 's', expected: null, found: '' },
    ],
    ['null and its name', answer('k, s', ['a', null]), answer('k, s', ['a', 'null']), { column: 's' }],
    ['case', answer('k, s', ['a', 'x']), answer('k, s', ['a', 'X']), { column: 's' }],
    [
      'a combining and a composed letter',
      answer('k, s', ['a', 'e\u0301']),
      answer('k, s', ['a', '\u00e9']),
      { column: 's' },
    ],
    [
      'a microsecond',
      answer('k, t instant', ['a', instant('2024-01-01 00:00:00.000001')]),
      answer('k, t instant', ['a', instant('2024-01-01 00:00:00')]),
      { column: 't' },
    ],
    [
      'a double by more than a hair',
      answer('k, x double', ['a', '1']),
      answer('k, x double', ['a', '1.00000001']),
      { column: 'x' },
    ],
    ...[
      ['Infinity', '5'],
      ['5', 'Infinity'],
      ['Infinity', '-Infinity'],
      ['Infinity', 'NaN'],
      ['NaN', '5'],
      ['NaN', 'none'],
    ].map(
      ([x = '', y = '']) =>
        [
          `${x} and ${y}`,
          answer('k, x double', ['a', x]),
          answer('k, x double', ['a', y]),
          { key: 'k="a"', column: 'x', expected: x, found: y },
        ] as const,
    ),
    ['a type', answer('k, n exact', ['a', '1']), answer('k, n double', ['a', '1']), { column: 'columns' }],
    ['a name', answer('k, n'), answer('k, m'), { column: 'columns' }],
    [
      'a row too few',
      answer('k', ['a'], ['b']),
      answer('k', ['a']),
      { key: 'k="b"', column: 'row', found: 'is missing' },
    ],
    [
      'a row too many',
      answer('k', ['a']),
      answer('k', ['a'], ['b']),
      { key: 'k="b"', column: 'row', found: 'is there' },
    ],
    ['an equal row too few', answer('n exact', ['1'], ['1']), answer('n exact', ['1']), { column: 'row' }],
    [
      'one row of each, without a key',
      answer('n exact, m exact, o exact', ['1', '2', '3']),
      answer('n exact, m exact, o exact', ['1', '2', '4']),
      { column: 'o', expected: '3', found: '4' },
    ],
  ];
  it.each(apart)('%s', (_why, a, b, found) => expect(compareAnswers(a, b, byKey)).toMatchObject(found));

  it('by the order of their rows, where it is part of the answer', () => {
    const [a, b] = [answer('k', ['a'], ['b']), answer('k', ['b'], ['a'])];
    expect(compareAnswers(a, b, { ...byKey, ordered: true })).toMatchObject({
      key: 'k="a"',
      column: 'place',
      expected: '1',
      found: '2',
    });
  });
});
