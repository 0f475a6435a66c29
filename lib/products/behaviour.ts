import {
  append,
  atLeast,
  base,
  between,
  date,
  days,
  decimal,
  freshWithin,
  instant,
  integer,
  keep,
  mart,
  merge,
  month,
  oneOf,
  type Product,
  present,
  replace,
  text,
  unless,
} from '../contract/index.ts';

const customerId = () => text().personal('indirect').describe('customer number');

export const siteEvent = base({
  name: 'site_event',
  product: 'behaviour',
  owner: 'web',
  description: 'One row per thing that a visitor did on the site.',
  row: {
    event_id: text().describe('event number'),
    visitor_id: text().personal('indirect').describe('browser or app that sent it'),
    customer_id: customerId().nullable().describe('who was signed in; empty when nobody was'),
    type: text().describe('view, search, basket or purchase'),
    url: text().describe('page'),
    occurred_at: instant().describe('when it happened, UTC'),
  },
  grain: ['event_id'],
  eventTime: 'occurred_at',
  partitionBy: month('occurred_at'),
  write: append(),
  rules: [oneOf('type', ['view', 'search', 'basket', 'purchase'])],
  checks: [freshWithin(days(2), 'occurred_at')],
});

/** A request has no number of its own: two equal lines are two requests. */
export const webLog = base({
  name: 'web_log',
  product: 'behaviour',
  owner: 'web',
  description: 'One row per request that a web server answered, as its log in the combined format has it.',
  row: {
    host: text().personal('indirect').describe('address that asked'),
    remote_user: text().nullable().personal('direct').describe('name given at the door of the server'),
    requested_at: instant().describe('when the request came, UTC'),
    method: text().nullable().describe('GET, POST …; empty when the request was no HTTP'),
    path: text().nullable().describe('what was asked for; the whole request when it was no HTTP'),
    protocol: text().nullable().describe('HTTP and its version; empty when the request was no HTTP'),
    status: integer().describe('answer of the server: 200 fine, 4xx fault of who asked, 5xx fault of the server'),
    bytes_sent: integer().nullable().describe('size of the answer without its head; empty when there was none'),
    referrer: text().nullable().describe('page that the request came from, as the browser says'),
    user_agent: text().nullable().describe('program that asked, as it says'),
    request_seconds: decimal(9, 3).nullable().describe('time that the answer took, where the server logs it'),
  },
  grain: [],
  eventTime: 'requested_at',
  partitionBy: month('requested_at'),
  write: keep(),
  rules: [between('status', 100, 599), atLeast('bytes_sent', 0), atLeast('request_seconds', 0)],
  checks: [freshWithin(days(2), 'requested_at')],
});

/** A deleted purchase stays as its last change, so that a replay of an earlier one cannot bring it back. */
export const shopPurchase = base({
  name: 'shop_purchase',
  product: 'behaviour',
  owner: 'shop',
  description: 'One row per purchase that the shop database ever had: its change with the greatest log position.',
  row: {
    purchase_id: text().describe('purchase number'),
    operation: text().describe('what the change did: insert, update or delete'),
    log_position: integer().describe('place of the change in the log of the database'),
    customer_id: customerId().nullable().describe('who bought; empty for guests and when deleted'),
    purchased_at: instant().nullable().describe('when it was bought, UTC; empty when deleted'),
    amount: decimal(12, 2).nullable().describe('price paid; empty when deleted'),
  },
  grain: ['purchase_id'],
  eventTime: 'purchased_at',
  write: merge('log_position'),
  rules: [
    oneOf('operation', ['insert', 'update', 'delete']),
    unless(oneOf('operation', ['delete']), present('purchased_at')),
    unless(oneOf('operation', ['delete']), present('amount')),
  ],
  checks: [atLeast('amount', 0), freshWithin(days(2), 'purchased_at')],
});

export const standingPurchase = mart({
  name: 'shop_purchase',
  product: 'behaviour',
  owner: 'shop',
  description: 'One row per purchase that stands in the shop database.',
  row: {
    purchase_id: text().describe('purchase number'),
    customer_id: customerId().nullable().describe('who bought; empty for guests'),
    purchased_at: instant().describe('when it was bought, UTC'),
    amount: decimal(12, 2).describe('price paid'),
  },
  grain: ['purchase_id'],
  partitionBy: month('purchased_at'),
  write: replace(),
});

export const crmContact = base({
  name: 'crm_contact',
  product: 'behaviour',
  owner: 'marketing',
  description: 'One row per contact of the customer relations system: its latest version.',
  row: {
    contact_id: text().describe('contact number'),
    customer_id: customerId().nullable().describe('customer that the contact is; empty for prospects'),
    name: text().nullable().personal('direct').describe('name'),
    email: text().nullable().personal('direct').describe('e-mail address'),
    updated_at: instant().describe('when the contact was changed, UTC'),
  },
  grain: ['contact_id'],
  eventTime: null,
  write: merge('updated_at'),
  checks: [freshWithin(days(31))],
});

