import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { typeName } from '../../lib/contract/index.ts';
import { sampleDatasets } from '../../lib/sample/datasets.ts';
import { federalHolidays } from '../../lib/sample/holidays.ts';
import { generateSample, type Manifest, SAMPLE_LAST_DAY } from '../../lib/sample/index.ts';
import { contracts } from './judge.ts';
import { contentOf, type RawRecord, readRecords } from './naive-read.ts';

const out = mkdtempSync(join(tmpdir(), 'sample-facts-'));
let manifest: Manifest;
const rows: Record<string, Readonly<Record<string, unknown>>[]> = {};
const arrived = new Map<string, string>();

beforeAll(async () => {
  manifest = await generateSample({ out, dirt: 0 });
  for (const { path, dataset } of manifest.files) {
    const records = (await readRecords(join(out, path))).filter(
      (record): record is NonNullable<RawRecord> => record !== null,
    );
    const list = rows[dataset] ?? [];
    list.push(...records.map((record) => ({ ...record, arrival: path.split('dt=')[1]?.slice(0, 10) })));
    rows[dataset] = list;
  }
  for (const row of of('purchase')) arrived.set(String(row.id), String(row.arrival));
});

const of = (dataset: string) => rows[dataset] ?? [];
/** Milliseconds of a moment; without a zone it is UTC. */
const time = (value: unknown): number => {
  const text = String(value).replace(' ', 'T');
  return Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
};
const month = (value: unknown): string => new Date(time(value)).toISOString().slice(0, 7);

function grouped<T>(items: readonly T[], by: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
  return groups;
}
const texts = (dataset: string): string[] =>
  manifest.files
    .filter((file) => file.dataset === dataset && /csv/.test(file.path))
    .map(({ path }) => contentOf(join(out, path)).toString('utf8'));

describe('the datasets of a sample', () => {
  it('are those of the contracts, column by column', () => {
    const shape = sampleDatasets(100, 1, 6).map(({ name, columns, key }) => [
      name,
      columns.map((column) => [column.name, typeName(column.type), column.nullable, column.path ?? null]),
      key === null ? [] : [columns[key]?.name],
    ]);
    const promised = [...contracts.values()].map(({ name, row, grain }) => [
      name,
      Object.entries(row).map(([column, { facts }]) => [column, typeName(facts.type), facts.optional, facts.path]),
      grain.slice(0, 1),
    ]);
    expect(shape).toEqual(promised);
  });

  it('scale with the rows', async () => {
    const larger = await generateSample({ out: join(out, 'larger'), rows: 20_000, dirt: 0 });
    for (const name of ['purchase', 'refund', 'void', 'orders', 'reviews', 'dim_products', 'dim_customers']) {
      expect(larger.totals[name]?.accepted, name).toBe(10 * (manifest.totals[name]?.accepted ?? 0));
    }
  });
});

