import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  append,
  base,
  decimal,
  instant,
  integer,
  mart,
  merge,
  type Product,
  replace,
  text,
} from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { ordersProduct } from '../../lib/products/orders.ts';
import type { RunReport } from '../../lib/run/index.ts';
import { asCsv, asJsonLines, Claims, type ColumnSpec, type DatasetSpec, type Written } from '../support/run-claims.ts';
import {
  checkResult,
  csv,
  fileResult,
  ourPlan,
  paymentsPlan,
  sqlOf,
  tableResult,
  Workshop,
} from '../support/run-lake.ts';

const BALANCE = `-- one row per branch: what its accounts hold.
-- grain: branch
select coalesce(a.branch, '-') as branch, cast(sum(a.balance) as decimal(38, 3)) as balance, count(*) as accounts
from base.account as a
group by coalesce(a.branch, '-')
`;

const account = {
  id: integer(),
  seen: instant().nullable(),
  revision: integer().nullable(),
  balance: decimal(9, 3),
  branch: text().nullable(),
};

/** Two datasets with a version, one by number and one by time: the products of this repository have none yet. */
const bank: Product = {
  name: 'bank',
  description: 'Accounts that are delivered anew whenever they change.',
  datasets: [
    base({
      name: 'account',
      product: 'bank',
      owner: 'bank',
      description: 'One row per account.',
      row: account,
      grain: ['id'],
      eventTime: null,
      write: merge('revision'),
    }),
    base({
      name: 'booking',
      product: 'bank',
      owner: 'bank',
      description: 'One row per booking.',
      row: account,
      grain: ['id'],
      eventTime: 'seen',
      write: append('seen'),
    }),
    mart({
      name: 'balance',
      product: 'bank',
      owner: 'bank',
      description: 'One row per branch.',
      row: { branch: text(), balance: decimal(38, 3), accounts: integer() },
      grain: ['branch'],
      write: replace(),
    }),
  ],
  exposures: [],
};

const INSTANTS = ['2024-01-31T23:30:00Z', '2024-02-01 00:30:00+01:00', '2024-02-01T00:00:00', '2024-02-01 00:00:00.5'];
const AMOUNTS = ['5', '5.00', '+5.0', '10', '-0.5', '9.99', '1e5'];

const columns = {
  key: (name: string, forms: readonly string[], kind: ColumnSpec['kind'] = 'text'): ColumnSpec => ({
    name,
    kind,
    forms,
  }),
  amount: (name: string, scale: number): ColumnSpec => ({ name, kind: 'decimal', scale, forms: AMOUNTS }),
  time: (name: string, nullable = false): ColumnSpec => ({
    name,
    kind: 'instant',
    nullable,
    forms: nullable ? [...INSTANTS, null] : INSTANTS,
  }),
};

const PURCHASES = ['p1', 'p2', 'p3', 'P1', '10', '9'];
const child = (name: string): DatasetSpec => ({
  name,
  key: 'id',
  version: null,
  columns: [
    columns.key('id', [`${name[0]}1`, `${name[0]}2`, `${name[0]}3`, 'é', '𝄞', '\uffee']),
    columns.time('timestamp'),
    { name: 'parent_id', kind: 'text', nullable: true, forms: [...PURCHASES, 'orphan', null] },
    columns.amount('amount', 2),
  ],
});

const PAYMENTS: readonly DatasetSpec[] = [
  {
    name: 'purchase',
    key: 'id',
    version: null,
    columns: [
      columns.key('id', PURCHASES),
      columns.time('timestamp'),
      { name: 'customer_id', kind: 'text', nullable: true, forms: ['ann', 'bob', '𝄞', '\uffee', null] },
      { name: 'merchant_id', kind: 'text', forms: ['m', 'n, "q"', ' m'] },
      columns.amount('amount', 2),
    ],
  },
  child('refund'),
  child('void'),
];

const accounts = (name: string, version: string): DatasetSpec => ({
  name,
  key: 'id',
  version,
  columns: [
    columns.key('id', ['1', '+1', '01', '2', '-2', '30'], 'integer'),
    columns.time('seen', true),
    { name: 'revision', kind: 'integer', nullable: true, forms: ['1', '2', '10', '9', null] },
    columns.amount('balance', 3),
    { name: 'branch', kind: 'text', nullable: true, forms: ['north', 'North', 'é', null] },
  ],
});
const BANK: readonly DatasetSpec[] = [accounts('account', 'revision'), accounts('booking', 'seen')];

