import {
  append,
  atLeast,
  base,
  between,
  boolean,
  date,
  days,
  decimal,
  exposure,
  freshWithin,
  integer,
  keep,
  mart,
  merge,
  month,
  type Product,
  refersTo,
  rowCount,
  text,
} from '../contract/index.ts';

export const orders = base({
  name: 'orders',
  product: 'orders',
  owner: 'sales',
  description: 'One row per order of one product.',
  row: {
    order_id: integer().describe('order number'),
    customer_id: integer().personal('indirect').describe('who ordered'),
    order_date: date().describe('day of the order'),
    product_id: integer().describe('what was ordered'),
    unit_price: decimal(12, 2).describe('price of one piece'),
    quantity: integer().describe('pieces'),
    total_price: decimal(12, 2).describe('price of the order'),
  },
  grain: ['order_id'],
  eventTime: 'order_date',
  partitionBy: month('order_date'),
  write: append(),
  checks: [
    refersTo('product_id', 'dim_products'),
    refersTo('customer_id', 'dim_customers'),
    refersTo('order_date', 'dim_dates'),
    atLeast('quantity', 1),
    atLeast('unit_price', 0),
    freshWithin(days(2), 'order_date'),
  ],
});

/** Reviews have no key: two equal rows are two reviews. */
export const reviews = base({
  name: 'reviews',
  product: 'orders',
  owner: 'sales',
  description: 'One row per review of a product.',
  row: {
    review: integer().describe('stars, 1 (worst) to 5 (best)'),
    product_id: integer().describe('product reviewed'),
  },
  grain: [],
  eventTime: null,
  write: keep(),
  rules: [between('review', 1, 5)],
  checks: [refersTo('product_id', 'dim_products'), freshWithin(days(7))],
});

/** A shipment is delivered anew as its dates become known; the fuller record wins, since a missing date sorts last. */
export const shipmentDeliveries = base({
  name: 'shipment_deliveries',
  product: 'orders',
  owner: 'logistics',
  description: 'One row per shipment of an order.',
  row: {
    shipment_id: integer().describe('shipment number'),
    order_id: integer().describe('order shipped'),
    shipment_date: date().nullable().describe('day it left; empty until then'),
    delivery_date: date().nullable().describe('day it arrived; empty until then'),
  },
  grain: ['shipment_id'],
  eventTime: null,
  write: merge(),
  checks: [refersTo('order_id', 'orders'), freshWithin(days(7))],
});

export const dimProducts = base({
  name: 'dim_products',
  product: 'orders',
  owner: 'sales',
  description: 'One row per product.',
  row: {
    product_id: integer().describe('product number'),
    product_category: text().describe('category in the catalogue'),
    product_name: text().describe('name shown to customers'),
  },
  grain: ['product_id'],
  eventTime: null,
  write: merge(),
  checks: [rowCount(1), freshWithin(days(31))],
});

export const dimCustomers = base({
  name: 'dim_customers',
  product: 'orders',
  owner: 'sales',
  description: 'One row per customer.',
  row: {
    customer_id: integer().personal('indirect').describe('customer number'),
    customer_name: text().personal('direct').describe('name of the customer'),
    postal_code: text().personal('indirect').describe('postal code, as text: leading zeros count'),
  },
  grain: ['customer_id'],
  eventTime: null,
  write: merge(),
  checks: [freshWithin(days(31))],
});

export const dimDates = base({
  name: 'dim_dates',
  product: 'orders',
  owner: 'finance',
  description: 'One row per calendar day.',
  row: {
    calendar_dt: date().describe('the day'),
    year_num: integer().describe('year'),
    month_of_the_year_num: integer().describe('month, 1 to 12'),
    day_of_the_month_num: integer().describe('day of the month, 1 to 31'),
    day_of_the_week_num: integer().describe('day of the week, 1 = Monday to 7 = Sunday'),
    working_day: boolean().describe('false on weekends and public holidays'),
  },
  grain: ['calendar_dt'],
  eventTime: null,
  write: merge(),
  rules: [
    between('month_of_the_year_num', 1, 12),
    between('day_of_the_month_num', 1, 31),
    between('day_of_the_week_num', 1, 7),
  ],
  checks: [rowCount(1), freshWithin(days(31))],
  madeBy: 'lakehouse calendar --country DE --years 2024-2027',
});

