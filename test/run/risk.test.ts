import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../lib/plan/compile.ts';
import { risk } from '../../lib/products/risk.ts';
import { type LooseEvent, type Row, replay } from '../support/oracle-risk.ts';
import { jsonLines, looseEvents } from '../support/risk-events.ts';
import { sqlOf, tableResult, Workshop } from '../support/run-lake.ts';

const plan = compile([risk], sqlOf('mart/risk_decision.sql'));

/** A lake of events, each batch a file and a run. */
async function lakeOf(batches: readonly (readonly LooseEvent[])[]): Promise<Workshop> {
  const shop = new Workshop(plan);
  for (const [index, batch] of batches.entries()) {
    shop.put(`risk_event/dt=2025-03-01/${index}.jsonl`, jsonLines(batch));
    await shop.run();
  }
  return shop;
}

/** Rows by column, in a stated order; numbers as numbers, exact decimals as text. */
const sorted = (rows: readonly Row[]): string[] =>
  rows
    .map((row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
    .map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value)))
    .sort();

const rowsOf = async (shop: Workshop, table: string): Promise<string[]> =>
  sorted((await shop.query(`select * from ${table}`)) as readonly Row[]);

describe('the tables of the product risk', () => {
  it('are what a replay of the events tells, one by one', async () => {
    await fc.assert(
      fc.asyncProperty(looseEvents(24), async (events) => {
        const shop = new Workshop(plan);
        shop.put('risk_event/dt=2025-03-01/all.jsonl', jsonLines(events));
        const report = await shop.run();
        const told = replay(events);
        expect(tableResult(report, 'raw.risk_event')).toMatchObject({ ...told.fates, read: events.length });
        const refused = await shop.query('select distinct record, field from ops.refused_field');
        expect(refused.map(({ record, field }) => `${record} ${field}`).sort()).toEqual(told.refused);
        expect(await rowsOf(shop, 'base.processed_transactions')).toEqual(sorted(told.transactions));
        expect(await rowsOf(shop, 'base.company')).toEqual(sorted(told.companies));
        expect(await rowsOf(shop, 'base.client')).toEqual(sorted(told.clients));
        expect(await rowsOf(shop, 'mart.risk_decision')).toEqual(sorted(told.decisions));
      }),
      { numRuns: 40 },
    );
  });

  it('are the same, bit for bit, however the events are ordered, repeated and batched', async () => {
    const delivery = looseEvents(16).chain((events) =>
      fc.record({
        events: fc.constant(events),
        again: fc.subarray(events),
        shuffled: fc.shuffledSubarray([...events.keys()], { minLength: events.length }),
        cuts: fc.array(fc.nat({ max: events.length }), { maxLength: 3 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(delivery, async ({ events, again, shuffled, cuts }) => {
        const all = [...shuffled.map((index) => events[index] ?? {}), ...again];
        const edges = [0, ...cuts.sort((a, b) => a - b), all.length];
        const batches = edges.slice(1).map((to, index) => all.slice(edges[index], to));
        const whole = await lakeOf([events]);
        const parts = await lakeOf(batches);
        expect(await parts.tables()).toEqual(await whole.tables());
      }),
      { numRuns: 15 },
    );
  });
});
