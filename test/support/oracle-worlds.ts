/** Small worlds for property tests: few keys, so that everything collides; values at the edges; anything may be absent. */
import fc from 'fast-check';
import type { Child, Orders, Payments, Purchase } from './oracle-answers.ts';
import { csv, type RawFiles } from './oracle-lake.ts';
import { cents, compareText, dayNumber, dayText, micros } from './oracle-values.ts';

/** A record as it is written: texts in column order, null for nothing. */
export type Written = readonly (string | null)[];

/** How values of a column are compared and told apart: the oracle's own reading of them. */
const KINDS = {
  text: (text: string) => text,
  integer: (text: string) => BigInt(text),
  decimal: (text: string) => cents(text),
  date: (text: string) => dayNumber(text),
  instant: (text: string) => micros(text),
  boolean: (text: string) => text === 'true',
} as const;
type Kind = keyof typeof KINDS;

/** A dataset of a world: its columns, its key, and whether a record is fit to be a row. */
export interface WorldDataset {
  readonly name: string;
  readonly columns: Readonly<Record<string, Kind>>;
  /** The first column is the key; false where there is none. */
  readonly keyed: boolean;
  readonly fit: (written: Written) => boolean;
  readonly record: fc.Arbitrary<Written>;
}

type Read = string | bigint | number | boolean | null;

/** A written record as values; those of equal meaning are equal, however they are written. */
export const readRecord = ({ columns }: WorldDataset, written: Written): Read[] =>
  Object.values(columns).map((kind, at) => {
    const text = written[at] ?? null;
    return text === null || text === '' ? null : KINDS[kind](text);
  });

function compareValues(a: Read, b: Read): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Column by column, nulls last: the smaller content. */
export function compareRecords(a: readonly Read[], b: readonly Read[]): number {
  const at = a.findIndex((value, index) => compareValues(value, b[index] ?? null) !== 0);
  return at < 0 ? 0 : compareValues(a[at] ?? null, b[at] ?? null);
}

/** What becomes of records that all arrive at once: rows, and how many met each fate. */
export interface Settlement {
  readonly rows: readonly (readonly Read[])[];
  readonly read: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly superseded: number;
  readonly quarantined: number;
}

/** Settles records one by one: of a key, the smallest content stands; its equals are duplicates, the others superseded. */
export function settleRecords(dataset: WorldDataset, records: readonly Written[]): Settlement {
  const good = records.filter(dataset.fit).map((written) => readRecord(dataset, written));
  const quarantined = records.length - good.length;
  const tally = { read: records.length, duplicate: 0, superseded: 0, quarantined };
  if (!dataset.keyed) return { ...tally, rows: good, accepted: good.length };
  const byKey = new Map<Read, (readonly Read[])[]>();
  for (const each of good) byKey.set(each[0] ?? null, [...(byKey.get(each[0] ?? null) ?? []), each]);
  const rows: (readonly Read[])[] = [];
  for (const claims of byKey.values()) {
    const [stands = [], ...others] = [...claims].sort(compareRecords);
    rows.push(stands);
    const equal = others.filter((each) => compareRecords(stands, each) === 0).length;
    tally.duplicate += equal;
    tally.superseded += others.length - equal;
  }
  return { ...tally, rows, accepted: rows.length };
}

const pick = (...texts: readonly (string | null)[]) => fc.constantFrom(...texts);
const noNull =
  (...required: readonly number[]) =>
  (written: Written) =>
    required.every((at) => (written[at] ?? '') !== '');

