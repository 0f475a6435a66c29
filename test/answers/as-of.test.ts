import { describe, expect, it } from 'vitest';
import { generateSample } from '../../lib/sample/index.ts';
import { aggPublicHoliday, aggShipments, bestPerformingProduct } from '../support/oracle-answers.ts';
import { csv, type Lake, storedOrders, storedRefunds, withLake } from '../support/oracle-lake.ts';

const ANSWERS = ['agg_public_holiday', 'agg_shipments', 'best_performing_product'] as const;

/** The order answers of every as-of date, oldest first. */
const allAnswers = (lake: Lake) =>
  lake.rows(...ANSWERS.map((name) => `select * from mart.${name} order by ingestion_date`));

const dates = (rows: readonly { readonly [key: string]: unknown }[]) => rows.map((row) => row.ingestion_date);

describe('the order answers keep a row per as-of date', () => {
  it('two dates give two rows, each as its own date sees it; nothing else moves', async () => {
    await withLake(async (lake) => {
      await generateSample({ out: lake.raw, rows: 400, seed: 11, dirt: 0 });
      const first = await lake.run('2025-06-30');
      const tables = ['orders', 'reviews', 'purchase'].map((name) => `select * from base.${name} order by all`);
      const before = await lake.rows(...tables);
      const refunds = await storedRefunds(lake);
      const second = await lake.run('2026-06-30');
      expect([first.result.status, second.result.status]).toEqual(['ok', 'ok']);
      const world = await storedOrders(lake);
      const [holidays = [], shipments = [], best = []] = await allAnswers(lake);
      expect(holidays).toEqual([aggPublicHoliday(world, '2025-06-30'), aggPublicHoliday(world, '2026-06-30')]);
      expect(shipments).toEqual([aggShipments(world, '2025-06-30'), aggShipments(world, '2026-06-30')]);
      expect(best).toEqual([
        ...bestPerformingProduct(world, '2025-06-30'),
        ...bestPerformingProduct(world, '2026-06-30'),
      ]);
      expect(holidays[0]).not.toMatchObject({ ...holidays[1], ingestion_date: '2025-06-30' });
      expect(await lake.rows(...tables)).toEqual(before);
      expect(await storedRefunds(lake)).toEqual(refunds);
      expect(second.result.tables.every((table) => table.read === 0)).toBe(true);
      expect(second.result.files.every((file) => file.status === 'known' || file.status === 'duplicate')).toBe(true);
    });
  });

  it('the same date again replaces its row, and leaves the others as they were answered', async () => {
    const order = (id: string, day: string) => [id, '1', day, '1', '1.00', '1', '1.00'];
    const columns = ['order_id', 'customer_id', 'order_date', 'product_id', 'unit_price', 'quantity', 'total_price'];
    const shipment = ['shipment_id', 'order_id', 'shipment_date', 'delivery_date'];
    await withLake(async (lake) => {
      lake.write({
        'orders/a.csv': csv(columns, [order('1', '2025-01-01')]),
        'shipment_deliveries/a.csv': csv(shipment, [['1', '1', null, null]]),
      });
      await lake.run('2025-01-15');
      await lake.run('2025-01-16');
      const undelivered = async () => {
        const [rows] = await lake.rows(
          'select ingestion_date, tt_undelivered_items from mart.agg_shipments order by ingestion_date',
        );
        return rows.map((row) => [row.ingestion_date, row.tt_undelivered_items]);
      };
      expect(await undelivered()).toEqual([
        ['2025-01-15', 0n],
        ['2025-01-16', 1n],
      ]);
      lake.write({ 'shipment_deliveries/b.csv': csv(shipment, [['2', '1', null, null]]) });
      await lake.run('2025-01-16');
      expect(await undelivered()).toEqual([
        ['2025-01-15', 0n],
        ['2025-01-16', 2n],
      ]);
      // An earlier date, once it is asked for again, is answered from what is known now.
      lake.write({ 'orders/b.csv': csv(columns, [order('2', '2024-12-31')]) });
      lake.write({ 'shipment_deliveries/c.csv': csv(shipment, [['3', '2', null, null]]) });
      await lake.run('2025-01-15');
      expect(await undelivered()).toEqual([
        ['2025-01-15', 1n],
        ['2025-01-16', 2n],
      ]);
      // Made anew, every date that was ever asked for is answered from what is known now.
      await lake.run('2025-01-14', [], ['mart.agg_shipments']);
      expect(await undelivered()).toEqual([
        ['2025-01-14', 0n],
        ['2025-01-15', 1n],
        ['2025-01-16', 3n],
      ]);
      await lake.run('2025-01-15');
      const again = await lake.run('2025-01-15');
      expect(again.result.status).toBe('nothing_new');
      for (const rows of await allAnswers(lake))
        expect(dates(rows)).toEqual(rows.length === 0 ? [] : ['2025-01-14', '2025-01-15', '2025-01-16']);
    });
  });
});
