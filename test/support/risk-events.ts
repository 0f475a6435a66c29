import fc from 'fast-check';
import type { LooseEvent } from './oracle-risk.ts';

const often = <T>(regular: fc.Arbitrary<T>, ...irregular: readonly unknown[]) =>
  fc.oneof(
    { weight: 6, arbitrary: regular as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, ...irregular) },
    { weight: 1, arbitrary: fc.constant(undefined as unknown) },
  );

const name = often(fc.constantFrom('Ann', 'Bob', 'Zoë'), '', 7, ['x'], { a: 1 });
const mail = often(fc.constantFrom('a@b', 'c@d.e'), '', 'a@', '@b', 'a@b@c', 'none', 3);
const rating = often(fc.constantFrom(0, 250, 720, 1000), -1, 1001, 2.5, '720', true, 1e30);
const cost = often(fc.constantFrom(0, 15000, 1000000, 12.5, 0.01), -0.01, 0.001, 1e12, '12', []);
const score = often(fc.constantFrom(0, 25.5, 95, 100), -1, 100.01, 12.345, '95');
const level = often(fc.constantFrom('Low', 'Medium', 'High'), 'low', '', 1);
const status = often(fc.constantFrom('Approved', 'Pending', 'Pending Investigation', 'Rejected'), 'approved', false);

const MOMENTS = [
  '2025-01-01T10:00:00Z',
  '2025-01-01 10:00:00',
  '2025-01-01T11:00:00+01:00',
  '2025-01-01T10:00:00.125Z',
  '2025-01-02T00:00:00Z',
  '2025-02-01T12:00:00Z',
  '2024-12-31T23:59:59.999Z',
];

/** Events of few transactions, clients, companies and moments, so that they collide in every way; some fields are missing, some irregular. */
export const looseEvents = (most: number): fc.Arbitrary<LooseEvent[]> =>
  fc.array(
    fc
      .record({
        transaction_id: fc.oneof(
          {
            weight: 20,
            arbitrary: fc.constantFrom('T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9') as fc.Arbitrary<unknown>,
          },
          { weight: 1, arbitrary: fc.constantFrom<unknown>('', ' T1', 5, null, undefined) },
        ),
        timestamp: fc.oneof(
          { weight: 20, arbitrary: fc.constantFrom(...MOMENTS) as fc.Arbitrary<unknown> },
          { weight: 1, arbitrary: fc.constantFrom<unknown>('', 'yesterday', 1735725600, null, undefined) },
        ),
        transaction_location: often(fc.constantFrom('Oslo', 'Rome'), '', 4),
        company: often(
          fc.record({
            company_id: often(fc.constantFrom('K1', 'K2'), '', ' K1', 9),
            company_name: name,
            address: name,
            email: mail,
            credit_rating: rating,
          }),
          'none',
          [],
        ),
        client: fc.oneof(
          {
            weight: 20,
            arbitrary: fc.record({
              client_id: fc.oneof(
                { weight: 20, arbitrary: fc.constantFrom('C1', 'C2', 'C3') as fc.Arbitrary<unknown> },
                { weight: 1, arbitrary: fc.constantFrom<unknown>('', 'C1 ', 1, null, undefined) },
              ),
              name,
              email: mail,
              credit_rating: rating,
              total_cost: cost,
            }) as fc.Arbitrary<unknown>,
          },
          { weight: 1, arbitrary: fc.constantFrom<unknown>('C1', null, undefined) },
        ),
        risk_assessment: often(
          fc.record({
            client_id: often(fc.constantFrom('C1', 'C2'), '', 2),
            risk_score: score,
            risk_level: level,
            approval_status: status,
          }),
          true,
        ),
      })
      .map((event) => event as LooseEvent),
    { minLength: 1, maxLength: most },
  );

/** Events as JSON lines; what is undefined is left out. */
export const jsonLines = (events: readonly LooseEvent[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');
