import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer } from '../plan/sql/lake.ts';

const model = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../sql/${path}.sql`, import.meta.url)), 'utf8');

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-01T00:00:00Z');
const AS_OF = '2026-03-31';
const written = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

interface Use {
  readonly id: string;
  readonly card: string;
  readonly country: string;
  readonly cents: number;
  readonly at: number;
  readonly kind: string;
}

interface Report {
  readonly of: string;
  readonly at: number;
  readonly reason: string | null;
}

const uses = fc.array(
  fc.record({
    card: fc.constantFrom('k1', 'k2'),
    country: fc.constantFrom('DE', 'FR'),
    cents: fc.integer({ min: 1, max: 9_999 }),
    at: fc.integer({ min: 0, max: 12 * 24 }).map((n) => START + n * HOUR),
    kind: fc.constantFrom('purchase', 'refund'),
  }),
  { minLength: 1, maxLength: 25 },
);
const reports = fc.array(
  fc.record({
    of: fc.nat({ max: 30 }),
    // To the day before, of and after the as-of date, and the edges of the thirty days.
    at: fc
      .constantFrom(40, 59, 60, 61, 88, 89, 90)
      .chain((day) => fc.constantFrom(0, DAY - 1000).map((n) => START + day * DAY + n)),
    reason: fc.constantFrom('fraud', 'duplicate', null),
  }),
  { maxLength: 15 },
);

const text = (value: string | null): string => (value === null ? 'null' : `'${value}'`);
const money = (cents: number): string => (cents / 100).toFixed(2);

function lakeOf(all: readonly Use[], reported: readonly Report[]) {
  return {
    'base.card_transaction': all
      .map(
        (use) =>
          `('${use.id}', '${use.card}', 'c', 'm', '${use.country}', ${money(use.cents)}, '${written(use.at)}', '${use.kind}')`,
      )
      .join(', '),
    'base.chargeback': reported
      .map((report, place) => `('b${place}', '${report.of}', '${written(report.at)}', ${text(report.reason)})`)
      .join(', '),
  };
}

/** The cases by brute force. */
function casesOf(all: readonly Use[], reported: readonly Report[]) {
  const end = Date.parse(`${AS_OF}T00:00:00Z`) + DAY;
  return all.flatMap((use) => {
    const mine = reported.filter((report) => report.of === use.id && report.at < end);
    if (mine.length === 0) return [];
    const first = Math.min(...mine.map((report) => report.at));
    const before = all.filter((other) => other.card === use.card && other.at <= use.at);
    const day = before.filter((other) => other.at > use.at - DAY);
    return [
      {
        transaction_id: use.id,
        card_id: use.card,
        amount: money(use.cents),
        first_reported_at: written(first),
        chargebacks: String(mine.length),
        is_fraud: mine.some((report) => report.reason === 'fraud'),
        card_transactions_24h: String(day.length),
        card_amount_24h: money(day.reduce((sum, other) => sum + other.cents, 0)),
        is_new_country: !before.some((other) => other.country === use.country && other.at < use.at),
        status: first >= end - 30 * DAY ? 'current' : 'historical',
      },
    ];
  });
}

describe('fraud cases', () => {
  it('are those of an oracle: disputed by the as-of date, current for thirty days', async () => {
    await fc.assert(
      fc.asyncProperty(uses, reports, async (drawn, said) => {
        const all = drawn.map((use, place): Use => ({ id: `t${place}`, ...use }));
        const reported = said.map(({ of, ...report }): Report => ({ of: `t${of}`, ...report }));
        const rows = await answer(model('mart/fraud_case'), lakeOf(all, reported), AS_OF);
        const found = rows.map(({ customer_id, merchant_id, merchant_country, transacted_at, ...row }) => row);
        const byId = (a: { transaction_id?: unknown }, b: { transaction_id?: unknown }) =>
          String(a.transaction_id) < String(b.transaction_id) ? -1 : 1;
        expect([...found].sort(byId)).toEqual(casesOf(all, reported).sort(byId));
      }),
      { numRuns: 25 },
    );
  });
});

describe('questions about fraud', () => {
  const use = (id: string, at: string, over: Partial<Use> = {}): Use => ({
    id,
    card: 'k1',
    country: 'DE',
    cents: 1_000,
    kind: 'purchase',
    ...over,
    at: Date.parse(at),
  });

  it('training points are purchases of at least sixty days ago, labelled by what was reported within sixty', async () => {
    const all = [
      use('in-time', '2026-01-05T10:00:00Z'),
      use('too-late', '2026-01-06T10:00:00Z'),
      use('not-fraud', '2026-01-07T10:00:00Z'),
      use('quiet', '2026-01-29T23:59:59Z'),
      use('too-young', '2026-01-30T00:00:00Z'),
      use('refund', '2026-01-08T10:00:00Z', { kind: 'refund' }),
    ];
    const reported = [
      { of: 'in-time', at: Date.parse('2026-03-06T10:00:00Z'), reason: 'fraud' },
      { of: 'in-time', at: Date.parse('2026-03-20T10:00:00Z'), reason: 'fraud' },
      { of: 'too-late', at: Date.parse('2026-03-07T10:00:01Z'), reason: 'fraud' },
      { of: 'not-fraud', at: Date.parse('2026-01-09T10:00:00Z'), reason: 'duplicate' },
    ];
    const rows = await answer(model('analyst/fraud-training-points'), lakeOf(all, reported), AS_OF);
    expect(rows.map((row) => [row.transaction_id, row.is_fraud])).toEqual([
      ['in-time', 1],
      ['too-late', 0],
      ['not-fraud', 0],
      ['quiet', 0],
    ]);
  });

  it('shares by country count purchases; refunds are none', async () => {
    const all = [
      use('a', '2026-01-05T10:00:00Z'),
      use('b', '2026-01-05T11:00:00Z'),
      use('c', '2026-01-05T12:00:00Z', { country: 'FR' }),
      use('d', '2026-01-05T13:00:00Z', { kind: 'refund' }),
    ];
    const one = `('a', 'k1', 'c', 'm', 'DE', 10.00, '2026-01-05 10:00:00', '2026-01-09 10:00:00', 1, true, 1, 10.00, true, 'historical')`;
    const rows = await answer(model('analyst/fraud-by-country'), { ...lakeOf(all, []), 'mart.fraud_case': one });
    expect(rows).toEqual([
      { merchant_country: 'DE', purchases: '2', frauds: '1', pct_fraud: '50.00' },
      { merchant_country: 'FR', purchases: '1', frauds: '0', pct_fraud: '0.00' },
    ]);
  });
});
