import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/ingest/index.ts';

/** Days since 1970-01-01 by counting, without Date. */
function dayNumber(year: number, month: number, day: number): number {
  const y = year - (month <= 2 ? 1 : 0);
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

describe('judging text', () => {
  it('takes exactly the days of the calendar', () => {
    const parts = [
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    ] as const;
    fc.assert(
      fc.property(...parts, (year, month, day) => {
        const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
        const next = month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, month + 1, 1);
        const isReal = dayNumber(year, month, day) < next;
        expect('value' in judge({ kind: 'date' }, text), text).toBe(isReal);
      }),
      { numRuns: 2000 },
    );
  });

  it('shifts an instant to UTC by the minutes of its zone', () => {
    const time = fc.record({
      year: fc.constantFrom(1, 2, 99, 1600, 1969, 1970, 2000, 2024, 9998, 9999),
      month: fc.constantFrom(1, 2, 3, 12),
      day: fc.integer({ min: 1, max: 28 }),
      minute: fc.integer({ min: 0, max: 1439 }),
      second: fc.integer({ min: 0, max: 59 }),
      offset: fc.integer({ min: -840, max: 840 }),
      fraction: fc.stringMatching(/^[0-9]{0,6}$/),
    });
    fc.assert(
      fc.property(time, ({ year, month, day, minute, second, offset, fraction }) => {
        const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
        const clock = `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}:${pad(second)}${fraction && `.${fraction}`}`;
        const judged = judge({ kind: 'instant' }, `${pad(year, 4)}-${pad(month)}-${pad(day)}T${clock}${zone}`);
        const at = dayNumber(year, month, day) * 1440 + minute - offset;
        const inRange = at >= dayNumber(1, 1, 1) * 1440 && at < dayNumber(10000, 1, 1) * 1440;
        expect('value' in judged).toBe(inRange);
        if (!('value' in judged)) return;
        const [, y, m, d, hour, min, s, part = ''] =
          /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d*[1-9]))?$/.exec(judged.value) ?? [];
        expect(dayNumber(Number(y), Number(m), Number(d)) * 1440 + Number(hour) * 60 + Number(min)).toBe(at);
        expect([Number(s), part]).toEqual([second, fraction.replace(/0+$/, '')]);
      }),
      { numRuns: 2000 },
    );
  });

  it('spells an integer or decimal in one way only, and that way judges to itself', () => {
    const type = { kind: 'decimal', precision: 20, scale: 6 } as const;
    fc.assert(
      fc.property(fc.constantFrom('', '+', '-'), fc.bigInt(0n, 10n ** 20n - 1n), fc.nat(6), (sign, units, drop) => {
        const digits = String(units).padStart(7, '0');
        const full = `${digits.slice(0, -6)}.${digits.slice(-6)}`;
        const text =
          sign + (drop > 0 && full.endsWith('0'.repeat(drop)) ? full.slice(0, -drop).replace(/\.$/, '') : full);
        const canonical = `${sign === '-' && units > 0n ? '-' : ''}${full}`;
        expect(judge(type, text)).toEqual({ value: canonical });
        expect(judge(type, canonical)).toEqual({ value: canonical });
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 65n), 2n ** 65n), (value) => {
        const fits = BigInt.asIntN(64, value) === value;
        expect(judge({ kind: 'integer' }, String(value))).toEqual(
          fits ? { value: String(value) } : { fault: expect.any(String) },
        );
      }),
    );
  });

  it('says what it found and what it wants', () => {
    expect(judge({ kind: 'integer' }, '12.7')).toEqual({ fault: "found '12.7', expected a whole number of 64 bits" });
  });

  it('is quick with long text', () => {
    const started = performance.now();
    for (const kind of ['integer', 'date', 'instant', 'boolean'] as const) judge({ kind }, '9'.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