describe('payments', () => {
  const parents = () => new Map(of('purchase').map((row) => [row.id, row]));
  const refundMonths = () => {
    const known = parents();
    return of('refund').flatMap((row) => {
      const parent = known.get(row.parent_id);
      return parent ? [{ refund: month(row.timestamp), purchase: month(parent.timestamp), row, parent }] : [];
    });
  };

  it('refund in the month of the purchase, in later months, in the same month of another year', () => {
    const pairs = refundMonths();
    const same = pairs.filter(({ refund, purchase }) => refund === purchase);
    const otherYear = pairs.filter(
      ({ refund, purchase }) => refund !== purchase && refund.slice(5) === purchase.slice(5),
    );
    const months = new Set(pairs.map(({ refund }) => refund));
    expect(same.length).toBeGreaterThan(20);
    expect(pairs.length - same.length).toBeGreaterThan(80);
    expect(otherYear.length).toBeGreaterThan(5);
    expect(months.size).toBeGreaterThan(18);
  });

  it('never happen before their purchase, and sometimes arrive before it', () => {
    const pairs = refundMonths();
    expect(pairs.filter(({ row, parent }) => time(row.timestamp) <= time(parent.timestamp))).toEqual([]);
    expect(
      pairs.filter(({ row }) => String(row.arrival) < (arrived.get(String(row.parent_id)) ?? '')).length,
    ).toBeGreaterThan(3);
  });

  it('void some purchases several times, also refunded ones', () => {
    const voids = grouped(of('void'), (row) => String(row.parent_id));
    const several = [...voids.values()].filter((group) => group.length > 1);
    const refunded = new Set(of('refund').map((row) => row.parent_id));
    expect(several.length).toBeGreaterThan(4);
    expect([...voids.keys()].filter((parent) => refunded.has(parent)).length).toBeGreaterThan(2);
  });

  it('have about 5 % guests, and merchants of many tongues', () => {
    const guests = of('purchase').filter((row) => row.customer_id === '').length;
    expect(guests / of('purchase').length).toBeGreaterThan(0.03);
    expect(guests / of('purchase').length).toBeLessThan(0.07);
    expect(new Set(of('purchase').map((row) => row.merchant_id))).toContain('Żabka, "Nr. 7"');
    expect(of('refund').some((row) => row.parent_id === null)).toBe(true);
  });

  it.each(['purchase', 'refund', 'void'])('have on the last day some of %s, in the last file', (dataset) => {
    const today = of(dataset).filter((row) => new Date(time(row.timestamp)).toISOString().startsWith(SAMPLE_LAST_DAY));
    expect(today.length).toBeGreaterThan(dataset === 'void' ? 0 : 1);
    expect(new Set(today.map((row) => row.arrival))).toEqual(new Set([SAMPLE_LAST_DAY]));
  });

  it('have dirty records on the last day', async () => {
    const dirty = await generateSample({ out: join(out, 'dirty') });
    const path =
      dirty.files.find((file) => file.dataset === 'purchase' && file.path.includes(SAMPLE_LAST_DAY))?.path ?? '';
    const records = await readRecords(join(out, 'dirty', path));
    const refused = Object.values(dirty.quarantined[path] ?? {})
      .flat()
      .map((record) => records[record - 1]);
    expect(refused.filter((record) => String(record?.timestamp).startsWith(SAMPLE_LAST_DAY)).length).toBeGreaterThan(0);
  });
});

describe('cards', () => {
  const byId = () => new Map(of('card_transaction').map((row) => [row.transaction_id, row]));

  it('are held by one customer each; some customers hold two', () => {
    const holders = grouped(of('card_transaction'), (row) => String(row.card_id));
    for (const [, uses] of holders) expect(new Set(uses.map((row) => row.customer_id)).size).toBe(1);
    const customers = new Set(of('card_transaction').map((row) => row.customer_id));
    expect(customers.size).toBeLessThan(holders.size);
  });

  it('are stolen now and then: many transactions within an hour, abroad, charged back later', () => {
    const uses = [...grouped(of('card_transaction'), (row) => String(row.card_id)).values()];
    const sprees = uses.filter((list) => {
      const times = list.map((row) => time(row.timestamp)).sort((a, b) => a - b);
      return times.some((at, place) => (times[place + 4] ?? Number.POSITIVE_INFINITY) - at < 3_600_000);
    });
    expect(sprees.length).toBeGreaterThan(10);
    expect(of('card_transaction').filter((row) => row.kind === 'refund').length).toBeGreaterThan(50);
  });

  it('are charged back after the transaction, mostly for fraud; some transactions arrive late', () => {
    const known = byId();
    for (const row of of('chargeback')) {
      expect(time(row.reported_at)).toBeGreaterThan(time(known.get(row.transaction_id)?.timestamp));
      expect(new Date(time(row.reported_at)).toISOString() < `${row.arrival}T24`, 'reported before it arrives').toBe(
        true,
      );
    }
    const frauds = of('chargeback').filter((row) => row.reason === 'fraud');
    expect(frauds.length).toBeGreaterThan(of('chargeback').length / 2);
    const late = of('card_transaction').filter(
      (row) => time(`${row.arrival} 00:00:00`) - time(row.timestamp) > 125 * 86_400_000,
    );
    expect(late.length).toBeGreaterThan(3);
  });
});

