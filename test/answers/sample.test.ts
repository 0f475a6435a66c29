import { describe, expect, it } from 'vitest';
import { generateSample, SAMPLE_LAST_DAY } from '../../lib/sample/index.ts';
import {
  aggPublicHoliday,
  aggShipments,
  bestPerformingProduct,
  countedRefunds,
  refundsByCustomer,
} from '../support/oracle-answers.ts';
import { storedOrderAnswers, storedOrders, storedPayments, storedRefunds, withLake } from '../support/oracle-lake.ts';

describe('the answers on a generated sample are those of a row by row computation', () => {
  it.each([
    { rows: 10, seed: 3, dirt: 0, asOf: SAMPLE_LAST_DAY },
    { rows: 300, seed: 1, dirt: 0, asOf: '2025-12-31' },
    { rows: 3000, seed: 2, dirt: 0, asOf: SAMPLE_LAST_DAY },
    { rows: 1500, seed: 4, dirt: 0.2, asOf: '2026-01-15' },
    { rows: 20_000, seed: 5, dirt: 0.01, asOf: SAMPLE_LAST_DAY },
  ])('$rows rows, seed $seed, dirt $dirt, as of $asOf', async ({ asOf, ...options }) => {
    await withLake(async (lake) => {
      await generateSample({ out: lake.raw, ...options });
      const { result } = await lake.run(asOf);
      expect(result.status).toBe('ok');
      const [payments, orders] = [await storedPayments(lake), await storedOrders(lake)];
      const answers = await storedOrderAnswers(lake, asOf);
      expect(await storedRefunds(lake)).toEqual(refundsByCustomer(payments));
      expect(answers.holidays).toEqual([aggPublicHoliday(orders, asOf)]);
      expect(answers.shipments).toEqual([aggShipments(orders, asOf)]);
      expect(answers.best).toEqual(bestPerformingProduct(orders, asOf));
      // A sample too small or too tame would prove nothing.
      if (options.rows >= 300) {
        const counted = countedRefunds(payments);
        expect(counted.length).toBeGreaterThan(0);
        expect(counted.length).toBeLessThan(payments.refund.length);
        expect(answers.shipments[0]?.tt_late_shipments).toBeGreaterThan(0n);
      }
    });
  });
});
