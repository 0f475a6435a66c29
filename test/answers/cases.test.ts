import { describe, expect, it } from 'vitest';
import { csv, type Lake, type RawFiles, storedOrderAnswers, storedRefunds, withLake } from '../support/oracle-lake.ts';

type Cell = string | null;
const PURCHASE = ['id', 'timestamp', 'customer_id', 'merchant_id', 'amount'];
const CHILD = ['id', 'timestamp', 'parent_id', 'amount'];

/** `purchase`, `refund` and `void` as CSV files; a purchase is `[id, timestamp, customer]`. */
function payments(purchases: Cell[][], refunds: Cell[][], voids: Cell[][] = []): RawFiles {
  return {
    'purchase/a.csv': csv(
      PURCHASE,
      purchases.map(([id = null, at = null, customer = null]) => [id, at, customer, 'm', '100.00']),
    ),
    'refund/a.csv': csv(CHILD, refunds),
    'void/a.csv': csv(CHILD, voids),
  };
}

async function refundsOf(files: RawFiles): Promise<Record<string, string>> {
  return withLake(async (lake) => {
    await lake.write(files).run('2026-06-30', ['payments']);
    const rows = await storedRefunds(lake);
    return Object.fromEntries(rows.map((row) => [String(row.customer_id), String(row.total_refund)]));
  });
}

describe('refunds by customer', () => {
  it.each<[string, RawFiles, Record<string, string>]>([
    [
      'leaves out a refund in the month of its purchase',
      payments([['p', '2025-03-01T00:00:00Z', 'c']], [['r', '2025-03-31T23:59:59.999999Z', 'p', '1.00']]),
      {},
    ],
    [
      'counts the first microsecond of the next month',
      payments([['p', '2025-03-31T23:59:59.999999Z', 'c']], [['r', '2025-04-01T00:00:00Z', 'p', '1.05']]),
      { c: '1.05' },
    ],
    [
      'counts January after January, since the year counts',
      payments([['p', '2025-01-15T00:00:00Z', 'c']], [['r', '2026-01-15T00:00:00Z', 'p', '2.00']]),
      { c: '2.00' },
    ],
    [
      'counts a refund dated before its purchase, in another month',
      payments([['p', '2025-03-02T00:00:00Z', 'c']], [['r', '2025-02-28T00:00:00Z', 'p', '2.50']]),
      { c: '2.50' },
    ],
    [
      'takes the month in UTC: an offset moves a purchase into the month of its refund',
      payments([['p', '2025-03-31T23:30:00-01:00', 'c']], [['r', '2025-04-01T00:30:00Z', 'p', '1.00']]),
      {},
    ],
    [
      'takes the month in UTC: an offset moves a refund out of the month of its purchase',
      payments([['p', '2025-05-20 12:00:00', 'c']], [['r', '2025-06-01T05:00:00+14:00', 'p', '1.00']]),
      {},
    ],
    [
      'takes the month in UTC, over a year',
      payments([['p', '2024-12-31T20:00:00-05:00', 'c']], [['r', '2024-12-31 23:59:59', 'p', '1.00']]),
      { c: '1.00' },
    ],
    [
      'is not multiplied by several voids, and leaves out every refund of a voided purchase',
      payments(
        [
          ['p', '2025-01-01T00:00:00Z', 'c'],
          ['q', '2025-01-01T00:00:00Z', 'c'],
        ],
        [
          ['r1', '2025-02-01T00:00:00Z', 'p', '1.00'],
          ['r2', '2025-02-01T00:00:00Z', 'q', '3.00'],
          ['r3', '2025-05-01T00:00:00Z', 'q', '0.25'],
        ],
        [
          ['v1', '2025-01-02T00:00:00Z', 'p', '50.00'],
          ['v2', '2025-01-03T00:00:00Z', 'p', '50.00'],
          ['v3', '2025-01-04T00:00:00Z', null, '50.00'],
          ['v4', '2025-01-04T00:00:00Z', 'unknown', '50.00'],
        ],
      ),
      { c: '3.25' },
    ],
    [
      'has a void count whenever it is made and whatever it says',
      payments(
        [['p', '2025-01-01T00:00:00Z', 'c']],
        [['r', '2025-02-01T00:00:00Z', 'p', '1.00']],
        [['v', '2026-06-01T00:00:00Z', 'p', '0.00']],
      ),
      {},
    ],
    [
      'knows neither guests nor unknown purchases nor refunds without a purchase',
      payments(
        [
          ['p', '2025-01-01T00:00:00Z', null],
          ['q', '2025-01-01T00:00:00Z', 'c'],
        ],
        [
          ['r1', '2025-02-01T00:00:00Z', 'p', '1.00'],
          ['r2', '2025-02-01T00:00:00Z', 'nobody', '1.00'],
          ['r3', '2025-02-01T00:00:00Z', null, '1.00'],
        ],
      ),
      {},
    ],
    [
      'keeps customers apart by every byte, and adds exactly',
      payments(
        [
          ['p', '2025-01-01T00:00:00Z', 'C1'],
          ['q', '2025-01-01T00:00:00Z', 'c1'],
          ['s', '2025-01-01T00:00:00Z', '\u00e9'],
          ['t', '2025-01-01T00:00:00Z', 'e\u0301'],
          ['P', '2025-01-01T00:00:00Z', 'C1'],
        ],
        [
          ['r1', '2025-02-01T00:00:00Z', 'p', '9999999999.99'],
          ['r2', '2025-02-01T00:00:00Z', 'p', '9999999999.99'],
          ['r3', '2025-02-01T00:00:00Z', 'P', '0.1'],
          ['r4', '2025-02-01T00:00:00Z', 'P', '0.2'],
          ['r5', '2025-02-01T00:00:00Z', 'q', '-5'],
          ['r6', '2025-02-01T00:00:00Z', 's', '0.01'],
          ['r7', '2025-02-01T00:00:00Z', 't', '+0.02'],
        ],
      ),
      { C1: '20000000000.28', c1: '-5.00', '\u00e9': '0.01', 'e\u0301': '0.02' },
    ],
    [
      'keeps a customer whose refunds cancel out',
      payments(
        [['p', '2025-01-01T00:00:00Z', 'c']],
        [
          ['r1', '2025-02-01T00:00:00Z', 'p', '5.00'],
          ['r2', '2025-02-02T00:00:00Z', 'p', '-5.00'],
        ],
      ),
      { c: '0.00' },
    ],
    ['is empty without any file', {}, {}],
    ['is empty without purchases', { 'refund/a.csv': csv(CHILD, [['r', '2025-02-01T00:00:00Z', 'p', '1']]) }, {}],
  ])('%s', async (_says, files, expected) => {
    expect(await refundsOf(files)).toEqual(expected);
  });
});

