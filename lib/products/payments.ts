import {
  append,
  atLeast,
  base,
  days,
  decimal,
  exposure,
  freshWithin,
  identity,
  instant,
  mart,
  month,
  type Product,
  refersTo,
  replace,
  text,
} from '../contract/index.ts';

/** One row per purchase. A purchase without a customer is a guest's. */
export const purchase = base({
  name: 'purchase',
  product: 'payments',
  owner: 'payments',
  description: 'One row per purchase at a merchant.',
  row: {
    id: text().describe('purchase number'),
    timestamp: instant().describe('when the purchase was made, UTC'),
    customer_id: text().nullable().personal('indirect').describe('who bought; empty for guests'),
    merchant_id: text().describe('where it was bought'),
    amount: decimal(12, 2).describe('price paid, in the account currency'),
  },
  grain: ['id'],
  eventTime: 'timestamp',
  partitionBy: month('timestamp'),
  write: append(),
  checks: [atLeast('amount', 0), freshWithin(days(2), 'timestamp')],
});

/** One row per refund. Refunds arrive up to a day late; a refund may precede its purchase in the feed. */
export const refund = base({
  name: 'refund',
  product: 'payments',
  owner: 'payments',
  description: 'One row per refund of (a part of) a purchase.',
  row: {
    id: text().describe('refund number'),
    timestamp: instant().describe('when the refund was made, UTC'),
    parent_id: text().nullable().describe('the purchase refunded; empty when unknown'),
    amount: decimal(12, 2).describe('amount returned, in the account currency'),
  },
  grain: ['id'],
  eventTime: 'timestamp',
  partitionBy: month('timestamp'),
  write: append(),
  checks: [refersTo('parent_id', 'purchase'), atLeast('amount', 0), freshWithin(days(2), 'timestamp')],
});

/** One row per void. A purchase may be voided several times; any void at all takes it out of the refund report. */
export const voided = base({
  name: 'void',
  product: 'payments',
  owner: 'payments',
  description: 'One row per cancellation of a purchase.',
  row: {
    id: text().describe('void number'),
    timestamp: instant().describe('when the purchase was voided, UTC'),
    parent_id: text().nullable().describe('the purchase voided; empty when unknown'),
    amount: decimal(12, 2).describe('amount voided, in the account currency'),
  },
  grain: ['id'],
  eventTime: 'timestamp',
  partitionBy: month('timestamp'),
  write: append(),
  checks: [refersTo('parent_id', 'purchase'), atLeast('amount', 0), freshWithin(days(7), 'timestamp')],
});

/** One row per customer with a countable refund: of a purchase never voided, made in another calendar month. */
export const refundsByCustomer = mart({
  name: 'refunds_by_customer',
  product: 'payments',
  owner: 'finance',
  description:
    'One row per customer with refunds that count: the purchase was never voided and lies in another calendar month.',
  row: {
    customer_id: text().personal('indirect').describe('customer of the refunded purchases'),
    total_refund: decimal(38, 2).describe('sum of the refunds that count, in the account currency'),
  },
  grain: ['customer_id'],
  write: replace(),
  checks: [
    identity(
      'reconciles_with_refunds',
      'the refunds of all customers add up to the refunds that count',
      'select cast(coalesce(sum(total_refund), 0) as decimal(38, 2)) as total from mart.refunds_by_customer',
      `select cast(coalesce(sum(r.amount), 0) as decimal(38, 2)) as total
       from base.refund as r
       inner join base.purchase as p on p.id = r.parent_id
       where p.customer_id is not null
         and (year(r.timestamp) <> year(p.timestamp) or month(r.timestamp) <> month(p.timestamp))
         and not exists (select v.id from base.void as v where v.parent_id = p.id)`,
      { severity: 'fail' },
    ),
  ],
});

export const payments: Product = {
  name: 'payments',
  description: 'Purchases, refunds and voids, and what was refunded to whom.',
  datasets: [purchase, refund, voided, refundsByCustomer],
  exposures: [
    exposure({
      name: 'monthly_refund_report',
      kind: 'report',
      product: 'payments',
      owner: 'finance',
      description: 'The refund report that closes each month.',
      reads: ['mart.refunds_by_customer'],
    }),
  ],
};