const instants = pick(
  '2024-12-31T23:59:59.999999Z',
  '2024-12-31T23:30:00-01:00',
  '2025-01-01 00:30:00',
  '2025-01-01T00:00:00Z',
  '2025-01-31T23:59:59Z',
  '2025-02-01T05:30:00+05:30',
  '2025-02-01 00:00:00',
  '2026-01-15T12:00:00Z',
  '2024-02-29T14:00:00+14:00',
  '2024-03-01T11:59:59.5-12:00',
);
const amounts = pick('1.00', '1', '0.10', '0.20', '-3.33', '0', '-0', '9999999999.99', '+7.5');
const parents = pick('p0', 'p1', 'p2', 'P1', 'nobody', null);
const child = (name: string): WorldDataset => ({
  name,
  columns: { id: 'text', timestamp: 'instant', parent_id: 'text', amount: 'decimal' },
  keyed: true,
  fit: noNull(0, 1, 3),
  record: fc.tuple(
    pick(`${name}0`, `${name}1`, `${name}2`, `${name}3`, `${name}4`, `${name}5`),
    instants,
    parents,
    amounts,
  ),
});

// Around the ends of the year before an as-of date, and fifteen days before it.
const days = pick(
  '2024-02-14',
  '2024-02-28',
  '2024-02-29',
  '2024-03-01',
  '2024-06-30',
  '2024-07-01',
  '2025-02-28',
  '2025-06-15',
  '2025-06-15',
  '2025-06-30',
);
const fewIds = pick('1', '2', '3', '+4', '005', '9223372036854775807');
const productIds = pick('1', '2', '10', '-5');

/** The datasets of both products. */
export const DATASETS: readonly WorldDataset[] = [
  {
    name: 'purchase',
    columns: { id: 'text', timestamp: 'instant', customer_id: 'text', merchant_id: 'text', amount: 'decimal' },
    keyed: true,
    fit: noNull(0, 1, 3, 4),
    record: fc.tuple(
      pick('p0', 'p1', 'p2', 'P1', 'p3', ''),
      instants,
      pick('c', 'C', 'd, "e"\nf', null, null),
      pick('m', 'n'),
      amounts,
    ),
  },
  child('refund'),
  child('void'),
  {
    name: 'orders',
    columns: {
      order_id: 'integer',
      customer_id: 'integer',
      order_date: 'date',
      product_id: 'integer',
      unit_price: 'decimal',
      quantity: 'integer',
      total_price: 'decimal',
    },
    keyed: true,
    fit: noNull(0, 1, 2, 3, 4, 5, 6),
    record: fc.tuple(
      fewIds,
      pick('7', '8'),
      fc.oneof(days, pick(null)),
      productIds,
      pick('1.00', '2'),
      pick('1', '0'),
      amounts,
    ),
  },
  {
    name: 'reviews',
    columns: { review: 'integer', product_id: 'integer' },
    keyed: false,
    fit: (written) => noNull(0, 1)(written) && Number(written[0]) >= 1 && Number(written[0]) <= 5,
    record: fc.tuple(pick('1', '2', '3', '4', '5', '5', '0', '6', null), productIds),
  },
  {
    name: 'shipment_deliveries',
    columns: { shipment_id: 'integer', order_id: 'integer', shipment_date: 'date', delivery_date: 'date' },
    keyed: true,
    fit: noNull(0, 1),
    record: fc.tuple(
      fewIds,
      fewIds,
      pick(null, null, null, '2024-03-05', '2024-03-06', '2024-07-06', '2025-07-06', '2025-07-07'),
      pick(null, null, '2025-07-10'),
    ),
  },
  {
    name: 'dim_products',
    columns: { product_id: 'integer', product_category: 'text', product_name: 'text' },
    keyed: true,
    fit: noNull(0, 1, 2),
    record: fc.tuple(productIds, pick('x', 'y'), pick('one', 'One', 'ünö', '"1", one', '')),
  },
  {
    name: 'dim_dates',
    columns: {
      calendar_dt: 'date',
      year_num: 'integer',
      month_of_the_year_num: 'integer',
      day_of_the_month_num: 'integer',
      day_of_the_week_num: 'integer',
      working_day: 'boolean',
    },
    keyed: true,
    fit: (written) => noNull(0, 1, 2, 3, 4, 5)(written) && Number(written[4]) >= 1 && Number(written[4]) <= 7,
    record: fc.tuple(
      days,
      pick('2024'),
      pick('2'),
      pick('1'),
      pick('1', '5', '6', '7', '8'),
      pick('true', 'false', 'false'),
    ),
  },
];