const ORDER = ['order_id', 'customer_id', 'order_date', 'product_id', 'unit_price', 'quantity', 'total_price'];
const DATES = [
  'calendar_dt',
  'year_num',
  'month_of_the_year_num',
  'day_of_the_month_num',
  'day_of_the_week_num',
  'working_day',
];

/** What a case says of its world; an order is `[date, product]`, a date `[day, weekday, working]`, a review `[stars, product]`. */
interface World {
  readonly orders?: readonly (readonly [string, string])[];
  readonly dates?: readonly (readonly [string, string, string])[];
  readonly reviews?: readonly (readonly [string, string])[];
  /** `[order, shipped, delivered]`; orders are numbered from 1. */
  readonly shipments?: readonly (readonly [string, Cell, Cell])[];
  readonly products?: readonly (readonly [string, string])[];
}

function files({ orders, dates, reviews, shipments, products }: World): RawFiles {
  return {
    ...(orders && {
      'orders/a.csv': csv(
        ORDER,
        orders.map(([date, product], at) => [String(at + 1), '1', date, product, '1.00', '1', '1.00']),
      ),
    }),
    ...(dates && {
      'dim_dates/a.csv': csv(
        DATES,
        dates.map(([day, weekday, working]) => [day, day.slice(0, 4), day.slice(5, 7), day.slice(8), weekday, working]),
      ),
    }),
    ...(reviews && { 'reviews/a.csv': csv(['review', 'product_id'], reviews) }),
    ...(shipments && {
      'shipment_deliveries/a.csv': csv(
        ['shipment_id', 'order_id', 'shipment_date', 'delivery_date'],
        shipments.map((shipment, at) => [String(at + 1), ...shipment]),
      ),
    }),
    ...(products && {
      'dim_products/a.csv': csv(
        ['product_id', 'product_category', 'product_name'],
        products.map(([id, name]) => [id, 'things', name]),
      ),
    }),
  };
}

const answersOf = (world: World, asOf: string) =>
  withLake(async (lake: Lake) => {
    await lake.write(files(world)).run(asOf, ['orders']);
    return storedOrderAnswers(lake, asOf);
  });

/** The months that are not zero. */
async function holidayOrders(world: World, asOf: string): Promise<Record<string, number>> {
  const { holidays } = await answersOf(world, asOf);
  expect(holidays).toHaveLength(1);
  const months = Object.entries(holidays[0] ?? {}).filter(([name, value]) => name.startsWith('tt_') && value !== 0n);
  return Object.fromEntries(months.map(([name, value]) => [name.slice(-3), Number(value)]));
}

