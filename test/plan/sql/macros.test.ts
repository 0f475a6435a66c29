import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bind, ENGINES, lint, MACROS, render } from '../../../lib/plan/sql/index.ts';
import { rowsOf } from './lake.ts';

const model = 'select percent(t.part, t.whole) as share from mart.t as t';
const sql = bind(render(model, 'duckdb'), { table: () => 'pairs', asOf: null });

/** Hundredths of a percent, half up (towards positive infinity), by exact arithmetic. */
function oracle(part: bigint, whole: bigint): string | null {
  if (whole <= 0n) return null;
  const doubled = 20000n * part + whole;
  const cut = doubled / (2n * whole);
  const floor = doubled < 0n && cut * 2n * whole !== doubled ? cut - 1n : cut;
  const digits = (floor < 0n ? -floor : floor).toString().padStart(3, '0');
  return `${floor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

async function shares(pairs: readonly (readonly [bigint | null, bigint | null])[]): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const values = pairs.map(([part, whole], index) => `(${index}, ${part}::bigint, ${whole}::bigint)`).join(', ');
  await connection.run(
    `create table pairs as select * from (values ${values}) as t(place, part, whole) order by place`,
  );
  const rows = await rowsOf(connection, sql);
  connection.closeSync();
  return rows.map(({ share }) => share);
}

describe('percent', () => {
  const cases: readonly (readonly [part: bigint | null, whole: bigint | null, share: string | null, why: string])[] = [
    [1n, 3n, '33.33', 'cut down'],
    [2n, 3n, '66.67', 'rounded up'],
    [1n, 8n, '12.50', 'exact'],
    [1n, 16n, '6.25', 'exact'],
    [1n, 32n, '3.13', 'half goes up (3.125)'],
    [3n, 32n, '9.38', 'half goes up (9.375)'],
    [1n, 20000n, '0.01', 'half goes up (0.005)'],
    [9999n, 20000n, '50.00', 'half goes up (49.995)'],
    [1n, 20001n, '0.00', 'just below half'],
    [-1n, 32n, '-3.12', 'half goes up below zero too (-3.125)'],
    [-1n, 3n, '-33.33', 'negative'],
    [-2n, 3n, '-66.67', 'negative'],
    [0n, 5n, '0.00', 'nothing of something'],
    [5n, 5n, '100.00', 'all'],
    [7n, 5n, '140.00', 'more than all'],
    [0n, 0n, null, 'nothing of nothing'],
    [1n, 0n, null, 'of nothing'],
    [1n, null, null, 'of unknown'],
    [null, 5n, null, 'unknown'],
    [1n, -5n, null, 'of less than nothing'],
    [460000000000000n, 460000000000001n, '100.00', 'at the limit of 64 bits, where doubles would be off'],
    [99994999999999n, 200000000000000n, '50.00', 'large, a hair below half (49.9975 is not half)'],
    [49995n * 10n ** 9n - 1n, 10n ** 14n, '49.99', 'one part in 10^14 below half: doubles say 50.00 too early'],
    [49995n * 10n ** 9n, 10n ** 14n, '50.00', 'exactly half'],
  ];
  it.each(cases)('%s of %s is %s: %s', async (part, whole, share) => {
    expect(await shares([[part, whole]])).toEqual([share]);
    if (part !== null && whole !== null) expect(oracle(part, whole)).toBe(share);
  });

  it('is half up, exactly, for parts to 4.6e14 of either sign', async () => {
    const part = fc.oneof(
      fc.bigInt({ min: 0n, max: 1000n }),
      fc.bigInt({ min: -(46n * 10n ** 13n), max: 46n * 10n ** 13n }),
    );
    const pair = fc
      .tuple(part, fc.oneof(fc.bigInt({ min: 1n, max: 1000n }), fc.bigInt({ min: 1n, max: 46n * 10n ** 13n })))
      // Beyond decimal(9, 2) the result has no place: an error on every engine, not a share.
      .filter(([a, b]) => (a < 0n ? -a : a) / b < 90000n);
    const list = fc.array(pair, { minLength: 200, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(list, async (pairs) => {
        expect(await shares(pairs)).toEqual(pairs.map(([a, b]) => oracle(a, b)));
      }),
      { numRuns: 15 },
    );
  });

  it('is exact at every half: parts where 10000 a / b ends in .5', async () => {
    const half = fc.tuple(fc.bigInt({ min: 1n, max: 20000n }), fc.bigInt({ min: 1n, max: 10n ** 10n }));
    await fc.assert(
      fc.asyncProperty(fc.array(half, { minLength: 100, maxLength: 100 }), async (seeds) => {
        const pairs = seeds.flatMap(([odd, scale]) => {
          const [part, whole] = [(2n * odd - 1n) * scale, 20000n * scale];
          return [[part, whole] as const, [part - 1n, whole] as const];
        });
        expect(await shares(pairs)).toEqual(pairs.map(([a, b]) => oracle(a, b)));
      }),
      { numRuns: 10 },
    );
  });

  it('is expanded for every engine, with its own integer division', () => {
    const divisions = { duckdb: ' // ', spark: ' div ', athena: ' / ', redshift: ' / ' };
    for (const engine of ENGINES) {
      const text = render(model, engine);
      expect(text).not.toMatch(/percen/i);
      expect(text).toContain(divisions[engine]);
    }
  });

  it('keeps nested calls, and names after a dot or in a text, apart', () => {
    const text = render("select year(t.percent) as y, 'percent(1, 2)' as s from mart.t as t", 'redshift');
    expect(text.replace(/\s+/g, ' ')).toContain(
      `cast(extract(year from t."percent") as bigint) AS y, 'percent(1, 2)' AS s`,
    );
    const nested = render('select year(cast(year(t.a) as date)) as y from mart.t as t', 'redshift');
    expect(nested.match(/extract\(year/g)).toHaveLength(2);
  });
});

describe('the macro table', () => {
  it('says in a sentence what each macro means', () => {
    for (const { says, name, parameters } of MACROS) {
      expect(says, name).toMatch(/^[A-Z].*\.$/);
      expect(parameters.length, name).toBeGreaterThan(0);
    }
  });
  it("wants the plan's own functions on every engine", () => {
    for (const { expand, name } of MACROS.filter((macro) => macro.expand.athena !== undefined)) {
      expect(Object.keys(expand).sort(), name).toEqual([...ENGINES].sort());
    }
  });
  it('has macros that the lint takes', () => {
    expect(lint('select percent(t.a, t.b) as p, year(t.c) as y from mart.t as t', 'x', { kind: 'fragment' })).toEqual(
      [],
    );
  });
});