describe('orders', () => {
  it('happen in two years and total what they say', () => {
    const days = of('orders')
      .map((row) => String(row.order_date))
      .sort();
    expect([days[0]?.slice(0, 7), days.at(-1)]).toEqual(['2024-07', SAMPLE_LAST_DAY]);
    for (const row of of('orders')) {
      expect(Number(row.total_price)).toBeCloseTo(Number(row.unit_price) * Number(row.quantity), 6);
    }
  });

  it('fall on public holidays too', () => {
    const holidays = new Set([2024, 2025, 2026].flatMap((year) => [...federalHolidays(year)]));
    expect(of('orders').filter((row) => holidays.has(String(row.order_date))).length).toBeGreaterThan(10);
  });

  it('are shipped early, late, or not at all; fuller deliveries follow in later files', () => {
    const placed = new Map(of('orders').map((row) => [String(row.order_id), Date.parse(String(row.order_date))]));
    const missing = (value: unknown) => value === '' || value === null;
    const wait = (row: Readonly<Record<string, unknown>>) =>
      (Date.parse(String(row.shipment_date)) - (placed.get(String(row.order_id)) ?? 0)) / 86_400_000;
    const shipments = of('shipment_deliveries');
    const shipped = shipments.filter((row) => !missing(row.shipment_date));
    expect(shipped.every((row) => wait(row) >= 1 && wait(row) <= 18)).toBe(true);
    expect(shipped.filter((row) => wait(row) >= 6 && missing(row.delivery_date)).length).toBeGreaterThan(30);
    expect(shipped.filter((row) => wait(row) < 6 && !missing(row.delivery_date)).length).toBeGreaterThan(1000);
    expect(shipments.filter((row) => missing(row.shipment_date)).length).toBeGreaterThan(60);
    const again = [...grouped(shipments, (row) => String(row.shipment_id)).values()].filter(
      (group) => group.length > 1,
    );
    expect(again.length).toBe(manifest.totals.shipment_deliveries?.superseded);
    for (const [first, second] of again) expect(String(first?.arrival) < String(second?.arrival)).toBe(true);
    for (const row of shipped) expect(String(row.shipment_date) <= String(row.arrival)).toBe(true);
  });

  it('are reviewed, mostly well', () => {
    const stars = grouped(of('reviews'), (row) => String(row.review));
    const counts = [1, 2, 3, 4, 5].map((star) => stars.get(String(star))?.length ?? 0);
    expect(Math.min(...counts)).toBeGreaterThan(20);
    expect(Math.max(...counts)).toBe(counts[4]);
  });
});

describe('the calendar', () => {
  it('covers three years, Monday 1 to Sunday 7, and rests on weekends and federal holidays', () => {
    const days = new Map(of('dim_dates').map((row) => [String(row.calendar_dt), row]));
    expect([days.size, [...days.keys()].sort()[0], [...days.keys()].sort().at(-1)]).toEqual([
      1096,
      '2024-01-01',
      '2026-12-31',
    ]);
    const said = (day: string) => [String(days.get(day)?.day_of_the_week_num), String(days.get(day)?.working_day)];
    expect([said('2026-06-29'), said('2026-06-30'), said('2026-06-28')]).toEqual([
      ['1', 'true'],
      ['2', 'true'],
      ['7', 'false'],
    ]);
    expect([said('2024-11-28'), said('2026-07-03'), said('2026-07-04')]).toEqual([
      ['4', 'false'],
      ['5', 'false'],
      ['6', 'false'],
    ]);
  });

  it.each([
    [
      2024,
      '2024-01-01 2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-10-14 2024-11-11 2024-11-28 2024-12-25',
    ],
    [
      2025,
      '2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-10-13 2025-11-11 2025-11-27 2025-12-25',
    ],
    [
      2026,
      '2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25',
    ],
  ])('knows the federal holidays of %i', (year, days) => {
    expect([...federalHolidays(year)].sort()).toEqual(days.split(' '));
  });
});