const holiday = (day: string): readonly [string, string, string] => [day, '3', 'false'];

describe('orders on public holidays', () => {
  it.each<[string, string, World, Record<string, number>]>([
    [
      'lie in (as-of minus one year, as-of]',
      '2025-07-04',
      {
        orders: ['2024-07-04', '2024-07-05', '2025-07-04', '2025-07-05'].map((day) => [day, '1'] as const),
        dates: ['2024-07-04', '2024-07-05', '2025-07-04', '2025-07-05'].map(holiday),
      },
      { jul: 2 },
    ],
    [
      'begin on 1 March where the year before has no 29 February',
      '2024-02-29',
      {
        orders: ['2023-02-28', '2023-03-01', '2024-02-29', '2024-03-01'].map((day) => [day, '1'] as const),
        dates: ['2023-02-28', '2023-03-01', '2024-02-29', '2024-03-01'].map(holiday),
      },
      { feb: 1, mar: 1 },
    ],
    [
      'leave out 28 February of a leap year and count its 29th',
      '2025-02-28',
      {
        orders: ['2024-02-28', '2024-02-29', '2025-02-28'].map((day) => [day, '1'] as const),
        dates: ['2024-02-28', '2024-02-29', '2025-02-28'].map(holiday),
      },
      { feb: 2 },
    ],
    [
      'are on Monday to Friday and on no working day',
      '2025-12-31',
      {
        orders: ['01', '02', '03', '04', '05', '06', '07', '08'].map((day) => [`2025-09-${day}`, '1'] as const),
        dates: [
          ['2025-09-01', '1', 'false'],
          ['2025-09-02', '5', 'false'],
          ['2025-09-03', '6', 'false'],
          ['2025-09-04', '7', 'false'],
          ['2025-09-05', '1', 'true'],
          ['2025-09-06', '7', 'true'],
        ],
      },
      { sep: 2 },
    ],
    [
      'count every order of a day',
      '2025-12-31',
      {
        orders: [
          ['2025-12-25', '1'],
          ['2025-12-25', '1'],
          ['2025-12-25', '2'],
        ],
        dates: [holiday('2025-12-25')],
      },
      { dec: 3 },
    ],
    ['are zero without a calendar', '2025-12-31', { orders: [['2025-12-25', '1']] }, {}],
    ['are zero without orders', '2025-12-31', { dates: [holiday('2025-12-25')] }, {}],
    ['are zero without any file', '2025-12-31', {}, {}],
  ])('%s', async (_says, asOf, world, expected) => {
    expect(await holidayOrders(world, asOf)).toEqual(expected);
  });
});

describe('shipments', () => {
  it.each<[string, string, World, { late: bigint; undelivered: bigint }]>([
    [
      'are late from the sixth day on, and only while they are not delivered',
      '2025-12-31',
      {
        orders: [['2025-02-25', '1']],
        shipments: [
          ['1', '2025-03-02', null],
          ['1', '2025-03-03', null],
          ['1', '2025-03-04', null],
          ['1', '2025-03-04', '2025-03-05'],
          ['1', '2025-02-25', null],
        ],
      },
      { late: 2n, undelivered: 0n },
    ],
    [
      'are undelivered from the fifteenth day on, over the end of a leap February',
      '2024-03-05',
      {
        orders: [
          ['2024-02-19', '1'],
          ['2024-02-20', '1'],
        ],
        shipments: [
          ['1', null, null],
          ['2', null, null],
        ],
      },
      { late: 0n, undelivered: 1n },
    ],
    [
      'with a delivery but no shipment are neither',
      '2025-12-31',
      { orders: [['2025-01-01', '1']], shipments: [['1', null, '2025-03-01']] },
      { late: 0n, undelivered: 0n },
    ],
    [
      'of unknown orders do not count; several of one order do',
      '2025-12-31',
      {
        orders: [['2025-01-01', '1']],
        shipments: [
          ['7', null, null],
          ['7', '2025-12-01', null],
          ['1', null, null],
          ['1', null, null],
          ['1', '2025-02-01', null],
        ],
      },
      { late: 1n, undelivered: 2n },
    ],
    ['are zero without any file', '2025-12-31', {}, { late: 0n, undelivered: 0n }],
  ])('%s', async (_says, asOf, world, { late, undelivered }) => {
    expect((await answersOf(world, asOf)).shipments).toEqual([
      { ingestion_date: asOf, tt_late_shipments: late, tt_undelivered_items: undelivered },
    ]);
  });
});

