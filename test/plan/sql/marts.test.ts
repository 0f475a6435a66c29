import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answer } from './lake.ts';

const model = (path: string): string => readFileSync(new URL(`../../../sql/${path}.sql`, import.meta.url), 'utf8');
type Rows = Readonly<Record<string, string>>;

describe('refunds_by_customer', () => {
  const purchase = (id: string, at: string, customer: string | null = 'c1') =>
    `('${id}', '${at}', ${customer === null ? 'null' : `'${customer}'`}, 'm1', 100)`;
  const event = (id: string, at: string, parent: string | null, amount = '10.00') =>
    `('${id}', '${at}', ${parent === null ? 'null' : `'${parent}'`}, ${amount})`;
  const cases: readonly (readonly [what: string, lake: Rows, totals: Readonly<Record<string, string>>])[] = [
    ['nothing', {}, {}],
    [
      'another month',
      {
        'base.purchase': purchase('p', '2025-01-31 23:59:59.999999'),
        'base.refund': event('r', '2025-02-01 00:00:00', 'p'),
      },
      { c1: '10.00' },
    ],
    [
      'the same month',
      {
        'base.purchase': purchase('p', '2025-01-01 00:00:00'),
        'base.refund': event('r', '2025-01-31 23:59:59.999999', 'p'),
      },
      {},
    ],
    [
      'the same month of another year',
      { 'base.purchase': purchase('p', '2025-01-15'), 'base.refund': event('r', '2026-01-15', 'p') },
      { c1: '10.00' },
    ],
    [
      'a refund before its purchase, in another month',
      { 'base.purchase': purchase('p', '2025-02-01'), 'base.refund': event('r', '2025-01-31', 'p') },
      { c1: '10.00' },
    ],
    [
      'several refunds of one purchase',
      {
        'base.purchase': purchase('p', '2025-01-15'),
        'base.refund': `${event('r', '2025-02-01', 'p')}, ${event('s', '2025-03-01', 'p', '0.01')}, ${event('t', '2025-01-20', 'p')}`,
      },
      { c1: '10.01' },
    ],
    [
      'a voided purchase',
      {
        'base.purchase': purchase('p', '2025-01-15'),
        'base.refund': event('r', '2025-02-01', 'p'),
        'base.void': event('v', '2025-05-01', 'p'),
      },
      {},
    ],
    [
      'several voids take out one purchase and multiply none',
      {
        'base.purchase': `${purchase('p', '2025-01-15')}, ${purchase('q', '2025-01-15')}`,
        'base.refund': `${event('r', '2025-02-01', 'p')}, ${event('s', '2025-02-01', 'q', '3.00')}`,
        'base.void': `${event('v', '2025-05-01', 'p')}, ${event('w', '2025-05-02', 'p')}`,
      },
      { c1: '3.00' },
    ],
    [
      'a void of nobody knows what',
      {
        'base.purchase': purchase('p', '2025-01-15'),
        'base.refund': event('r', '2025-02-01', 'p'),
        'base.void': event('v', '2025-05-01', null),
      },
      { c1: '10.00' },
    ],
    [
      'a void of another purchase',
      {
        'base.purchase': purchase('p', '2025-01-15'),
        'base.refund': event('r', '2025-02-01', 'p'),
        'base.void': event('v', '2025-05-01', 'zzz'),
      },
      { c1: '10.00' },
    ],
    [
      'a guest',
      { 'base.purchase': purchase('p', '2025-01-15', null), 'base.refund': event('r', '2025-02-01', 'p') },
      {},
    ],
    [
      'an unknown parent, and none',
      {
        'base.purchase': purchase('p', '2025-01-15'),
        'base.refund': `${event('r', '2025-02-01', 'zzz')}, ${event('s', '2025-02-01', null)}`,
      },
      {},
    ],
    [
      'two customers, two purchases',
      {
        'base.purchase': `${purchase('p', '2025-01-15')}, ${purchase('q', '2025-01-15')}, ${purchase('x', '2025-01-15', 'c2')}`,
        'base.refund': `${event('r', '2025-02-01', 'p')}, ${event('s', '2025-02-01', 'q')}, ${event('t', '2024-12-31', 'x', '-1.50')}`,
      },
      { c1: '20.00', c2: '-1.50' },
    ],
    [
      'amounts that would overflow 12 digits',
      {
        'base.purchase': purchase('p', '2025-01-15'),
        'base.refund': `${event('r', '2025-02-01', 'p', '9999999999.99')}, ${event('s', '2025-02-01', 'p', '9999999999.99')}`,
      },
      { c1: '19999999999.98' },
    ],
  ];
  it.each(cases)('%s', async (_what, lake, totals) => {
    const rows = await answer(model('mart/refunds_by_customer'), lake);
    expect(Object.fromEntries(rows.map((row) => [row.customer_id, row.total_refund]))).toEqual(totals);
    expect(rows).toHaveLength(Object.keys(totals).length);
  });
});

