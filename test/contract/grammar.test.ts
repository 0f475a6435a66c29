import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  append,
  base,
  boolean,
  type ColumnType,
  date,
  decimal,
  instant,
  integer,
  pattern,
  text,
} from '../../lib/contract/index.ts';
import { DuckDb, SCRATCH } from '../../lib/engines/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { dayNumber } from '../support/oracle-values.ts';

const TYPES = {
  integer: integer(),
  decimal: decimal(12, 2),
  whole: decimal(5, 0),
  wide: decimal(38, 10),
  date: date(),
  instant: instant(),
  boolean: boolean(),
};
type Name = keyof typeof TYPES;
const NAMES = Object.keys(TYPES) as Name[];

const columns = Object.fromEntries(NAMES.map((name) => [name, TYPES[name].nullable()]));
const [table] = compile(
  [
    {
      name: 'probe',
      description: 'Values of every type.',
      exposures: [],
      datasets: [
        base({
          name: 'probe',
          product: 'probe',
          owner: 'nobody',
          description: 'One row per value.',
          row: { id: text(), ...columns },
          grain: ['id'],
          eventTime: null,
          write: append(),
        }),
      ],
    },
  ],
  {},
).tables;

/** What a text means, in a form to compare: null where it is no value of the type. */
type Meaning = string | null;

let db: DuckDb;
beforeAll(async () => {
  db = await DuckDb.open();
  await db.attachScratch();
});
afterAll(() => db.close());

const SHOWN: Readonly<Record<Name, string>> = {
  integer: 'cast("integer" as varchar)',
  decimal: 'cast("decimal" as varchar)',
  whole: 'cast("whole" as varchar)',
  wide: 'cast("wide" as varchar)',
  date: "cast(date_diff('day', date '1970-01-01', \"date\") as varchar)",
  instant: 'cast(epoch_us("instant") as varchar)',
  boolean: 'cast("boolean" as varchar)',
};

/** What the plan makes of texts, and which faults it finds: every text as a value of every type. */
async function conform(texts: readonly string[]): Promise<{ values: Record<Name, Meaning>; faults: string[] }[]> {
  if (table?.making.kind !== 'load') throw new Error('no load');
  await db.run(
    `create or replace table ${SCRATCH}.records (_at bigint, _fault varchar, raw_id varchar, ${NAMES.map((name) => `raw_${name} varchar`).join(', ')})`,
  );
  const writer = await db.append('records');
  for (const [at, value] of texts.entries()) {
    writer.appendBigInt(BigInt(at));
    writer.appendNull();
    writer.appendVarchar(`k${at}`);
    for (const _ of NAMES) writer.appendVarchar(value);
    writer.endRow();
  }
  writer.closeSync();
  const sql = table.making.conform.duckdb.replace('{{records}}', `${SCRATCH}.records`).replace('{{file}}', '1');
  const shown = NAMES.map((name) => `${SHOWN[name]} as "${name}"`).join(', ');
  const { rows } = await db.query(`select ${shown}, _faults from (${sql}) order by _at`);
  return rows.map((row) => ({
    values: Object.fromEntries(NAMES.map((name) => [name, row[name]])) as Record<Name, Meaning>,
    faults: row._faults === null ? [] : String(row._faults).split(','),
  }));
}

// The judge: reads a text character by character. It shares neither pattern nor cast with the project.
const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9';
const allDigits = (value: string): boolean => value.length > 0 && [...value].every(isDigit);
const unsigned = (value: string): string => (value[0] === '+' || value[0] === '-' ? value.slice(1) : value);

function judgeInteger(value: string): Meaning {
  if (!allDigits(unsigned(value))) return null;
  const number = BigInt(unsigned(value)) * (value[0] === '-' ? -1n : 1n);
  return number >= -(2n ** 63n) && number < 2n ** 63n ? String(number) : null;
}

const judgeDecimal =
  (precision: number, scale: number) =>
  (value: string): Meaning => {
    const bare = unsigned(value);
    const point = bare.indexOf('.');
    const [whole, part] = point < 0 ? [bare, null] : [bare.slice(0, point), bare.slice(point + 1)];
    if (!allDigits(whole) || whole.length > precision - scale) return null;
    if (part !== null && (!allDigits(part) || part.length > scale)) return null;
    const digits = BigInt(whole + (part ?? '').padEnd(scale, '0'));
    const shown = String(digits).padStart(scale + 1, '0');
    const sign = value[0] === '-' && digits !== 0n ? '-' : '';
    return scale === 0 ? sign + shown : `${sign}${shown.slice(0, -scale)}.${shown.slice(-scale)}`;
  };

