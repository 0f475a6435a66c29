import {
  append,
  atLeast,
  base,
  boolean,
  capitals,
  days,
  decimal,
  entity,
  exposure,
  feature,
  freshWithin,
  instant,
  integer,
  mart,
  model,
  month,
  oneOf,
  type Product,
  refersTo,
  replace,
  rowCount,
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

const share = (what: string) => decimal(9, 2).nullable().describe(what);

/** The features that cards and their holders have in common: windows end at the point in time, the event time. */
const activity = {
  event_time: instant().describe('the point in time that the row is about, UTC'),
  purchases_1h: integer().describe('purchases in the hour before'),
  purchases_24h: integer().describe('purchases in the 24 hours before'),
  purchases_7d: integer().describe('purchases in the 7 days before'),
  purchases_30d: integer().describe('purchases in the 30 days before'),
  amount_1h: decimal(38, 2).describe('spent in the hour before'),
  amount_24h: decimal(38, 2).describe('spent in the 24 hours before'),
  amount_7d: decimal(38, 2).describe('spent in the 7 days before'),
  amount_30d: decimal(38, 2).describe('spent in the 30 days before'),
  amount_to_usual: decimal(18, 4)
    .nullable()
    .describe('largest purchase of 24 hours by the mean one of the 89 days before them; empty when one is missing'),
  new_merchants_7d: integer().describe('merchants used for the first time in the 7 days before'),
  new_countries_7d: integer().describe('countries used in for the first time in the 7 days before'),
  refunds_30d: integer().describe('refunds in the 30 days before'),
  refund_share_30d: share('refunds among the transactions of the 30 days before, in percent; empty without any'),
  disputed_90d: integer().describe('transactions for which a chargeback was reported in the 90 days before'),
} as const;

export const cardActivity = feature({
  name: 'card_activity',
  product: 'fraud',
  owner: 'fraud',
  description: 'One row per card and point in time: how the card was used before, as far as that was known then.',
  row: { card_id: text().personal('indirect').describe('card'), ...activity },
  entity: entity('card_id', 'base.card_transaction'),
  eventTime: 'event_time',
  checks: [rowCount(1)],
});

export const customerCardActivity = feature({
  name: 'customer_card_activity',
  product: 'fraud',
  owner: 'fraud',
  description: 'One row per customer and point in time: how all cards of the customer were used before, as known then.',
  row: {
    customer_id: text().personal('indirect').describe('holder of the cards'),
    ...activity,
    cards_24h: integer().describe('cards used in the 24 hours before'),
  },
  entity: entity('customer_id', 'base.card_transaction'),
  eventTime: 'event_time',
  checks: [rowCount(1)],
});

/** One row per disputed transaction: current for thirty days, historical after. */
export const fraudCase = mart({
  name: 'fraud_case',
  product: 'fraud',
  owner: 'fraud',
  description: 'One row per card transaction that was disputed by the as-of date: current and historical cases.',
  row: {
    transaction_id: text().describe('transaction disputed'),
    card_id: text().personal('indirect').describe('card used'),
    customer_id: text().personal('indirect').describe('holder of the card'),
    merchant_id: text().describe('where it was used'),
    merchant_country: text().describe('country of the merchant'),
    amount: decimal(12, 2).describe('amount of the transaction, in the account currency'),
    transacted_at: instant().describe('when it happened, UTC'),
    first_reported_at: instant().describe('when it was first disputed, UTC'),
    chargebacks: integer().describe('how often it was disputed'),
    is_fraud: boolean().describe('whether any dispute says fraud'),
    card_transactions_24h: integer().describe('transactions of the card in the 24 hours up to it, itself counted'),
    card_amount_24h: decimal(38, 2).describe('their amounts added up'),
    is_new_country: boolean().describe('whether the card was never used in that country before'),
    status: text().describe('current when first disputed in the 30 days up to the as-of date, else historical'),
  },
  grain: ['transaction_id'],
  partitionBy: month('transacted_at'),
  write: replace(),
  checks: [oneOf('status', ['current', 'historical'], { severity: 'fail' })],
});

const featureGroup = (name: string, description: string) =>
  exposure({ name, kind: 'feature_group', product: 'fraud', owner: 'fraud', description, reads: [`feature.${name}`] });

/** Cases are rare and change with those who make them: hence each week, and a bar not far above what chance reaches. */
const cardFraud = model({
  name: 'card_fraud',
  product: 'fraud',
  owner: 'fraud',
  description:
    'How likely a purchase by card is to be charged back as fraud within sixty days: asked while it is paid.',
  features: ['feature.card_activity', 'feature.customer_card_activity'],
  points: 'fraud-training-points',
  label: 'is_fraud',
  knows: ['amount'],
  learns: 'probability',
  labelAfterDays: 60,
  skillAtLeast: 0.05,
  trained: 'weekly',
  answers: 'online',
});

export const fraud: Product = {
  name: 'fraud',
  description: 'Card transactions and chargebacks: what a fraud model learns from, and the cases of analysts.',
  datasets: [cardTransaction, chargeback, cardActivity, customerCardActivity, fraudCase],
  exposures: [
    featureGroup('card_activity', 'What the fraud model knows of a card.'),
    featureGroup('customer_card_activity', 'What the fraud model knows of the holder of cards.'),
  ],
  models: [cardFraud],
};