/** A calendar day: Monday to Friday and no working day makes a public holiday. */
const day = (date: string, weekday: number, working: boolean) => `('${date}', 0, 1, 1, ${weekday}, ${working})`;
const order = (id: number, date: string, product = 1) => `(${id}, 1, '${date}', ${product}, 1, 1, 1)`;
const shipment = (id: number, orderId: number, shipped: string | null, delivered: string | null) =>
  `(${id}, ${orderId}, ${shipped === null ? 'null' : `'${shipped}'`}, ${delivered === null ? 'null' : `'${delivered}'`})`;

describe('agg_public_holiday', () => {
  const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
  const cases: readonly (readonly [
    what: string,
    asOf: string,
    lake: Rows,
    counts: Readonly<Record<string, number>>,
  ])[] = [
    ['no tables at all: one row of zeros', '2026-01-01', {}, {}],
    [
      'a holiday from Monday to Friday',
      '2026-01-01',
      {
        'base.dim_dates': day('2025-12-25', 4, false),
        'base.orders': `${order(1, '2025-12-25')}, ${order(2, '2025-12-25')}`,
      },
      { dec: 2 },
    ],
    [
      'a working day',
      '2026-01-01',
      { 'base.dim_dates': day('2025-12-23', 2, true), 'base.orders': order(1, '2025-12-23') },
      {},
    ],
    [
      'a weekend is none',
      '2026-01-01',
      {
        'base.dim_dates': `${day('2025-12-27', 6, false)}, ${day('2025-12-28', 7, false)}`,
        'base.orders': `${order(1, '2025-12-27')}, ${order(2, '2025-12-28')}`,
      },
      {},
    ],
    ['a day that the calendar lacks', '2026-01-01', { 'base.orders': order(1, '2025-12-25') }, {}],
    [
      'the as-of date is in, a year before is out',
      '2026-01-01',
      {
        'base.dim_dates': `${day('2026-01-01', 4, false)}, ${day('2025-01-01', 3, false)}, ${day('2025-01-02', 4, false)}`,
        'base.orders': `${order(1, '2026-01-01')}, ${order(2, '2025-01-01')}, ${order(3, '2025-01-02')}`,
      },
      { jan: 2 },
    ],
    [
      'after the as-of date',
      '2026-01-01',
      { 'base.dim_dates': day('2026-01-02', 5, false), 'base.orders': order(1, '2026-01-02') },
      {},
    ],
    [
      'from 29 February: 28 is out, 1 March is in',
      '2024-02-29',
      {
        'base.dim_dates': `${day('2023-02-28', 2, false)}, ${day('2023-03-01', 3, false)}, ${day('2024-02-29', 4, false)}`,
        'base.orders': `${order(1, '2023-02-28')}, ${order(2, '2023-03-01')}, ${order(3, '2024-02-29')}`,
      },
      { feb: 1, mar: 1 },
    ],
    [
      'to 28 February after a leap day',
      '2025-02-28',
      {
        'base.dim_dates': `${day('2024-02-28', 3, false)}, ${day('2024-02-29', 4, false)}`,
        'base.orders': `${order(1, '2024-02-28')}, ${order(2, '2024-02-29')}`,
      },
      { feb: 1 },
    ],
    [
      'each month in its column',
      '2026-01-01',
      {
        'base.dim_dates': months.map((_m, n) => day(`2025-${String(n + 1).padStart(2, '0')}-15`, 3, false)).join(', '),
        'base.orders': months
          .flatMap((_m, n) =>
            [...Array(n + 1).keys()].map((k) => order(100 * n + k, `2025-${String(n + 1).padStart(2, '0')}-15`)),
          )
          .join(', '),
      },
      Object.fromEntries(months.map((m, n) => [m, n + 1])),
    ],
  ];
  it.each(cases)('%s', async (_what, asOf, lake, counts) => {
    const expected = Object.fromEntries(months.map((m) => [`tt_order_hol_${m}`, String(counts[m] ?? 0)]));
    expect(await answer(model('mart/agg_public_holiday'), lake, asOf)).toEqual([{ ingestion_date: asOf, ...expected }]);
  });
});