/** Records of a dataset in files: some in CSV, some in JSON lines; no file at all is possible. */
export interface WorldFiles {
  readonly dataset: WorldDataset;
  readonly files: readonly { readonly format: 'csv' | 'jsonl'; readonly records: readonly Written[] }[];
}

const arbitraryFiles = (dataset: WorldDataset): fc.Arbitrary<WorldFiles> =>
  fc
    .array(
      fc.record({
        format: pick('csv', 'jsonl') as fc.Arbitrary<'csv' | 'jsonl'>,
        // Small files too: only they bring ties.
        records: fc.oneof(fc.array(dataset.record, { maxLength: 3 }), fc.array(dataset.record, { maxLength: 14 })),
      }),
      { maxLength: 3 },
    )
    .map((files) => ({ dataset, files }));

/** A world: both products. */
export const arbitraryWorld: fc.Arbitrary<readonly WorldFiles[]> = fc.tuple(...DATASETS.map(arbitraryFiles));

/** A JSON line of a record; a missing value is null or absent, numbers keep their digits but for signs that JSON has not. */
function jsonLine({ columns }: WorldDataset, written: Written): string {
  const members = Object.entries(columns).flatMap(([name, kind], at) => {
    const text = written[at] ?? null;
    if (text === null || text === '') return at % 2 === 0 ? [`"${name}":null`] : [];
    const bare = kind === 'integer' || kind === 'decimal' || kind === 'boolean';
    const value = kind === 'boolean' ? text : text.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1');
    return [`"${name}":${bare ? value : JSON.stringify(text)}`];
  });
  return `{${members.join(',')}}\n`;
}

/** A world as raw files. Equal files would be one delivery, so each gets a column that no contract knows. */
export function rawFilesOf(world: readonly WorldFiles[]): RawFiles {
  const entries = world.flatMap(({ dataset, files }) =>
    files.map(({ format, records }, at) => {
      const names = [...Object.keys(dataset.columns), `file_${at}`];
      const content =
        format === 'csv'
          ? csv(
              names,
              records.map((record) => [...record, null]),
            )
          : `${records.map((record) => jsonLine(dataset, record)).join('')}${'\n'.repeat(at)}`;
      return [`${dataset.name}/f${at}.${format}`, content] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** The tables that a world comes to, for the oracles, and the fates of its records. */
export function settleWorld(world: readonly WorldFiles[]) {
  const settled = new Map<string, Settlement>();
  const rows = <T>(name: string): T[] => {
    const each = world.find(({ dataset }) => dataset.name === name);
    const names = Object.keys(each?.dataset.columns ?? {});
    return (settled.get(name)?.rows ?? []).map(
      (row) => Object.fromEntries(names.map((key, at) => [key, row[at]])) as T,
    );
  };
  for (const { dataset, files } of world)
    settled.set(
      dataset.name,
      settleRecords(
        dataset,
        files.flatMap(({ records }) => records),
      ),
    );
  const payments: Payments = {
    purchase: rows<Purchase>('purchase'),
    refund: rows<Child>('refund'),
    void: rows<Child>('void'),
  };
  const dated = <T>(name: string, ...columns: string[]): T[] =>
    rows<Record<string, Read>>(name).map(
      (row) => ({ ...row, ...Object.fromEntries(columns.map((key) => [key, dayOrNull(row[key] ?? null)])) }) as T,
    );
  const orders: Orders = {
    orders: dated('orders', 'order_date'),
    reviews: rows('reviews'),
    shipments: dated('shipment_deliveries', 'shipment_date', 'delivery_date'),
    products: rows('dim_products'),
    dates: dated('dim_dates', 'calendar_dt'),
  };
  return { settled, payments, orders };
}

const dayOrNull = (value: Read): string | null => (typeof value === 'number' ? dayText(value) : null);
