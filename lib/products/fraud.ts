import {
  append,
  atLeast,
  base,
  capitals,
  days,
  decimal,
  freshWithin,
  instant,
  month,
  oneOf,
  type Product,
  refersTo,
  text,
} from '../contract/index.ts';

/** One row per card transaction. */
export const cardTransaction = base({
  name: 'card_transaction',
  product: 'fraud',
  owner: 'fraud',
  description: 'One row per transaction with a card: a purchase, or a refund to the card.',
  row: {
    transaction_id: text().describe('transaction number'),
    card_id: text().personal('indirect').describe('card used'),
    customer_id: text().personal('indirect').describe('holder of the card'),
    merchant_id: text().describe('where it was used'),
    merchant_country: text().describe('country of the merchant, two capital letters (ISO 3166)'),
    amount: decimal(12, 2).describe('amount paid or returned, in the account currency'),
    timestamp: instant().describe('when it happened, UTC'),
    kind: text().describe('purchase or refund'),
  },
  grain: ['transaction_id'],
  eventTime: 'timestamp',
  partitionBy: month('timestamp'),
  write: append(),
  rules: [capitals('merchant_country', 2), oneOf('kind', ['purchase', 'refund'])],
  checks: [atLeast('amount', 0), freshWithin(days(2), 'timestamp')],
});

/** One row per chargeback. A transaction may be charged back several times; it is known from `reported_at` on. */
export const chargeback = base({
  name: 'chargeback',
  product: 'fraud',
  owner: 'fraud',
  description: 'One row per chargeback: a transaction that the holder of the card disputes.',
  row: {
    chargeback_id: text().describe('chargeback number'),
    transaction_id: text().describe('transaction disputed'),
    reported_at: instant().describe('when the dispute was reported, UTC'),
    reason: text().nullable().describe('why: fraud, not_received, duplicate, …; empty when not said'),
  },
  grain: ['chargeback_id'],
  eventTime: 'reported_at',
  partitionBy: month('reported_at'),
  write: append(),
  checks: [refersTo('transaction_id', 'card_transaction'), freshWithin(days(31), 'reported_at')],
});

export const fraud: Product = {
  name: 'fraud',
  description: 'Card transactions and chargebacks: what a fraud model learns from, and the cases of analysts.',
  datasets: [cardTransaction, chargeback],
  exposures: [],
};