/** Two digits within bounds. */
const two = (value: string, low: number, high: number): number | null =>
  value.length === 2 && allDigits(value) && Number(value) >= low && Number(value) <= high ? Number(value) : null;

const EPOCH = dayNumber('1970-01-01');

function judgeDate(value: string): Meaning {
  if (value.length !== 10 || value[4] !== '-' || value[7] !== '-' || !allDigits(value.slice(0, 4))) return null;
  const year = Number(value.slice(0, 4));
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const month = two(value.slice(5, 7), 1, 12);
  if (year === 0 || month === null) return null;
  const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return two(value.slice(8), 1, last) === null ? null : String(dayNumber(value) - EPOCH);
}

/** Minutes that a zone is ahead of UTC; null for no zone. */
function judgeZone(zone: string): number | null {
  if (zone === '' || zone === 'Z') return 0;
  if ((zone[0] !== '+' && zone[0] !== '-') || zone.length !== 6 || zone[3] !== ':') return null;
  const [hours, minutes] = [two(zone.slice(1, 3), 0, 14), two(zone.slice(4), 0, 59)];
  if (hours === null || minutes === null || hours * 60 + minutes > 14 * 60) return null;
  return (hours * 60 + minutes) * (zone[0] === '-' ? -1 : 1);
}

function judgeInstant(value: string): Meaning {
  const day = judgeDate(value.slice(0, 10));
  if (day === null || (value[10] !== 'T' && value[10] !== ' ') || value[13] !== ':' || value[16] !== ':') return null;
  const clock = [two(value.slice(11, 13), 0, 23), two(value.slice(14, 16), 0, 59), two(value.slice(17, 19), 0, 59)];
  const [hour = null, minute = null, second = null] = clock;
  if (hour === null || minute === null || second === null) return null;
  let rest = value.slice(19);
  let fraction = '';
  if (rest[0] === '.') {
    while (isDigit(rest[1 + fraction.length])) fraction += rest[1 + fraction.length];
    if (fraction.length < 1 || fraction.length > 6) return null;
    rest = rest.slice(1 + fraction.length);
  }
  const zone = judgeZone(rest);
  if (zone === null) return null;
  const minutes = BigInt(day) * 1440n + BigInt(hour * 60 + minute - zone);
  const micros = (minutes * 60n + BigInt(second)) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  const first = BigInt(dayNumber('0001-01-01') - EPOCH) * 86_400_000_000n;
  const end = BigInt(dayNumber('9999-12-31') - EPOCH + 1) * 86_400_000_000n;
  return micros >= first && micros < end ? String(micros) : null;
}

const JUDGES: Readonly<Record<Name, (value: string) => Meaning>> = {
  integer: judgeInteger,
  decimal: judgeDecimal(12, 2),
  whole: judgeDecimal(5, 0),
  wide: judgeDecimal(38, 10),
  date: judgeDate,
  instant: judgeInstant,
  boolean: (value) => (value === 'true' || value === 'false' ? value : null),
};

async function expectJudged(texts: readonly string[]): Promise<void> {
  const found = await conform(texts);
  const expected = texts.map((value) => {
    const values = Object.fromEntries(NAMES.map((name) => [name, JUDGES[name](value)])) as Record<Name, Meaning>;
    return { values, faults: NAMES.filter((name) => values[name] === null).map((name) => `${name}:form`) };
  });
  for (const [at, value] of texts.entries()) expect(found[at], JSON.stringify(value)).toEqual(expected[at]);
}

