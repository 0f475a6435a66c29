import {
  append,
  atLeast,
  base,
  days,
  exposure,
  freshWithin,
  instant,
  integer,
  mart,
  month,
  oneOf,
  type Product,
  replace,
  text,
  unique,
  unless,
} from '../contract/index.ts';

/** Events may come late, twice and out of order: the position is computed from the set of them. */
export const inventoryEvent = base({
  name: 'inventory_event',
  product: 'inventory',
  owner: 'fulfilment',
  description: 'One row per event that changes or states the stock of a SKU at a location.',
  row: {
    event_id: text().describe('event number'),
    location_id: text().describe('warehouse or shop'),
    sku: text().describe('stock keeping unit'),
    sequence: integer().describe('place of the event in the order of its location'),
    type: text().describe('receipt, pick, adjust, count, transfer_in or transfer_out'),
    quantity: integer().describe('pieces; signed for adjust, else not negative'),
    occurred_at: instant().describe('when it happened, UTC'),
  },
  grain: ['event_id'],
  eventTime: 'occurred_at',
  partitionBy: month('occurred_at'),
  write: append(),
  rules: [
    oneOf('type', ['receipt', 'pick', 'adjust', 'count', 'transfer_in', 'transfer_out']),
    unless(oneOf('type', ['adjust']), atLeast('quantity', 0)),
  ],
  checks: [unique(['location_id', 'sequence']), freshWithin(days(2), 'occurred_at')],
});

const location = text().describe('warehouse or shop');
const sku = text().describe('stock keeping unit');
const onHand = integer().describe('pieces on hand; below 0 something was not booked');

export const inventoryPosition = mart({
  name: 'inventory_position',
  product: 'inventory',
  owner: 'fulfilment',
  description: 'One row per location and SKU: what is on hand after all of its events, in the order of their sequence.',
  row: {
    location_id: location,
    sku,
    on_hand: onHand,
    last_sequence: integer().describe('sequence of the last event applied'),
    last_event_at: instant().describe('when that event happened, UTC'),
  },
  grain: ['location_id', 'sku'],
  write: replace(),
  checks: [atLeast('on_hand', 0)],
});

export const replenishment = mart({
  name: 'replenishment',
  product: 'inventory',
  owner: 'purchasing',
  description: 'One row per location and SKU whose stock lasts less than seven days at the pace of the last 28.',
  row: {
    location_id: location,
    sku,
    on_hand: onHand,
    outgoing: integer().describe('pieces picked or transferred out in the 28 days up to the as-of date'),
    reorder_point: integer().describe('a quarter of outgoing, rounded up: seven days of it'),
    order_quantity: integer().describe(
      'pieces that lift the stock to half of outgoing, rounded up: fourteen days of it',
    ),
  },
  grain: ['location_id', 'sku'],
  write: replace(),
  checks: [atLeast('order_quantity', 1, { severity: 'fail' })],
});

export const inventory: Product = {
  name: 'inventory',
  description: 'What is on hand where, from the stream of inventory events, and what to replenish.',
  datasets: [inventoryEvent, inventoryPosition, replenishment],
  exposures: [
    exposure({
      name: 'purchase_orders',
      kind: 'export',
      product: 'inventory',
      owner: 'purchasing',
      description: 'What to replenish, for the buying system.',
      reads: ['mart.replenishment'],
    }),
  ],
};