describe('agg_shipments', () => {
  const one = { 'base.orders': order(1, '2025-01-31') };
  const cases: readonly (readonly [
    what: string,
    asOf: string,
    shipments: string,
    late: number,
    undelivered: number,
  ])[] = [
    ['no shipments', '2026-01-01', '', 0, 0],
    ['shipped after 5 days', '2026-01-01', shipment(1, 1, '2025-02-05', null), 0, 0],
    ['shipped after 6 days', '2026-01-01', shipment(1, 1, '2025-02-06', null), 1, 0],
    ['shipped after 6 days and delivered', '2026-01-01', shipment(1, 1, '2025-02-06', '2025-02-09'), 0, 0],
    ['neither, 14 days ago', '2025-02-14', shipment(1, 1, null, null), 0, 0],
    ['neither, 15 days ago', '2025-02-15', shipment(1, 1, null, null), 0, 1],
    ['delivered, never shipped', '2026-01-01', shipment(1, 1, null, '2025-03-01'), 0, 0],
    ['of an unknown order', '2026-01-01', `${shipment(1, 9, '2025-12-01', null)}, ${shipment(2, 9, null, null)}`, 0, 0],
    [
      'two shipments of one order are two',
      '2026-01-01',
      `${shipment(1, 1, '2025-03-01', null)}, ${shipment(2, 1, '2025-03-02', null)}, ${shipment(3, 1, null, null)}`,
      2,
      1,
    ],
    [
      'shipped after the as-of date counts: it limits only what a rule says',
      '2025-02-01',
      shipment(1, 1, '2025-03-01', null),
      1,
      0,
    ],
  ];
  it.each(cases)('%s', async (_what, asOf, shipments, late, undelivered) => {
    const row = { ingestion_date: asOf, tt_late_shipments: String(late), tt_undelivered_items: String(undelivered) };
    expect(await answer(model('mart/agg_shipments'), { ...one, 'base.shipment_deliveries': shipments }, asOf)).toEqual([
      row,
    ]);
  });
  it('no tables at all: one row of zeros', async () => {
    const row = { ingestion_date: '2026-01-01', tt_late_shipments: '0', tt_undelivered_items: '0' };
    expect(await answer(model('mart/agg_shipments'), {}, '2026-01-01')).toEqual([row]);
  });
});