const days = ['2024-05-01', '2024-05-08', '2024-06-01', '2024-02-30'];
const date = (name: string, nullable = false): ColumnSpec => ({
  name,
  kind: 'date',
  nullable,
  forms: nullable ? [...days.slice(0, 3), null] : days.slice(0, 3),
});
const number = (name: string, ...forms: string[]): ColumnSpec => ({ name, kind: 'integer', forms });
const ORDERS: readonly DatasetSpec[] = [
  {
    name: 'orders',
    key: 'order_id',
    version: null,
    columns: [
      number('order_id', '1', '2', '3', '4'),
      number('customer_id', '1', '2'),
      date('order_date'),
      number('product_id', '1', '2', '3'),
      columns.amount('unit_price', 2),
      number('quantity', '0', '1', '2'),
      columns.amount('total_price', 2),
    ],
  },
  {
    name: 'shipment_deliveries',
    key: 'shipment_id',
    version: null,
    columns: [
      number('shipment_id', '1', '2', '3'),
      number('order_id', '1', '2', '3', '9'),
      date('shipment_date', true),
      date('delivery_date', true),
    ],
  },
  {
    name: 'dim_products',
    key: 'product_id',
    version: null,
    columns: [
      number('product_id', '1', '2'),
      { name: 'product_category', kind: 'text', forms: ['toys', 'Toys'] },
      { name: 'product_name', kind: 'text', forms: ['ball', 'Ball', 'top'] },
    ],
  },
  {
    name: 'reviews',
    key: null,
    version: null,
    columns: [number('review', '1', '3', '5'), number('product_id', '1', '2')],
  },
];

interface DeliveredFile {
  readonly spec: DatasetSpec;
  readonly records: readonly Written[];
  readonly json: boolean;
  /** The run that brings it, and runs that bring it once more under another name. */
  readonly run: number;
  readonly again: readonly number[];
}

interface History {
  readonly runs: number;
  readonly files: readonly DeliveredFile[];
  /** What each run is limited to. */
  readonly only: readonly (readonly string[])[];
  readonly idle: readonly boolean[];
}

/** A dataset of few values: two of each column's, three of the key's, so that records often collide, in key and as a whole. */
const narrow = (spec: DatasetSpec): fc.Arbitrary<DatasetSpec> =>
  fc
    .tuple(
      ...spec.columns.map((column) =>
        fc.shuffledSubarray([...column.forms], {
          minLength: 1,
          maxLength: Math.min(column.forms.length, column.name === spec.key ? 3 : 2),
        }),
      ),
    )
    .map((forms) => ({
      ...spec,
      columns: spec.columns.map((column, index) => ({ ...column, forms: forms[index] ?? column.forms })),
    }));

/** Records with colliding keys, cut into files, which arrive over several runs, some of them twice. */
function histories(specs: readonly DatasetSpec[], scopes: readonly (readonly string[])[]): fc.Arbitrary<History> {
  const runs = 3;
  const record = (spec: DatasetSpec) => fc.tuple(...spec.columns.map((column) => fc.constantFrom(...column.forms)));
  const fileOf = (spec: DatasetSpec) =>
    fc.record({
      spec: fc.constant(spec),
      records: fc
        .tuple(fc.array(record(spec), { minLength: 1, maxLength: 8 }), fc.nat({ max: 3 }))
        // The first records once more at the end: equal records of one file.
        .map(([records, repeats]) => [...records, ...records.slice(0, repeats)]),
      json: fc.boolean(),
      run: fc.nat({ max: runs - 1 }),
      again: spec.key === null ? fc.constant([]) : fc.uniqueArray(fc.nat({ max: runs - 1 }), { maxLength: 2 }),
    });
  return fc.tuple(...specs.map(narrow)).chain((narrowed) =>
    fc.record({
      runs: fc.constant(runs),
      files: fc.array(fc.oneof(...narrowed.map(fileOf)), { minLength: 3, maxLength: 12 }),
      only: fc.array(fc.constantFrom(...scopes), { minLength: runs, maxLength: runs }),
      idle: fc.array(fc.boolean(), { minLength: runs, maxLength: runs }),
    }),
  );
}

