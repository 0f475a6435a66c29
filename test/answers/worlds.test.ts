import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggPublicHoliday, aggShipments, bestPerformingProduct, refundsByCustomer } from '../support/oracle-answers.ts';
import { storedOrderAnswers, storedRefunds, withLake } from '../support/oracle-lake.ts';
import { arbitraryWorld, rawFilesOf, settleWorld } from '../support/oracle-worlds.ts';

const AS_OF = ['2025-06-30', '2025-06-30', '2024-02-29', '2025-02-28', '2026-07-01'] as const;

describe('in small worlds where everything collides', () => {
  it('fates and answers are those of a row by row computation', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryWorld, fc.constantFrom(...AS_OF), async (world, asOf) => {
        await withLake(async (lake) => {
          const { result } = await lake.write(rawFilesOf(world)).run(asOf);
          const { settled, payments, orders } = settleWorld(world);
          for (const [name, { rows: _, ...fates }] of settled) {
            const table = result.tables.find((each) => each.name === `base.${name}`);
            expect(table, name).toMatchObject({ ...fates, rows: fates.accepted });
          }
          expect(await storedRefunds(lake)).toEqual(refundsByCustomer(payments));
          const answers = await storedOrderAnswers(lake, asOf);
          expect(answers.holidays).toEqual([aggPublicHoliday(orders, asOf)]);
          expect(answers.shipments).toEqual([aggShipments(orders, asOf)]);
          expect(answers.best).toEqual(bestPerformingProduct(orders, asOf));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('are rich enough: every answer is met empty and full', () => {
    const seen = new Set<string>();
    for (const world of fc.sample(arbitraryWorld, { numRuns: 300, seed: 7 })) {
      const { payments, orders, settled } = settleWorld(world);
      seen.add(refundsByCustomer(payments).length > 0 ? 'refunds' : 'no refunds');
      const holidays = Object.values(aggPublicHoliday(orders, '2025-06-30')).some(
        (value) => value !== 0n && value !== '2025-06-30',
      );
      seen.add(holidays ? 'holidays' : 'no holidays');
      const { tt_late_shipments: late, tt_undelivered_items: lost } = aggShipments(orders, '2025-06-30');
      seen.add(late === 0n ? 'none late' : 'late').add(lost === 0n ? 'none lost' : 'lost');
      const [best] = bestPerformingProduct(orders, '2025-06-30');
      seen.add(best === undefined ? 'no best' : `holiday ${best.is_public_holiday}`);
      if (best) seen.add(best.pct_early_shipments === null ? 'no share' : 'shares');
      for (const fate of ['duplicate', 'superseded', 'quarantined'] as const)
        if ([...settled.values()].some((each) => each[fate] > 0)) seen.add(fate);
    }
    expect([...seen].sort()).toEqual(
      [
        ...['refunds', 'no refunds', 'holidays', 'no holidays', 'late', 'none late', 'lost', 'none lost', 'no best'],
        ...['holiday true', 'holiday false', 'holiday null', 'shares', 'no share'],
        ...['duplicate', 'superseded', 'quarantined'],
      ].sort(),
    );
  });
});