describe('best_performing_product', () => {
  const reviews = (...stars: readonly (readonly [product: number, stars: readonly number[]])[]) =>
    stars.flatMap(([product, list]) => list.map((review) => `(${review}, ${product})`)).join(', ');
  const names = "(1, 'c', 'Lamp'), (2, 'c', 'Desk')";
  const cases: readonly (readonly [what: string, lake: Rows, expected: Readonly<Record<string, unknown>> | null])[] = [
    ['no reviews: no row', { 'base.dim_products': names, 'base.orders': order(1, '2025-01-01') }, null],
    [
      'most points, not most reviews or best mean',
      { 'base.dim_products': names, 'base.reviews': reviews([1, [5, 5]], [2, [4, 4, 3]]) },
      { product_name: 'Desk', tt_review_points: '11' },
    ],
    [
      'a tie goes to the smaller product',
      { 'base.dim_products': names, 'base.reviews': reviews([2, [5]], [1, [2, 3]]) },
      { product_name: 'Lamp', tt_review_points: '5' },
    ],
    [
      'ids compare as numbers',
      { 'base.dim_products': "(9, 'c', 'Nine'), (10, 'c', 'Ten')", 'base.reviews': reviews([10, [5]], [9, [5]]) },
      { product_name: 'Nine' },
    ],
    [
      'shares of stars, half up',
      { 'base.reviews': reviews([1, [1, 2, 2, 4, 4, 5, 5, 5]]) },
      {
        pct_one_star_review: '12.50',
        pct_two_star_review: '25.00',
        pct_three_star_review: '0.00',
        pct_four_star_review: '25.00',
        pct_five_star_review: '37.50',
      },
    ],
    [
      'thirds',
      { 'base.reviews': reviews([1, [1, 5, 5]]) },
      { pct_one_star_review: '33.33', pct_five_star_review: '66.67' },
    ],
    [
      'neither in the catalogue, nor ordered, nor shipped',
      { 'base.reviews': reviews([1, [5]]) },
      {
        product_name: null,
        most_ordered_day: null,
        is_public_holiday: null,
        pct_early_shipments: null,
        pct_late_shipments: null,
      },
    ],
    [
      'the day with most orders',
      {
        'base.reviews': reviews([1, [5]]),
        'base.orders': [
          order(1, '2025-03-01'),
          order(2, '2025-04-01'),
          order(3, '2025-04-01'),
          order(4, '2025-05-01', 2),
          order(5, '2025-05-01', 2),
          order(6, '2025-05-01', 2),
        ].join(', '),
      },
      { most_ordered_day: '2025-04-01', is_public_holiday: null },
    ],
    [
      'the earliest of equal days',
      { 'base.reviews': reviews([1, [5]]), 'base.orders': [order(1, '2025-04-01'), order(2, '2025-03-01')].join(', ') },
      { most_ordered_day: '2025-03-01' },
    ],
    [
      'its day is a public holiday',
      {
        'base.reviews': reviews([1, [5]]),
        'base.orders': order(1, '2025-12-25'),
        'base.dim_dates': day('2025-12-25', 4, false),
      },
      { is_public_holiday: true },
    ],
    [
      'its day is a Sunday',
      {
        'base.reviews': reviews([1, [5]]),
        'base.orders': order(1, '2025-12-28'),
        'base.dim_dates': day('2025-12-28', 7, false),
      },
      { is_public_holiday: false },
    ],
    [
      'its day is a working day',
      {
        'base.reviews': reviews([1, [5]]),
        'base.orders': order(1, '2025-12-23'),
        'base.dim_dates': day('2025-12-23', 2, true),
      },
      { is_public_holiday: false },
    ],
    [
      'early and late of both, other shipments aside',
      {
        'base.reviews': reviews([1, [5]]),
        'base.orders': [order(1, '2025-01-01'), order(2, '2025-01-01', 2)].join(', '),
        'base.shipment_deliveries': [
          shipment(1, 1, '2025-01-06', '2025-01-20'),
          shipment(2, 1, '2025-01-07', null),
          shipment(3, 1, '2025-01-01', '2025-01-02'),
          shipment(4, 1, '2025-01-07', '2025-01-08'),
          shipment(5, 1, '2025-01-02', null),
          shipment(6, 1, null, null),
          shipment(7, 2, '2025-01-07', null),
          shipment(8, 99, '2025-01-07', null),
        ].join(', '),
      },
      { pct_early_shipments: '66.67', pct_late_shipments: '33.33' },
    ],
    [
      'only shipments that are neither',
      {
        'base.reviews': reviews([1, [5]]),
        'base.orders': order(1, '2025-01-01'),
        'base.shipment_deliveries': shipment(1, 1, null, null),
      },
      { pct_early_shipments: null, pct_late_shipments: null },
    ],
    [
      'an order with two shipments is one order of its day',
      {
        'base.reviews': reviews([1, [5]]),
        'base.orders': [order(1, '2025-03-01'), order(2, '2025-04-01'), order(3, '2025-04-01')].join(', '),
        'base.shipment_deliveries': [
          shipment(1, 1, '2025-03-01', null),
          shipment(2, 1, '2025-03-01', null),
          shipment(3, 1, '2025-03-01', null),
        ].join(', '),
      },
      { most_ordered_day: '2025-04-01' },
    ],
  ];
  it.each(cases)('%s', async (_what, lake, expected) => {
    const rows = await answer(model('mart/best_performing_product'), lake, '2026-01-01');
    if (expected === null) expect(rows).toEqual([]);
    else expect(rows).toEqual([expect.objectContaining({ ingestion_date: '2026-01-01', ...expected })]);
  });
});