const textOf = ({ spec, records, json }: DeliveredFile): string =>
  json ? asJsonLines(spec, records) : asCsv(spec, records);

/** A file's identity is its content: of files with equal content one counts, so each content is kept once. */
function distinctFiles(files: readonly DeliveredFile[]): DeliveredFile[] {
  const seen = new Set<string>();
  return files.filter((file) => {
    const identity = `${file.spec.name}\n${textOf(file)}`;
    return !seen.has(identity) && seen.add(identity);
  });
}

const endingOf = (file: DeliveredFile): string => (file.json ? 'jsonl' : 'csv');

/** The typed rows that stand in a dataset. */
type RowsOf = (dataset: string) => Record<string, bigint | string | null>[];

/** What `one_claim` says of each table. */
const contested = ({ result }: RunReport) =>
  result.checks
    .filter((each) => each.check.startsWith('one_claim'))
    .map(({ table, check, verdict, failed, total }) => ({ table, check, verdict, failed, total }));

/** Plays a history run by run against the law read a second time, and all at once; both must give the same tables. */
async function play(
  plan: Plan,
  specs: readonly DatasetSpec[],
  history: History,
  answers: (rows: RowsOf) => Record<string, string[]> = () => ({}),
): Promise<void> {
  const files = distinctFiles(history.files);
  const slow = new Workshop(plan);
  const claims = new Map(specs.map((spec) => [spec.name, new Claims(spec)]));
  const waiting = new Map<string, Map<string, DeliveredFile>>(specs.map((spec) => [spec.name, new Map()]));
  const loaded = new Set<string>();

  const turn = async (scope: readonly string[]) => {
    const report = await slow.run({ only: scope });
    for (const spec of specs) {
      const inScope = report.result.tables.some((table) => table.name === `base.${spec.name}`);
      if (!inScope) continue;
      const fresh = [...(waiting.get(spec.name) ?? [])].filter(([text]) => !loaded.has(text));
      const records = fresh.flatMap(([, file]) => file.records);
      for (const [text] of fresh) loaded.add(text);
      expect(tableResult(report, `base.${spec.name}`)).toMatchObject(claims.get(spec.name)?.load(records) ?? {});
    }
    // A contest is the table's, not the load's: it stands whatever else is loaded.
    for (const { table, failed, total } of contested(report)) {
      const law = claims.get(table.slice('base.'.length));
      if (law) expect({ table, failed, total }).toEqual({ table, failed: law.contested, total: law.rows.length });
    }
    return report;
  };

  for (let at = 0; at < history.runs; at += 1) {
    for (const [index, file] of files.entries()) {
      if (file.run !== at && !file.again.includes(at)) continue;
      const copy = file.run === at ? '' : `-again-${at}`;
      // Names sort against arrival as often as with it.
      slow.put(`${file.spec.name}/${(index * 7) % 13}${copy}.${endingOf(file)}`, textOf(file));
      waiting.get(file.spec.name)?.set(`${file.spec.name}\n${textOf(file)}`, file);
    }
    await turn(history.only[at] ?? []);
    if (history.idle[at]) {
      const again = await slow.run({ only: history.only[at] ?? [] });
      expect(again.result.status).toBe('nothing_new');
    }
  }
  const last = await turn([]);

  const tables = await slow.tables();
  for (const spec of specs) expect(tables[`base.${spec.name}`]).toEqual(claims.get(spec.name)?.tableText);
  expect(tables).toMatchObject(answers((dataset) => claims.get(dataset)?.rows ?? []));

  const quick = new Workshop(plan);
  for (const [index, file] of files.entries()) {
    quick.put(`${file.spec.name}/${files.length - index}.${endingOf(file)}`, textOf(file));
  }
  const atOnce = await quick.run();
  expect(tables).toEqual(await quick.tables());
  expect(contested(atOnce)).toEqual(contested(last));
  // Made anew from raw, in whatever order, it is the same once more.
  expect(contested(await slow.run({ rebuild: plan.products.map((product) => product.name) }))).toEqual(contested(last));
  expect(await slow.tables()).toEqual(tables);
}

