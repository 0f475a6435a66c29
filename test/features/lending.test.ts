import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lake, withLake } from '../support/oracle-lake.ts';
import { featuresOf, rawFiles, type World } from '../support/oracle-lending.ts';

const DAY = 86_400_000;
const AS_OF = '2026-06-30';
const END = Date.parse('2026-07-01T00:00:00Z');
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

// Hours, and the edges of the window: what happens exactly at an end is one hour in twenty.
const at = fc.oneof(
  fc.integer({ min: -36 * 20, max: 40 }).map((hours) => END + hours * 24 * 1_800_000),
  fc.constantFrom(END, END + 1, END - 365 * DAY, END - 365 * DAY + 1),
);
const known = fc.record({ at, delay: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })) });
const who = fc.constantFrom('a1', 'a2', 'a3');
const cents = fc.oneof(fc.integer({ min: 0, max: 900_000 }), fc.constantFrom(0, 1));
const employer = fc.constantFrom('Nord', 'Müller', 'O<&>K');

const rows = <T extends object>(prefix: string, one: fc.Arbitrary<T>, maxLength: number) =>
  fc.array(fc.tuple(known, one), { maxLength }).map((list) =>
    list.map(([{ at: time, delay }, row], n) => ({
      id: `${prefix}${n}`,
      at: time,
      arrived: dayOf(time + delay * DAY),
      ...row,
    })),
  );
const world: fc.Arbitrary<World> = fc.record({
  applications: rows(
    'm',
    fc.record({ who, customer: fc.constantFrom('c1', 'c2', null), asked: cents, value: cents }),
    6,
  ),
  returns: rows(
    'r',
    fc.record({ who, year: fc.integer({ min: 2022, max: 2025 }), gross: cents, self: fc.option(cents) }),
    10,
  ),
  bookings: rows(
    't',
    fc.record({
      who,
      amount: fc.integer({ min: -400_000, max: 400_000 }),
      kind: fc.constantFrom('salary', 'salary', 'rent', 'loan', 'transfer', 'other'),
      other: fc.option(employer),
    }),
    25,
  ),
  cards: rows(
    'k',
    fc.record({ customer: fc.constantFrom('c1', 'c2'), amount: cents, kind: fc.constantFrom('purchase', 'refund') }),
    10,
  ),
  payslips: rows('d', fc.record({ who, employer, confidence: fc.constantFrom(99.5, 90, 89.999, 12) }), 5),
  passports: rows('p', fc.record({ who, confidence: fc.constantFrom(99.5, 80, 79.999) }), 5),
});

/** Everything decimal as cents. */
const feature =
  'select * replace (event_time::varchar as event_time) from feature.mortgage_applicant order by applicant_id';
const asNumber = (value: unknown): number | null => (value === null ? null : Number(String(value).replace('.', '')));

async function made(lake: Lake) {
  const [found] = await lake.rows(feature);
  return found.map(({ applicant_id, event_time, ...row }) => ({
    who: String(applicant_id),
    ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asNumber(value)])),
  }));
}

describe('the features of applicants', () => {
  it('are those of a reading row by row, of what was known; every sum has its source rows', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.integer({ min: 1, max: 3 }), async (given, parts) => {
        await withLake(async (lake) => {
          lake.write(rawFiles(given, (id) => Number(id.slice(1)) % parts));
          const { result } = await lake.run(AS_OF);
          const applicants = [
            ...new Set(
              given.applications
                .filter((row) => row.at <= END && Date.parse(`${row.arrived}T00:00:00Z`) + DAY <= END)
                .map((row) => row.who),
            ),
          ].sort();
          expect(await made(lake)).toEqual(applicants.map((one) => ({ who: one, ...featuresOf(given, one, END) })));
          const sources = result.checks.filter(({ check }) => check.includes('has_its_sources'));
          expect(sources.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass', 'pass']);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('do not depend on how the records were split into files, or on the order of the runs', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), async (given, stream) => {
        const together = await withLake(async (lake) => {
          lake.write(rawFiles(given, () => 0));
          await lake.run(AS_OF);
          return made(lake);
        });
        const apart = await withLake(async (lake) => {
          const files = Object.entries(rawFiles(given, () => stream.next().value ?? 0)).reverse();
          for (const [n] of [...Array(3)].entries()) {
            lake.write(Object.fromEntries(files.filter((_, place) => place % 3 === n)));
            await lake.run(AS_OF);
          }
          return made(lake);
        });
        expect(apart).toEqual(together);
      }),
      { numRuns: 4 },
    );
  });
});