const CASES: readonly (readonly [Name, string, boolean])[] = [
  ['integer', '12.7', false],
  ['integer', '12.0', false],
  ['integer', '1e5', false],
  ['integer', ' 5', false],
  ['integer', '5 ', false],
  ['integer', '5\n', false],
  ['integer', '\u00a05', false],
  ['integer', '٣', false],
  ['integer', '５', false],
  ['integer', '0x1F', false],
  ['integer', '1_000', false],
  ['integer', '1,000', false],
  ['integer', '', false],
  ['integer', '+', false],
  ['integer', '--5', false],
  ['integer', '5-', false],
  ['integer', 'NaN', false],
  ['integer', 'null', false],
  ['integer', 'true', false],
  ['integer', '+5', true],
  ['integer', '-0', true],
  ['integer', '007', true],
  ['integer', '0'.repeat(40), true],
  ['integer', `${'0'.repeat(40)}7`, true],
  ['integer', '9223372036854775807', true],
  ['integer', '9223372036854775808', false],
  ['integer', '-9223372036854775808', true],
  ['integer', '-9223372036854775809', false],
  ['integer', '9999999999999999999', false],
  ['integer', '10000000000000000000', false],
  ['integer', '18446744073709551616', false],
  ['decimal', '12.34', true],
  ['decimal', '12.345', false],
  ['decimal', '12.340', false],
  ['decimal', '12', true],
  ['decimal', '.5', false],
  ['decimal', '5.', false],
  ['decimal', '.', false],
  ['decimal', '-.5', false],
  ['decimal', '+5', true],
  ['decimal', '-0', true],
  ['decimal', '-0.00', true],
  ['decimal', '007.5', true],
  ['decimal', '9999999999.99', true],
  ['decimal', '-9999999999.99', true],
  ['decimal', '10000000000', false],
  ['decimal', '00000000001', false],
  ['decimal', '1e2', false],
  ['decimal', '1,5', false],
  ['decimal', '12.7.1', false],
  ['decimal', '٣.٥', false],
  ['decimal', 'Infinity', false],
  ['decimal', '5.1 ', false],
  ['whole', '99999', true],
  ['whole', '100000', false],
  ['whole', '1.0', false],
  ['wide', `${'9'.repeat(28)}.${'9'.repeat(10)}`, true],
  ['wide', `-${'9'.repeat(28)}.${'9'.repeat(10)}`, true],
  ['wide', '1'.repeat(29), false],
  ['wide', `1.${'1'.repeat(11)}`, false],
  ['date', '2024-02-29', true],
  ['date', '2023-02-29', false],
  ['date', '2022-02-30', false],
  ['date', '1900-02-29', false],
  ['date', '2000-02-29', true],
  ['date', '2025-04-31', false],
  ['date', '2025-13-01', false],
  ['date', '2025-00-01', false],
  ['date', '2025-01-00', false],
  ['date', '2025-1-05', false],
  ['date', '2025/01/05', false],
  ['date', '05.01.2025', false],
  ['date', '0000-01-01', false],
  ['date', '0001-01-01', true],
  ['date', '9999-12-31', true],
  ['date', '10000-01-01', false],
  ['date', '-2025-01-01', false],
  ['date', '2025-01-01 ', false],
  ['date', '2025-01-01\n', false],
  ['date', '2025-01-01T00:00:00', false],
  ['date', '2025-01-01 (BC)', false],
  ['date', 'infinity', false],
  ['date', 'epoch', false],
  ['date', '٢٠٢٥-01-01', false],
  ['instant', '2025-06-01T10:00:00', true],
  ['instant', '2025-06-01 10:00:00', true],
  ['instant', '2025-06-01T10:00:00Z', true],
  ['instant', '2025-06-01t10:00:00Z', false],
  ['instant', '2025-06-01T10:00:00z', false],
  ['instant', '2025-06-01T24:00:00', false],
  ['instant', '2025-06-01T23:60:00', false],
  ['instant', '2025-06-01T23:59:60', false],
  ['instant', '2025-06-01T10:00', false],
  ['instant', '2025-06-01', false],
  ['instant', '2025-06-01T10:00:00.123456', true],
  ['instant', '2025-06-01T10:00:00.1234567', false],
  ['instant', '2025-06-01T10:00:00.', false],
  ['instant', '2025-06-01T10:00:00,5', false],
  ['instant', '2025-06-01T10:00:00+14:00', true],
  ['instant', '2025-06-01T10:00:00-14:00', true],
  ['instant', '2025-06-01T10:00:00+14:30', false],
  ['instant', '2025-06-01T10:00:00+15:00', false],
  ['instant', '2025-06-01T10:00:00+05:30', true],
  ['instant', '2025-06-01T10:00:00+0530', false],
  ['instant', '2025-06-01T10:00:00+05', false],
  ['instant', '2025-06-01T10:00:00+05:60', false],
  ['instant', '2025-06-01T10:00:00-00:00', true],
  ['instant', '2025-06-01T10:00:00 Z', false],
  ['instant', '2025-06-01T10:00:00 +05:00', false],
  ['instant', '2025-06-01T10:00:00Z+05:00', false],
  ['instant', '2025-06-01T10:00:00 UTC', false],
  ['instant', '2025-06-01T10:00:00 Europe/Berlin', false],
  ['instant', '2025-06-01  10:00:00', false],
  ['instant', ' 2025-06-01T10:00:00', false],
  ['instant', '2025-06-01T10:00:00Z\n', false],
  ['instant', '2022-02-30T10:00:00Z', false],
  ['instant', '0000-12-31T23:00:00-05:00', false],
  ['instant', '0001-01-01T00:00:00Z', true],
  ['instant', '0001-01-01T00:00:00+01:00', false],
  ['instant', '9999-12-31T23:59:59.999999Z', true],
  ['instant', '9999-12-31T23:59:59.999999-00:01', false],
  ['instant', '9999-12-31T23:59:59.999999+00:01', true],
  ['instant', '1717236000', false],
  ['boolean', 'true', true],
  ['boolean', 'false', true],
  ['boolean', 'True', false],
  ['boolean', 'TRUE', false],
  ['boolean', 't', false],
  ['boolean', '1', false],
  ['boolean', '0', false],
  ['boolean', 'yes', false],
  ['boolean', ' true', false],
  ['boolean', 'true\n', false],
];