/** The refund report that the payments product promises, row by row. */
function refundsByCustomer(rows: RowsOf): Record<string, string[]> {
  const totals = new Map<string, bigint>();
  const monthOf = (micros: unknown) => new Date(Number(BigInt(String(micros)) / 1000n)).toISOString().slice(0, 7);
  for (const refund of rows('refund')) {
    const purchase = rows('purchase').find((each) => each.id === refund.parent_id);
    if (!purchase || purchase.customer_id === null) continue;
    if (rows('void').some((each) => each.parent_id === purchase.id)) continue;
    if (monthOf(refund.timestamp) === monthOf(purchase.timestamp)) continue;
    const customer = String(purchase.customer_id);
    totals.set(customer, (totals.get(customer) ?? 0n) + BigInt(String(refund.amount)));
  }
  const money = (cents: bigint) => (Number(cents) / 100).toFixed(2);
  const text = [...totals].map(([customer_id, cents]) => JSON.stringify({ customer_id, total_refund: money(cents) }));
  return { 'mart.refunds_by_customer': text.sort() };
}

describe('tables depend on the records that ever arrived, not on how they came', () => {
  test('payments: any files, order, repeats and re-runs; every fate is the law’s', async () => {
    const plan = paymentsPlan();
    const scopes = [[], [], ['base.purchase'], ['base.refund'], ['base.void', 'base.refund'], ['payments']];
    await fc.assert(
      fc.asyncProperty(histories(PAYMENTS, scopes), (history) => play(plan, PAYMENTS, history, refundsByCustomer)),
      { numRuns: 6 },
    );
  });

  test('datasets with a version: the later version stands', async () => {
    const plan = compile([bank], { 'mart/balance.sql': BALANCE });
    const scopes = [[], [], ['base.account'], ['mart.balance'], ['base.booking']];
    await fc.assert(
      fc.asyncProperty(histories(BANK, scopes), (history) => play(plan, BANK, history)),
      { numRuns: 6 },
    );
  });

  test('orders: facts, re-delivered shipments, dimensions and reviews without a key', async () => {
    const plan = compile(
      [ordersProduct],
      sqlOf('mart/agg_public_holiday.sql', 'mart/agg_shipments.sql', 'mart/best_performing_product.sql'),
    );
    const scopes = [[], ['orders'], ['mart.agg_shipments'], ['base.orders'], ['mart.best_performing_product']];
    await fc.assert(
      fc.asyncProperty(histories(ORDERS, scopes), (history) => play(plan, ORDERS, history)),
      { numRuns: 3 },
    );
  });
});

describe('events that arrive out of order', () => {
  const header = ['id', 'timestamp', 'parent_id', 'amount'];
  const purchases = csv(
    ['id', 'timestamp', 'customer_id', 'merchant_id', 'amount'],
    [
      ['p1', '2024-01-31T10:00:00Z', 'ann', 'm', '100.00'],
      ['p2', '2024-01-31T10:00:00Z', 'bob', 'm', '50.00'],
    ],
  );
  const refunds = csv(header, [
    ['r1', '2024-02-01T10:00:00Z', 'p1', '30.00'],
    ['r2', '2024-02-02T10:00:00Z', 'p2', '20.00'],
  ]);
  const voids = csv(header, [['v1', '2024-03-03T10:00:00Z', 'p2', '50.00']]);
  const answer = 'select customer_id, total_refund from mart.refunds_by_customer order by customer_id';
  const ann = { customer_id: 'ann', total_refund: '30.00' };
  const bob = { customer_id: 'bob', total_refund: '20.00' };

  test('a refund before its purchase counts once the purchase is there; a void a month later takes it out', async () => {
    const plan = paymentsPlan();
    const shop = new Workshop(plan);
    shop.put('refund/1.csv', refunds);
    const first = await shop.run();
    expect(checkResult(first, 'base.refund', 'refers_to(parent_id, base.purchase)')).toMatchObject({
      failed: 2,
      verdict: 'warn',
    });
    expect(await shop.query(answer)).toEqual([]);

    shop.put('purchase/1.csv', purchases);
    const second = await shop.run();
    // The refunds did not change, but what decides whether they are orphans did.
    expect(checkResult(second, 'base.refund', 'refers_to(parent_id, base.purchase)')).toMatchObject({
      failed: 0,
      verdict: 'pass',
    });
    expect(await shop.query(answer)).toEqual([ann, bob]);

    shop.put('void/1.csv', voids);
    await shop.run();
    expect(await shop.query(answer)).toEqual([ann]);
  });

  test('a check is measured anew when what decides it changed in a run that did not look at it', async () => {
    const shop = new Workshop(paymentsPlan());
    const orphans = 'refers_to(parent_id, base.purchase)';
    shop.put('refund/1.csv', refunds);
    const alone = await shop.run({ only: ['base.refund'] });
    expect(checkResult(alone, 'base.refund', orphans)).toMatchObject({ verdict: 'skipped' });
    expect(checkResult(await shop.run(), 'base.refund', orphans)).toMatchObject({ verdict: 'warn', failed: 2 });
    shop.put('purchase/1.csv', purchases);
    await shop.run({ only: ['base.purchase'] });
    const full = await shop.run();
    expect(checkResult(full, 'base.refund', orphans)).toMatchObject({ verdict: 'pass', failed: 0, total: 2 });
    expect(await shop.query(answer)).toEqual([ann, bob]);
    expect((await shop.run()).result.status).toBe('nothing_new');
  });
});