export const feedback = base({
  name: 'feedback',
  product: 'behaviour',
  owner: 'marketing',
  description: 'One row per answer to the question whether a customer would recommend us.',
  row: {
    feedback_id: text().describe('answer number'),
    customer_id: customerId().nullable().describe('who answered; empty when not signed in'),
    email: text().nullable().personal('direct').describe('e-mail address left with the answer'),
    score: integer().describe('0 (not at all) to 10 (by all means)'),
    comment: text().nullable().personal('indirect').describe('what was said'),
    given_at: instant().describe('when the answer was given, UTC'),
  },
  grain: ['feedback_id'],
  eventTime: 'given_at',
  write: append(),
  rules: [between('score', 0, 10)],
  checks: [freshWithin(days(31), 'given_at')],
});

const count = (what: string) => integer().describe(what);

export const session = mart({
  name: 'session',
  product: 'behaviour',
  owner: 'web',
  description: 'One row per session: events of a visitor with at most 30 minutes from one to the next.',
  row: {
    session_id: text().describe('number of its first event, the smallest of those at that moment'),
    visitor_id: text().personal('indirect').describe('whose session it is'),
    started_at: instant().describe('first event, UTC'),
    ended_at: instant().describe('last event, UTC'),
    events: count('events in it'),
    views: count('pages viewed'),
    searches: count('searches'),
    baskets: count('things put into the basket'),
    purchases: count('purchases'),
  },
  grain: ['session_id'],
  partitionBy: month('started_at'),
  write: replace(),
  checks: [atLeast('events', 1, { severity: 'fail' })],
});

export const funnelDaily = mart({
  name: 'funnel_daily',
  product: 'behaviour',
  owner: 'web',
  description: 'One row per UTC day with events: how many visitors came how far.',
  row: {
    day: date().describe('the day, UTC'),
    viewers: count('visitors with a view'),
    searchers: count('visitors with a search'),
    basketeers: count('visitors who put something into the basket'),
    buyers: count('visitors with a purchase'),
  },
  grain: ['day'],
  write: replace(),
});

export const serverActivityHourly = mart({
  name: 'server_activity_hourly',
  product: 'behaviour',
  owner: 'web',
  description: 'One row per UTC hour with requests: how many, how many failed, how long they took.',
  row: {
    day: date().describe('the day, UTC'),
    hour: integer().describe('hour of the day, 0 to 23'),
    requests: count('requests'),
    client_errors: count('answers 400 to 499'),
    server_errors: count('answers 500 to 599'),
    bytes_sent: count('size of the answers'),
    timed_requests: count('requests whose time is known'),
    p50_ms: integer().nullable().describe('half of the timed requests took at most so many milliseconds'),
    p95_ms: integer().nullable().describe('95 of 100 timed requests took at most so many milliseconds'),
    p99_ms: integer().nullable().describe('99 of 100 timed requests took at most so many milliseconds'),
  },
  grain: ['day', 'hour'],
  write: replace(),
  checks: [between('hour', 0, 23, { severity: 'fail' })],
});

export const customer360 = mart({
  name: 'customer_360',
  product: 'behaviour',
  owner: 'marketing',
  description: 'One row per customer that any source knows: who it is, what it did, bought and said.',
  row: {
    customer_id: customerId(),
    name: text().nullable().personal('direct').describe('name of the contact changed last'),
    email: text().nullable().personal('direct').describe('e-mail address of the contact changed last'),
    contacts: count('contacts of the customer relations system'),
    visitors: count('browsers and apps that are the customer’s alone'),
    sessions: count('sessions of those'),
    events: count('events while signed in, and all of those visitors'),
    baskets: count('of them, things put into the basket'),
    last_seen_at: instant().nullable().describe('last of them, UTC'),
    purchases: count('purchases in the shop database, deleted ones left out'),
    spent: decimal(38, 2).describe('paid for them'),
    last_purchase_at: instant().nullable().describe('last of them, UTC'),
    answers: count('answers to the question whether the customer would recommend us'),
    promoters: count('answers of 9 or 10'),
    detractors: count('answers of 0 to 6'),
  },
  grain: ['customer_id'],
  write: replace(),
});

export const behaviour: Product = {
  name: 'behaviour',
  description: 'What visitors and customers do, buy and say, and how the servers bear it.',
  datasets: [
    siteEvent,
    webLog,
    shopPurchase,
    crmContact,
    feedback,
    standingPurchase,
    session,
    funnelDaily,
    serverActivityHourly,
    customer360,
  ],
  exposures: [],
};