describe('the written forms, as the engine takes them', () => {
  it('are what the table says, and what an independent judge says, with the right value', async () => {
    for (const [name, value, ok] of CASES)
      expect(JUDGES[name](value) !== null, `the judge: ${JSON.stringify(value)} as ${name}`).toBe(ok);
    await expectJudged(CASES.map(([, value]) => value));
  });

  it('values mean what is written: signs, zeros, offsets, fractions', async () => {
    const found = await conform(['-0', '+007', '-0.5', '2025-06-01T00:30:00.5+01:00', '1969-12-31 23:59:59.999999']);
    const instantOf = (at: number) => found[at]?.values.instant;
    expect(found[0]?.values).toMatchObject({ integer: '0', decimal: '0.00', whole: '0' });
    expect(found[1]?.values).toMatchObject({ integer: '7', decimal: '7.00', whole: '7' });
    expect(found[2]?.values).toMatchObject({ integer: null, decimal: '-0.50', whole: null });
    expect(instantOf(3)).toBe(String(BigInt(Date.parse('2025-05-31T23:30:00.500Z')) * 1000n));
    expect(instantOf(4)).toBe('-1');
  });

  it('of generated texts are the judge\u2019s too', async () => {
    const near = fc.constantFrom(...CASES.map(([, value]) => value));
    const alphabet = [...'0123456789+-.:TZtz e_,', '٣', '\n', '\t'];
    const noise = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 8 });
    const mutated = fc
      .tuple(near, fc.nat(30), fc.nat(3), noise)
      .map(([value, at, cut, more]) => `${value.slice(0, at)}${more.slice(0, 2)}${value.slice(at + cut)}`);
    const pad = (value: number) => String(value).padStart(2, '0');
    const digits = fc.nat(99).map(pad);
    const clock = fc
      .tuple(fc.constantFrom('00', '19', '20'), digits, fc.nat(13), fc.nat(32), fc.nat(25), fc.nat(61))
      .map(([century, year, month, day, hour, minute]) => {
        return `${century}${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:00`;
      });
    const texts = fc.sample(
      fc.oneof(
        noise,
        mutated,
        mutated,
        clock,
        clock.map((at) => at.slice(0, 10)),
      ),
      { numRuns: 4000 },
    );
    await expectJudged([...new Set(texts)].filter((value) => value !== '' && !value.includes('\0')));
  });
});

describe('patterns', () => {
  it('mean the same to JavaScript as to the engine, where the range does not decide', async () => {
    const texts = CASES.map(([, value]) => value);
    for (const name of NAMES) {
      const form = pattern(TYPES[name].facts.type);
      const regexp = new RegExp(`^(?:${form})$`);
      const { rows } = await db.query(
        `select ${texts.map((value, at) => `regexp_full_match('${value.replaceAll("'", "''")}', '${form}', 's') as c${at}`).join(', ')}`,
      );
      for (const [at, value] of texts.entries())
        expect(rows[0]?.[`c${at}`], `${JSON.stringify(value)} as ${name}`).toBe(regexp.test(value));
    }
  });

  it('hold no backslash and no class that engines read differently', () => {
    const types: ColumnType[] = NAMES.map((name) => TYPES[name].facts.type);
    for (const type of types) expect(pattern(type)).toMatch(/^[A-Za-z0-9[\](){}|,+?.: -]+$/);
  });
});