describe('the best performing product', () => {
  const five = (product: string, stars: string[]) => stars.map((review) => [review, product] as const);
  it.each<[string, World, object | null]>([
    ['is nobody without reviews', { orders: [['2025-01-01', '1']] }, null],
    [
      'is the one with most points, not most reviews or the best average; empty where nothing is known of it',
      { reviews: [...five('1', ['1', '1', '1', '1', '1']), ...five('2', ['5']), ...five('3', ['3', '3'])] },
      {
        product_name: null,
        most_ordered_day: null,
        is_public_holiday: null,
        tt_review_points: 6n,
        pct_three_star_review: '100.00',
        pct_one_star_review: '0.00',
        pct_early_shipments: null,
        pct_late_shipments: null,
      },
    ],
    [
      'is the smallest number of equals, by value',
      {
        reviews: [...five('10', ['5']), ...five('9', ['4', '1']), ...five('-2', ['4'])],
        products: [
          ['9', 'nine'],
          ['10', 'ten'],
        ],
      },
      { product_name: 'nine', tt_review_points: 5n, pct_one_star_review: '50.00', pct_four_star_review: '50.00' },
    ],
    [
      'rounds shares half up: 1 of 32 is 3.13, 3 of 32 is 9.38, 7 of 32 is 21.88',
      {
        reviews: five('1', [...'1'.repeat(1), ...'2'.repeat(3), ...'3'.repeat(7), ...'4'.repeat(5), ...'5'.repeat(16)]),
      },
      {
        pct_one_star_review: '3.13',
        pct_two_star_review: '9.38',
        pct_three_star_review: '21.88',
        pct_four_star_review: '15.63',
        pct_five_star_review: '50.00',
      },
    ],
    [
      'cuts 1 of 3 to 33.33 and lifts 2 of 3 to 66.67',
      { reviews: five('1', ['1', '2', '2']) },
      { pct_one_star_review: '33.33', pct_two_star_review: '66.67' },
    ],
    [
      'has the earliest of its days with most orders, a holiday or not',
      {
        reviews: five('1', ['5']),
        orders: [
          ['2025-05-02', '1'],
          ['2025-05-01', '1'],
          ['2025-05-02', '1'],
          ['2025-05-01', '1'],
          ['2025-05-03', '1'],
          ['2025-05-04', '2'],
          ['2025-05-04', '2'],
          ['2025-05-04', '2'],
        ],
        dates: [holiday('2025-05-01'), ['2025-05-02', '5', 'true']],
      },
      { most_ordered_day: '2025-05-01', is_public_holiday: true },
    ],
    [
      'says false for a Saturday that nobody works on, and nothing for a day that no calendar has',
      { reviews: five('1', ['5']), orders: [['2025-05-03', '1']], dates: [['2025-05-03', '6', 'false']] },
      { most_ordered_day: '2025-05-03', is_public_holiday: false },
    ],
    [
      'does not know a day that no calendar has',
      { reviews: five('1', ['5']), orders: [['2025-05-03', '1']] },
      { most_ordered_day: '2025-05-03', is_public_holiday: null },
    ],
    [
      'shares early and late among early and late only',
      {
        reviews: five('1', ['5']),
        orders: [
          ['2025-01-01', '1'],
          ['2025-01-01', '2'],
        ],
        shipments: [
          ['1', '2025-01-06', '2025-02-01'],
          ['1', '2025-01-02', '2025-01-03'],
          ['1', '2025-01-07', null],
          ['1', '2025-01-07', '2025-01-09'],
          ['1', '2025-01-02', null],
          ['1', null, null],
          ['2', '2025-01-20', null],
        ],
      },
      { pct_early_shipments: '66.67', pct_late_shipments: '33.33' },
    ],
    [
      'has no shares where no shipment is early or late',
      { reviews: five('1', ['5']), orders: [['2025-01-01', '1']], shipments: [['1', '2025-01-20', '2025-01-21']] },
      { pct_early_shipments: null, pct_late_shipments: null },
    ],
    [
      'does not count reviews outside 1 to 5',
      { reviews: [...five('1', ['0', '6', '-1', '5']), ...five('2', ['3', '3'])] },
      { tt_review_points: 6n },
    ],
  ])('%s', async (_says, world, expected) => {
    const { best } = await answersOf(world, '2025-06-30');
    if (expected === null) expect(best).toEqual([]);
    else expect(best).toMatchObject([{ ingestion_date: '2025-06-30', ...expected }]);
    expect(best.length).toBeLessThanOrEqual(1);
  });
});
