import fc from 'fast-check';
import type { ColumnType } from '../../lib/contract/index.ts';

/** Values that engines are known to treat apart, by type, as DuckDB casts them from text. */
const texts = [
  '',
  ' ',
  'a',
  'A',
  'ä',
  'e\u0301',
  '\u00e9',
  '\u{1f600}',
  '\u{ff21}',
  '\ufffd',
  "it's",
  'a%_b',
  'null',
  '\ttab',
  'line\nbreak',
  'back\\slash',
  '"quoted"',
];
const instants = [
  '0001-01-01 00:00:00.000001',
  '1582-10-10 00:00:00',
  '1969-12-31 23:59:59.999999',
  '2024-02-29 23:59:59.999999',
  '2026-05-30 12:00:00',
  '2026-05-31 12:00:00',
  '2026-05-31 12:30:00',
  '2026-05-31 12:30:00.000001',
  '9999-12-31 23:59:59.999999',
];
const dates = instants.map((each) => each.slice(0, 10));

/** A value of a type: its ends, its ties, and what lies between. */
export function nasty(type: ColumnType): fc.Arbitrary<string> {
  switch (type.kind) {
    case 'text':
      return fc.oneof(
        fc.constantFrom(...texts),
        fc.string({ unit: 'grapheme', maxLength: 5 }).filter((text) => !text.includes('\0')),
      );
    case 'integer':
      return fc.constantFrom('0', '1', '-1', '2', '5', '100', '1000000', '-1000000');
    case 'decimal': {
      const whole = '9'.repeat(Math.min(type.precision - type.scale, 10));
      const ends = [`${whole}.${'9'.repeat(type.scale)}`, `-${whole}.${'9'.repeat(type.scale)}`];
      return fc.oneof(
        fc.constantFrom('0', '-0.01', '0.01', '0.05', '1', '10', '92', ...ends),
        fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
      );
    }
    case 'date':
      return fc.constantFrom(...dates);
    case 'instant':
      return fc.constantFrom(...instants);
    case 'boolean':
      return fc.constantFrom('true', 'false');
  }
}

/** Values that are nearly in the written form of a type, by kind. */
const nearly: Readonly<Record<Exclude<ColumnType['kind'], 'text'>, readonly string[]>> = {
  integer:
    '0 -0 +5 007 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 1.0 1. 1e3 0x1F 1_000 ٣ １ NaN - +-1'.split(
      ' ',
    ),
  decimal:
    '0 -0.00 +1.50 00012.30 0.005 0.015 .5 5. 1e2 1,5 NaN Infinity --1 1.50d 9999999999.99 99999999999.99 99999999999999999999999999999999999999 ١.٥ 1_0.5'.split(
      ' ',
    ),
  date: '2024-02-29 2023-02-29 2024-02-30 0001-01-01 0000-01-01 1582-10-10 9999-12-31 10000-01-01 -0001-01-01 2024-2-3 20240203 epoch today infinity 2024-02-03T00:00:00 2024-02-03Z'.split(
    ' ',
  ),
  instant:
    '2024-02-29T23:59:59Z 2024-02-29T23:59:59.123456 2024-02-29T23:59:59.1234567 2024-02-29T23:59:59+02:00 2024-02-29T23:59:59-14:00 2024-02-29T23:59:59+14:01 2024-02-29T24:00:00Z 2024-02-29T23:59:60Z 2023-02-29T00:00:00Z 0001-01-01T00:00:00+01:00 0001-01-01T00:00:00 9999-12-31T23:59:59.999999-01:00 9999-12-31T23:59:59.999999Z 1582-10-10T00:00:00Z 1969-12-31T23:59:59.999999Z 2024-03-31T02:30:00+01:00 1900-01-01T00:00:00.5Z 2024-02-29 2024-02-29T23:59 2024-02-29T23:59:59z 2024-02-29T23:59:59+0200 2024-02-29T23:59:59+02 2024-02-29T23:59:59.Z now 2024-02-29T23:59:59,5Z'.split(
      ' ',
    ),
  boolean: 'true false TRUE t f 1 0 yes'.split(' '),
};

/** Text that a source might send for a type: in its written form, nearly, with something around it, or something else. */
export function nastyText(type: ColumnType): fc.Arbitrary<string> {
  if (type.kind === 'text')
    return fc.oneof(nasty(type), fc.constantFrom(' k1', 'k1 ', '\tk1', 'k1\n', '\u00a0k1', '\u000bk1', 'k1'));
  const written = fc.oneof(
    { arbitrary: nasty(type), weight: 3 },
    { arbitrary: fc.constantFrom(...nearly[type.kind]), weight: 3 },
  );
  const around = fc.constantFrom('', '', '', ' ', '\n', '\t', '\u00a0');
  return fc.oneof(
    { arbitrary: fc.tuple(around, written, around).map((parts) => parts.join('')), weight: 8 },
    { arbitrary: fc.constantFrom(...texts.filter((each) => each !== '')), weight: 1 },
  );
}
