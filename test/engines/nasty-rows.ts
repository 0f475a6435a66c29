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
  '2026-05-31 12:00:00',
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