describe('a file is its content', () => {
  const reviews = 'review,product_id\n5,1\n5,1\n';

  test('two files of equal content are one, also without a key, also under another name in a later run', async () => {
    const shop = new Workshop();
    shop.put('reviews/a.csv', reviews);
    shop.put('reviews/b.csv', reviews);
    const first = await shop.run({ only: ['base.reviews'] });
    expect(fileResult(first, 'reviews/a.csv').status).toBe('loaded');
    expect(fileResult(first, 'reviews/b.csv').status).toBe('duplicate');
    expect(tableResult(first, 'base.reviews')).toMatchObject({ read: 2, accepted: 2, rows: 2 });

    shop.put('reviews/c.csv', reviews);
    shop.put('reviews/d.csv', `${reviews}\n`);
    const second = await shop.run({ only: ['base.reviews'] });
    expect(fileResult(second, 'reviews/c.csv').status).toBe('duplicate');
    expect(fileResult(second, 'reviews/d.csv').status).toBe('loaded');
    expect(tableResult(second, 'base.reviews')).toMatchObject({ read: 2, accepted: 2, rows: 4 });
  });
});

describe('a default file (its name begins with default-)', () => {
  const DAYS = {
    'dim_dates/default-xx-2024.csv': ['2024-01-01,true', '2024-01-02,true'],
    'dim_dates/own.csv': ['2024-01-02,false'],
  };
  const day = (line: string) => {
    const [date = '', working] = line.split(',');
    return [date, ...date.split('-').map(Number), 1, working].join(',');
  };
  const header = 'calendar_dt,year_num,month_of_the_year_num,day_of_the_month_num,day_of_the_week_num,working_day';
  const names = Object.keys(DAYS) as (keyof typeof DAYS)[];

  test.each([
    { what: 'before', runs: [[names[0]], [names[1]]] },
    { what: 'after', runs: [[names[1]], [names[0]]] },
    { what: 'with', runs: [names] },
  ])('that arrives $what a supplied one gives way to it, row by row, and nothing is contested', async ({ runs }) => {
    const shop = new Workshop(ourPlan());
    let last: RunReport | null = null;
    for (const files of runs) {
      for (const name of files) if (name) shop.put(name, [header, ...DAYS[name].map(day), ''].join('\n'));
      last = await shop.run({ only: ['base.dim_dates'] });
    }
    expect(await shop.query('select calendar_dt, working_day from base.dim_dates order by 1')).toEqual([
      { calendar_dt: '2024-01-01', working_day: true },
      { calendar_dt: '2024-01-02', working_day: false },
    ]);
    if (last)
      expect(checkResult(last, 'base.dim_dates', 'one_claim(calendar_dt)')).toMatchObject({ failed: 0, total: 2 });
  });
});
