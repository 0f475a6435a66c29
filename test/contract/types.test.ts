import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  append,
  atLeast,
  base,
  between,
  boolean,
  type Column,
  date,
  days,
  decimal,
  freshWithin,
  instant,
  integer,
  keep,
  mart,
  merge,
  month,
  oneOf,
  type RowOf,
  refersTo,
  replace,
  rowCount,
  text,
  unique,
} from '../../lib/contract/index.ts';

const facts = { name: 'parcel', product: 'post', owner: 'post', description: 'One row per parcel.' } as const;
const row = {
  id: text(),
  sent_at: instant(),
  arrived_on: date().nullable(),
  weight: decimal(9, 3),
  pieces: integer().nullable().describe('pieces').personal('indirect').from('load.pieces'),
  fragile: boolean(),
};
const good = { ...facts, row, grain: ['id'], eventTime: 'sent_at', write: append() } as const;

// What follows is judged by the compiler (`tsc --noEmit` runs over tests): a line that should not compile, and does,
// is an unused @ts-expect-error. The functions are never called.
const misspelt = {
  grain: () =>
    // @ts-expect-error no column idd
    base({ ...good, grain: ['idd'] }),
  secondOfGrain: () =>
    // @ts-expect-error no column sent
    base({ ...good, grain: ['id', 'sent'] }),
  eventTime: () =>
    // @ts-expect-error no column sent
    base({ ...good, eventTime: 'sent' }),
  partition: () =>
    // @ts-expect-error no column sentat
    base({ ...good, partitionBy: month('sentat') }),
  appendVersion: () =>
    // @ts-expect-error no column version
    base({ ...good, write: append('version') }),
  mergeVersion: () =>
    // @ts-expect-error no column version
    base({ ...good, write: merge('version') }),
  rule: () =>
    // @ts-expect-error no column wieght
    base({ ...good, rules: [between('wieght', 0, 1)] }),
  oneOfRule: () =>
    // @ts-expect-error no column state
    base({ ...good, rules: [oneOf('state', ['sent'])] }),
  ruleThatIsACheck: () =>
    // @ts-expect-error a rule judges a row; whether it refers to something is a check
    base({ ...good, rules: [refersTo('id', 'letter')] }),
  rowCheck: () =>
    // @ts-expect-error no column piece
    base({ ...good, checks: [atLeast('piece', 1)] }),
  secondCheck: () =>
    // @ts-expect-error no column piece
    base({ ...good, checks: [atLeast('pieces', 1), between('piece', 0, 9)] }),
  uniqueCheck: () =>
    // @ts-expect-error no column owner
    base({ ...good, checks: [unique(['id', 'owner'])] }),
  reference: () =>
    // @ts-expect-error no column parent
    base({ ...good, checks: [refersTo('parent', 'letter')] }),
  freshness: () =>
    // @ts-expect-error no column at
    base({ ...good, checks: [freshWithin(days(2), 'at')] }),
  severity: () =>
    // @ts-expect-error no such severity
    base({ ...good, checks: [atLeast('pieces', 1, { severity: 'fatal' })] }),
  tolerance: () =>
    // @ts-expect-error rows or share
    base({ ...good, checks: [atLeast('pieces', 1, { tolerate: 3 })] }),
  martGrain: () =>
    // @ts-expect-error no column idd
    mart({ ...facts, row, grain: ['idd'], write: replace() }),
  martCheck: () =>
    // @ts-expect-error no column piece
    mart({ ...facts, row, grain: ['id'], write: merge(), checks: [atLeast('piece', 1)] }),
  martRules: () =>
    // @ts-expect-error a mart has no rules: its rows are computed
    mart({ ...facts, row, grain: ['id'], write: merge(), rules: [between('pieces', 0, 1)] }),
  noEventTime: () =>
    // @ts-expect-error a base table says when its records happen, or that they have no time
    base({ ...facts, row, grain: ['id'], write: append() }),
  layer: () =>
    // @ts-expect-error base() says the layer
    base({ ...good, layer: 'mart' }),
  transform: () =>
    // @ts-expect-error months and days
    base({ ...good, partitionBy: { transform: 'hour', column: 'sent_at' } }),
  pii: () =>
    // @ts-expect-error personal data is direct or indirect
    text().personal('none'),
  rowOfNumbers: () =>
    // @ts-expect-error a row is made of columns
    base({ ...good, row: { id: 'text' } }),
};

describe('the vocabulary of contracts', () => {
  it('makes a typo a compile error', () => {
    expect(Object.keys(misspelt).length).toBeGreaterThan(20);
  });

  it('takes what is spelt right', () => {
    const contract = base({
      ...good,
      partitionBy: month('sent_at'),
      write: append('sent_at'),
      rules: [between('weight', 0, 100), oneOf('id', ['a'])],
      checks: [
        atLeast('pieces', 1, { severity: 'blocking', tolerate: { share: 0.1 } }),
        unique(['id', 'sent_at']),
        refersTo('id', 'letter'),
        freshWithin(days(2)),
        freshWithin(days(2), 'sent_at', { severity: 'fail' }),
        rowCount(1, 5),
      ],
    });
    expect(contract.layer).toBe('base');
    expect(base({ ...good, grain: [], write: keep() }).grain).toEqual([]);
  });

  it('infers rows', () => {
    const contract = base(good);
    expectTypeOf<RowOf<typeof contract>>().toEqualTypeOf<{
      id: string;
      sent_at: string;
      arrived_on: string | null;
      weight: string;
      pieces: bigint | null;
      fragile: boolean;
    }>();
    expectTypeOf(text().nullable()).toEqualTypeOf<Column<string | null>>();
    expectTypeOf(integer().describe('x')).toEqualTypeOf<Column<bigint>>();
    expectTypeOf(integer().nullable().from('a.b').personal('direct')).toEqualTypeOf<Column<bigint | null>>();
  });

  it('keeps the facts of a column whatever is said of it in whatever order', () => {
    const one = integer().nullable().describe('pieces').personal('indirect').from('a.b').facts;
    const other = integer().from('a.b').personal('indirect').describe('pieces').nullable().facts;
    expect(one).toEqual(other);
    expect(one).toEqual({
      type: { kind: 'integer' },
      optional: true,
      description: 'pieces',
      pii: 'indirect',
      path: 'a.b',
    });
  });

  it.each([
    [1, 0],
    [2, 1],
    [12, 2],
    [38, 0],
    [38, 37],
  ])('knows decimal(%d, %d)', (precision, scale) => {
    expect(decimal(precision, scale).facts.type).toEqual({ kind: 'decimal', precision, scale });
  });

  it.each([
    [0, 0],
    [2, 2],
    [2, 3],
    [39, 2],
    [12, -1],
    [12.5, 2],
    [12, 0.5],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 2],
    [-3, -4],
  ])('refuses decimal(%d, %d)', (precision, scale) => {
    expect(() => decimal(precision, scale)).toThrow(RangeError);
    expect(() => decimal(precision, scale)).toThrow('0 <= scale < precision <= 38');
  });
});