describe("analysts' queries", () => {
  const payments: Rows = {
    'base.purchase': [
      "('p1', '2025-01-15', 'c1', 'm1', 100)",
      "('p2', '2025-01-20', null, 'm2', 50)",
      "('p3', '2025-02-01', 'c2', 'm1', 0)",
      "('p4', '2025-01-31', 'c1', 'm2', 1000)",
      "('p5', '2025-04-01', 'c1', 'm2', 8)",
    ].join(', '),
    'base.refund': [
      "('r1', '2025-02-01', 'p1', 33.33)",
      "('r2', '2025-02-02', 'p2', 5)",
      "('r3', '2025-01-20', 'p1', 1)",
      "('r4', '2025-03-01', 'p4', 999)",
      "('r5', '2026-02-01', 'p3', 2)",
      "('r6', '2026-02-01', 'zz', 7)",
    ].join(', '),
    'base.void': "('v1', '2025-02-02', 'p4', 1), ('v2', '2025-02-03', 'p4', 1), ('v3', '2025-02-03', null, 1)",
  };
  const orders: Rows = {
    'base.orders': [order(1, '2025-12-25'), order(2, '2025-12-01', 2), order(3, '2025-12-23', 2)].join(', '),
    'base.reviews': '(5, 1), (1, 2), (5, 3), (4, 2)',
    'base.dim_products': "(1, 'light', 'Lamp'), (2, 'wood', 'Desk')",
    'base.dim_dates': [day('2025-12-25', 4, false), day('2025-12-23', 2, true)].join(', '),
    'base.shipment_deliveries': [
      shipment(1, 1, '2025-12-31', null),
      shipment(2, 2, null, null),
      shipment(3, 2, '2025-12-02', null),
    ].join(', '),
  };
  const cases: readonly (readonly [query: string, lake: Rows, rows: readonly (readonly unknown[])[]])[] = [
    [
      'refunds-by-month',
      payments,
      [
        ['2025-02-01', '2', '33.33', '5.00'],
        ['2026-02-01', '1', '2.00', '0.00'],
      ],
    ],
    [
      'refunds-by-merchant',
      payments,
      [
        ['m1', '2', '35.33', '0.00'],
        ['m2', '1', '0.00', '5.00'],
      ],
    ],
    ['refunds-same-month', payments, [['2025-01-01', '1', '1.00']]],
    [
      'refund-rate',
      payments,
      [
        ['2025-01-01', '2', '150.00', '39.33', '26.22'],
        ['2025-02-01', '1', '0.00', '2.00', null],
        ['2025-04-01', '1', '8.00', '0.00', '0.00'],
      ],
    ],
    ['late-shipments', orders, [['1', '1', '1', '1', '2025-12-25', '2025-12-31']]],
    ['undelivered-items', orders, [['2', '2', '1', '2', '2025-12-01']]],
    [
      'best-products',
      orders,
      [
        ['1', 'Lamp', 'light', '5', '1', '100.00'],
        ['2', 'Desk', 'wood', '5', '2', '0.00'],
        ['3', null, null, '5', '1', '100.00'],
      ],
    ],
    ['orders-on-holidays', orders, [['2025-12-25', '1', '1', '1.00']]],
  ];
  it.each(cases)('%s', async (query, lake, rows) => {
    const text = model(`analyst/${query}`);
    expect((await answer(text, lake, '2026-01-01')).map((row) => Object.values(row))).toEqual(rows);
    expect(await answer(text, {}, '2026-01-01')).toEqual([]);
  });
  it('add up to the mart', async () => {
    const total = async (path: string) => {
      const rows = await answer(model(path), payments);
      return rows.reduce((sum, row) => sum + Number(row.total_refund), 0).toFixed(2);
    };
    expect(await total('analyst/refunds-by-month')).toBe(await total('mart/refunds_by_customer'));
    expect(await total('analyst/refunds-by-merchant')).toBe('35.33');
  });
});