const asOfDay = date().describe('the as-of date of the answer');
const count = (what: string) => integer().describe(what);
const percent = (what: string) => decimal(9, 2).describe(`${what}, in percent, half up`);

export const aggPublicHoliday = mart({
  name: 'agg_public_holiday',
  product: 'orders',
  owner: 'sales',
  description: 'One row per as-of date: orders placed on public holidays in the year before, by calendar month.',
  row: {
    ingestion_date: asOfDay,
    tt_order_hol_jan: count('orders on public holidays in January'),
    tt_order_hol_feb: count('orders on public holidays in February'),
    tt_order_hol_mar: count('orders on public holidays in March'),
    tt_order_hol_apr: count('orders on public holidays in April'),
    tt_order_hol_may: count('orders on public holidays in May'),
    tt_order_hol_jun: count('orders on public holidays in June'),
    tt_order_hol_jul: count('orders on public holidays in July'),
    tt_order_hol_aug: count('orders on public holidays in August'),
    tt_order_hol_sep: count('orders on public holidays in September'),
    tt_order_hol_oct: count('orders on public holidays in October'),
    tt_order_hol_nov: count('orders on public holidays in November'),
    tt_order_hol_dec: count('orders on public holidays in December'),
  },
  grain: ['ingestion_date'],
  write: merge(),
  checks: [rowCount(1, null, { severity: 'fail' })],
});

export const aggShipments = mart({
  name: 'agg_shipments',
  product: 'orders',
  owner: 'logistics',
  description: 'One row per as-of date: shipments of known orders that are late or never arrived.',
  row: {
    ingestion_date: asOfDay,
    tt_late_shipments: count('shipped six days or more after the order and not delivered'),
    tt_undelivered_items: count('ordered fifteen days or more ago and neither shipped nor delivered'),
  },
  grain: ['ingestion_date'],
  write: merge(),
  checks: [rowCount(1, null, { severity: 'fail' })],
});

export const bestPerformingProduct = mart({
  name: 'best_performing_product',
  product: 'orders',
  owner: 'sales',
  description: 'One row per as-of date: the product with the most review points, and how it sells and ships.',
  row: {
    ingestion_date: asOfDay,
    product_name: text().nullable().describe('name of the product; empty when the catalogue does not know it'),
    most_ordered_day: date().nullable().describe('day with the most orders for it; the earliest of equals'),
    is_public_holiday: boolean()
      .nullable()
      .describe('whether that day was a public holiday; empty when the calendar does not know the day'),
    tt_review_points: count('sum of stars'),
    pct_one_star_review: percent('share of one-star reviews'),
    pct_two_star_review: percent('share of two-star reviews'),
    pct_three_star_review: percent('share of three-star reviews'),
    pct_four_star_review: percent('share of four-star reviews'),
    pct_five_star_review: percent('share of five-star reviews'),
    pct_early_shipments: decimal(9, 2)
      .nullable()
      .describe('early of early and late shipments, in percent, half up; empty when there are none'),
    pct_late_shipments: decimal(9, 2)
      .nullable()
      .describe('late of early and late shipments, in percent, half up; empty when there are none'),
  },
  grain: ['ingestion_date'],
  write: merge(),
  checks: [between('pct_five_star_review', 0, 100, { severity: 'fail' })],
});

const answers = ['mart.agg_public_holiday', 'mart.agg_shipments', 'mart.best_performing_product'] as const;

export const ordersProduct: Product = {
  name: 'orders',
  description: 'Orders, reviews and shipments: holidays, lateness and the best product.',
  datasets: [
    orders,
    reviews,
    shipmentDeliveries,
    dimProducts,
    dimCustomers,
    dimDates,
    aggPublicHoliday,
    aggShipments,
    bestPerformingProduct,
  ],
  exposures: [
    exposure({
      name: 'order_answers',
      kind: 'export',
      product: 'orders',
      owner: 'sales',
      description: 'The three order answers, archived as files for each as-of date.',
      reads: answers,
    }),
  ],
};
