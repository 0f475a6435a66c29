import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryLake, type RunReport } from '../../lib/run/index.ts';
import {
  type Child,
  countedRefunds,
  type Payments,
  type Purchase,
  refundsByCustomer,
} from '../support/oracle-answers.ts';
import { Lake, PLAN, storedRefunds } from '../support/oracle-lake.ts';
import { cents, micros, money, monthOfMoment, percentOf } from '../support/oracle-values.ts';

const RETAIL = fileURLToPath(new URL('../../../shared/data/retail/', import.meta.url));
const present = existsSync(RETAIL);
const AS_OF = '2011-05-31';
const NAMES = ['purchase', 'refund', 'void'] as const;

/** The records of a file whose fields hold no quote: one line each. */
function records(name: string): Record<string, string>[] {
  const text = gunzipSync(readFileSync(join(RETAIL, `${name}.csv.gz`))).toString('utf8');
  if (text.includes('"')) throw new Error(`${name}.csv.gz holds quotes: this reader is too simple for it`);
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = header.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    if (fields.length !== names.length) throw new Error(`a ragged line: ${line}`);
    return Object.fromEntries(names.map((key, at) => [key, fields[at] ?? '']));
  });
}

const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

/** The data as it is written, by the first record of each key: no key comes twice. */
function read(): Payments {
  const head = (record: Record<string, string>) => ({
    id: record.id ?? '',
    timestamp: micros(record.timestamp ?? ''),
    amount: cents(record.amount ?? ''),
  });
  const child = (record: Record<string, string>): Child => ({ ...head(record), parent_id: orNull(record.parent_id) });
  return {
    purchase: records('purchase').map(
      (record): Purchase => ({
        ...head(record),
        customer_id: orNull(record.customer_id),
        merchant_id: record.merchant_id ?? '',
      }),
    ),
    refund: records('refund').map(child),
    void: records('void').map(child),
  };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

const suite = present ? 'real retail data' : 'real retail data (skipped: ../shared/data/retail is not here)';
describe.skipIf(!present)(suite, () => {
  let lake: Lake;
  let report: RunReport;
  let payments: Payments;

  beforeAll(async () => {
    lake = new Lake();
    for (const name of NAMES) {
      mkdirSync(join(lake.raw, name));
      copyFileSync(join(RETAIL, `${name}.csv.gz`), join(lake.raw, name, `${name}.csv.gz`));
    }
    report = await lake.run(AS_OF);
    payments = read();
  });
  afterAll(() => lake?.remove());

  const ask = async (name: string) => {
    const query = PLAN.queries.find((each) => each.name === name);
    if (!query) throw new Error(`no saved question ${name}`);
    return (await queryLake(lake.lake, PLAN, query, AS_OF)).rows;
  };

  /** Refunds that count by a name: how many, of customers, of guests. */
  const grouped = (nameOf: (counted: ReturnType<typeof countedRefunds>[number]) => string) => {
    const groups = new Map<string, { refunds: bigint; total: bigint; guest: bigint }>();
    for (const counted of countedRefunds(payments)) {
      const { refund, parent } = counted;
      const group = groups.get(nameOf(counted)) ?? { refunds: 0n, total: 0n, guest: 0n };
      const guest = parent.customer_id === null;
      groups.set(nameOf(counted), {
        refunds: group.refunds + 1n,
        total: group.total + (guest ? 0n : refund.amount),
        guest: group.guest + (guest ? refund.amount : 0n),
      });
    }
    return groups;
  };

  it('refunds by customer are those of a plain computation, to the cent', async () => {
    const expected = refundsByCustomer(payments);
    expect(expected.length).toBeGreaterThan(100);
    expect(await storedRefunds(lake)).toEqual(expected);
  });

  it('every record has one fate', () => {
    expect(report.result.status).toBe('ok');
    for (const name of NAMES) {
      const table = report.result.tables.find((each) => each.name === `base.${name}`);
      const written = payments[name];
      expect(new Set(written.map(({ id }) => id)).size, `${name} has a key twice`).toBe(written.length);
      expect(table).toMatchObject({
        read: written.length,
        accepted: written.length,
        duplicate: 0,
        superseded: 0,
        quarantined: 0,
        rows: written.length,
      });
    }
  });

  it('the base tables hold what is written, to the cent', async () => {
    for (const name of NAMES) {
      const [[row]] = await lake.rows(
        `select count(*) as n, sum(amount) as total, count(case when amount < 0 then 1 end) as negative, min(timestamp) as first, max(timestamp) as last from base."${name}"`,
      );
      const moments = payments[name].map(({ timestamp }) => timestamp).sort((a, b) => (a < b ? -1 : 1));
      expect(row).toMatchObject({
        n: BigInt(payments[name].length),
        total: money(sum(payments[name].map(({ amount }) => amount))),
        negative: BigInt(payments[name].filter(({ amount }) => amount < 0n).length),
      });
      expect(micros(String(row?.first))).toBe(moments[0]);
      expect(micros(String(row?.last))).toBe(moments.at(-1));
    }
  });

  it('the dirt that was left in is found by the checks', () => {
    const parents = new Set(payments.purchase.map(({ id }) => id));
    const failed = (table: string, check: string) =>
      report.result.checks.find((each) => each.table === table && each.check === check)?.failed;
    for (const name of ['refund', 'void'] as const) {
      const orphans = payments[name].filter(({ parent_id }) => parent_id !== null && !parents.has(parent_id));
      expect(failed(`base.${name}`, 'refers_to(parent_id, base.purchase)')).toBe(orphans.length);
    }
    const negative = payments.purchase.filter(({ amount }) => amount < 0n).length;
    expect(failed('base.purchase', 'at_least(amount)')).toBe(negative);
  });

  it('refunds-by-month and refunds-by-merchant are groups of the same refunds', async () => {
    const months = grouped(({ refund }) => monthOfMoment(refund.timestamp));
    expect(await ask('refunds-by-month')).toEqual(
      [...months]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([month, { refunds, total, guest }]) => ({
          refund_month: `${month}-01`,
          refunds,
          total_refund: money(total),
          guest_refund: money(guest),
        })),
    );
    const merchants = grouped(({ parent }) => parent.merchant_id);
    expect(await ask('refunds-by-merchant')).toEqual(
      [...merchants]
        .sort(([a, x], [b, y]) => (x.total === y.total ? (a < b ? -1 : 1) : x.total > y.total ? -1 : 1))
        .map(([merchant_id, { refunds, total, guest }]) => ({
          merchant_id,
          refunds,
          total_refund: money(total),
          guest_refund: money(guest),
        })),
    );
    const byCustomer = sum(refundsByCustomer(payments).map((row) => cents(row.total_refund)));
    expect(sum([...months.values()].map(({ total }) => total))).toBe(byCustomer);
  });

  it('refunds-same-month and refunds-by-month add up to the refunds of valid purchases', async () => {
    const voided = new Set(payments.void.map((each) => each.parent_id));
    const valid = new Set(payments.purchase.filter(({ id }) => !voided.has(id)).map(({ id }) => id));
    const all = payments.refund.filter(({ parent_id }) => parent_id !== null && valid.has(parent_id));
    const inMonth = await ask('refunds-same-month');
    const over = await ask('refunds-by-month');
    const total = sum([
      ...inMonth.map((row) => cents(String(row.same_month_refund))),
      ...over.flatMap((row) => [cents(String(row.total_refund)), cents(String(row.guest_refund))]),
    ]);
    expect(inMonth.length).toBeGreaterThan(0);
    expect(total).toBe(sum(all.map(({ amount }) => amount)));
  });

  it('refund-rate is what was ever refunded of what was paid, by month of purchase', async () => {
    const voided = new Set(payments.void.map((each) => each.parent_id));
    const returned = new Map<string, bigint>();
    for (const { parent_id, amount } of payments.refund)
      if (parent_id !== null) returned.set(parent_id, (returned.get(parent_id) ?? 0n) + amount);
    const months = new Map<string, { purchases: bigint; purchased: bigint; refunded: bigint }>();
    for (const { id, timestamp, amount } of payments.purchase) {
      if (voided.has(id)) continue;
      const month = `${monthOfMoment(timestamp)}-01`;
      const before = months.get(month) ?? { purchases: 0n, purchased: 0n, refunded: 0n };
      months.set(month, {
        purchases: before.purchases + 1n,
        purchased: before.purchased + amount,
        refunded: before.refunded + (returned.get(id) ?? 0n),
      });
    }
    expect(await ask('refund-rate')).toEqual(
      [...months]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([purchase_month, { purchases, purchased, refunded }]) => ({
          purchase_month,
          purchases,
          purchased: money(purchased),
          refunded: money(refunded),
          refund_rate: percentOf(refunded, purchased),
        })),
    );
  });

  it('a second run finds nothing new and moves nothing', async () => {
    const before = await storedRefunds(lake);
    const { result } = await lake.run(AS_OF);
    expect(result.status).toBe('nothing_new');
    expect(result.files.map(({ status }) => status)).toEqual(['known', 'known', 'known']);
    expect(await storedRefunds(lake)).toEqual(before);
  });
});
