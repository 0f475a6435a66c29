import {
  average,
  dashboard,
  date,
  decimal,
  highest,
  integer,
  question,
  ratio,
  showing,
  sum,
} from '../../contract/index.ts';
import { customer360, funnelDaily, serverActivityHourly } from '../behaviour.ts';

const conversion = showing(
  question('conversion-by-day', {
    day: funnelDaily.row.day,
    viewers: funnelDaily.row.viewers,
    searchers: funnelDaily.row.searchers,
    basketeers: funnelDaily.row.basketeers,
    buyers: funnelDaily.row.buyers,
    conversion: decimal(9, 2).nullable().describe('buyers per viewer, in percent, half up'),
  }),
);
const sessions = showing(
  question('sessions-by-day', {
    day: date().describe('the day, UTC'),
    sessions: integer().describe('sessions begun on it'),
    events: integer().describe('events in them'),
    buying: integer().describe('sessions with a purchase'),
  }),
);

/** From the first view to the purchase. */
export const funnel = dashboard({
  name: 'funnel',
  product: 'behaviour',
  owner: 'web',
  description: 'From the first view to the purchase, by day and session.',
  sheets: [
    {
      title: 'Funnel',
      filters: [conversion.since('Visitors from', 'day', 3), sessions.since('Sessions from', 'day', 3)],
      charts: [
        conversion.number('Buyers per viewer', ratio('buyers', 'viewers')),
        sessions.number('Sessions', sum('sessions'), 'day'),
        sessions.number('Sessions with a purchase', ratio('buying', 'sessions')),
        conversion.line('How far visitors come', 'day', [
          sum('viewers'),
          sum('searchers'),
          sum('basketeers'),
          sum('buyers'),
        ]),
        conversion.line('Buyers per viewer by day', 'day', [ratio('buyers', 'viewers')]),
        sessions.line('Sessions by day', 'day', [sum('sessions'), sum('buying')]),
      ],
    },
  ],
});

const hours = showing(serverActivityHourly);

/** How the servers bear it. */
export const servers = dashboard({
  name: 'servers',
  product: 'behaviour',
  owner: 'web',
  description: 'Requests, errors and latency by hour.',
  sheets: [
    {
      title: 'Servers',
      filters: [hours.since('From', 'day', 1)],
      charts: [
        hours.number('Requests', sum('requests'), 'day'),
        hours.number('Faults of the servers', ratio('server_errors', 'requests')),
        hours.line('Faults by day', 'day', [sum('server_errors'), sum('client_errors')]),
        hours.line('Milliseconds, the worst hour of each day', 'day', [
          highest('p50_ms'),
          highest('p95_ms'),
          highest('p99_ms'),
        ]),
        hours.heat('Requests by hour', 'hour', 'day', sum('requests')),
        hours.heat('Milliseconds that 95 of 100 requests keep, by hour', 'hour', 'day', average('p95_ms')),
      ],
    },
  ],
});

const who = customer360.row;
const bestCustomers = showing(
  question('best-customers', {
    customer_id: who.customer_id,
    purchases: who.purchases,
    spent: who.spent,
    last_purchase_at: who.last_purchase_at,
    sessions: who.sessions,
    promoters: who.promoters,
    detractors: who.detractors,
  }),
);
const unhappy = showing(
  question('unhappy-customers', {
    customer_id: who.customer_id,
    answers: who.answers,
    detractors: who.detractors,
    promoters: who.promoters,
    purchases: who.purchases,
    spent: who.spent,
  }),
);
const basketsLeft = showing(
  question('baskets-left', {
    customer_id: who.customer_id,
    baskets: who.baskets,
    sessions: who.sessions,
    last_seen_at: who.last_seen_at,
  }),
);

/** Whom marketing should know. Customers stand by their number; names and addresses stay in the mart. */
export const customerView = dashboard({
  name: 'customer_view',
  product: 'behaviour',
  owner: 'marketing',
  description: 'Customers by number: who spends most, who is unhappy, who left a basket.',
  sheets: [
    {
      title: 'Customers',
      charts: [
        bestCustomers.number('Spent by the fifty best', sum('spent')),
        basketsLeft.number('Baskets left', sum('baskets')),
        unhappy.number('Spent by unhappy customers', sum('spent')),
        bestCustomers.bars('The fifty who spent most', 'customer_id', [sum('spent')], 50),
        unhappy.table('More would dissuade than recommend', { column: 'spent', order: 'highest' }, [
          'customer_id',
          'answers',
          'detractors',
          'promoters',
          'purchases',
          'spent',
        ]),
        basketsLeft.table('Filled a basket and never bought', { column: 'last_seen_at', order: 'highest' }, [
          'customer_id',
          'baskets',
          'sessions',
          'last_seen_at',
        ]),
      ],
    },
  ],
});