describe('inventory', () => {
  it('gives each sequence of a location once, without a gap, and not in the order of arrival', () => {
    for (const [location, events] of grouped(of('inventory_event'), (row) => String(row.location_id))) {
      const sequences = events.map((row) => Number(row.sequence));
      expect(
        sequences.toSorted((a, b) => a - b),
        location,
      ).toEqual(events.map((_, place) => place + 1));
      if (location === 'L1') expect(sequences).not.toEqual(sequences.toSorted((a, b) => a - b));
    }
  });

  it('has every type, and negative quantities only for adjustments', () => {
    const types = grouped(of('inventory_event'), (row) => String(row.type));
    expect([...types.keys()].sort()).toEqual(['adjust', 'count', 'pick', 'receipt', 'transfer_in', 'transfer_out']);
    for (const [type, events] of types)
      expect(
        events.some((row) => Number(row.quantity) < 0),
        type,
      ).toBe(type === 'adjust');
  });
});

describe('behaviour', () => {
  it('has visits of several events, and pauses that end a session', () => {
    const gaps = [...grouped(of('site_event'), (row) => String(row.visitor_id)).values()].flatMap((events) => {
      const times = events.map((row) => time(row.occurred_at)).toSorted((a, b) => a - b);
      return times.slice(1).map((at, place) => (at - (times[place] ?? at)) / 60_000);
    });
    expect(gaps.filter((gap) => gap <= 30).length).toBeGreaterThan(200);
    expect(gaps.filter((gap) => gap > 30 && gap < 24 * 60).length).toBeGreaterThan(20);
  });

  it('has visitors that are one customer’s, and some that are shared', () => {
    const signedIn = of('site_event').filter((row) => row.customer_id !== null);
    const owners = [...grouped(signedIn, (row) => String(row.visitor_id)).values()].map(
      (events) => new Set(events.map((row) => row.customer_id)).size,
    );
    expect(owners.filter((customers) => customers === 1).length).toBeGreaterThan(20);
    expect(owners.some((customers) => customers > 1)).toBe(true);
  });

  it('has purchases that are updated, and purchases that are deleted, in a later file', () => {
    const kinds = grouped(of('shop_purchase'), (row) => String(row.operation));
    for (const kind of ['update', 'delete'])
      for (const change of kinds.get(kind) ?? []) {
        const [inserted] = (kinds.get('insert') ?? []).filter((row) => row.purchase_id === change.purchase_id);
        expect(String(inserted?.arrival) < String(change.arrival)).toBe(true);
        expect(Number(inserted?.log_position)).toBeLessThan(Number(change.log_position));
      }
    expect(kinds.get('delete')?.length).toBeGreaterThan(10);
  });
});

describe('the habits of files are no dirt', () => {
  it('header orders differ, columns too many are named', () => {
    expect(new Set(texts('purchase').map((text) => text.slice(0, text.search(/\r?\n/)))).size).toBeGreaterThan(3);
    expect(
      manifest.files.filter(({ extra_columns }) => extra_columns.length > 0).map(({ dataset }) => dataset),
    ).toEqual(expect.arrayContaining(['purchase', 'refund', 'void', 'orders', 'reviews', 'shipment_deliveries']));
  });

  it.each<[string, RegExp]>([
    ['a byte order mark', /^\ufeff/],
    ['lines that end in CR LF', /\r\n.*\r\n/],
    ['quoted commas', /"Soap, Suds & Co"/],
    ['quotes in quotes', /"The ""Corner"" Shop"/],
    ['line breaks in quotes', /"two\nlines"/],
    ['blank lines', /\n\n/],
    ['zones', /[+]02:00/],
  ])('%s', (_name, pattern) => {
    expect(texts('purchase').some((text) => pattern.test(text))).toBe(true);
  });

  it('names with line breaks, postal codes with leading zeros', () => {
    expect(texts('dim_customers').some((text) => /"[^",]+\n[^",]+"/.test(text))).toBe(true);
    expect(of('dim_customers').some((row) => row.postal_code === '01067')).toBe(true);
  });
});
