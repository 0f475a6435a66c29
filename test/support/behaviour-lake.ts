import type { Row } from '../../lib/engines/index.ts';
import type { Answer, Contact, Purchase, Request, SiteEvent, Sources } from './oracle-behaviour.ts';
import type { Lake } from './oracle-lake.ts';
import { cents, micros } from './oracle-values.ts';

const TIMES = [
  'occurred_at',
  'requested_at',
  'purchased_at',
  'updated_at',
  'started_at',
  'ended_at',
  'last_seen_at',
  'last_purchase_at',
];

/** A row with its times as microseconds. */
export const timed = <T>(row: Row): T =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      TIMES.includes(name) && value !== null ? micros(String(value)) : value,
    ]),
  ) as T;

/** The base tables of behaviour as the oracles take them. */
export async function storedSources(lake: Lake): Promise<Sources & { requests: Request[] }> {
  const [events, purchases, contacts, answers, requests] = await lake.rows(
    'select event_id, visitor_id, customer_id, type, occurred_at from base.site_event',
    "select customer_id, purchased_at, amount from base.shop_purchase where operation in ('insert', 'update')",
    'select contact_id, customer_id, name, email, updated_at from base.crm_contact',
    'select customer_id, email, score from base.feedback',
    'select requested_at, status, bytes_sent, cast(request_seconds * 1000 as bigint) as ms from base.web_log',
  );
  return {
    events: events.map((row) => timed<SiteEvent>(row)),
    purchases: purchases.map((row) => ({ ...timed<Purchase>(row), amount: cents(String(row.amount)) })),
    contacts: contacts.map((row) => timed<Contact>(row)),
    answers: answers as unknown as Answer[],
    requests: requests.map((row) => timed<Request>(row)),
  };
}

/** The marts of behaviour as they stand in the lake, each in the order of its key. */
export async function storedAnswers(lake: Lake) {
  const [sessions, funnel, activity, customers] = await lake.rows(
    'select * from mart.session order by session_id',
    'select * from mart.funnel_daily order by day',
    'select * from mart.server_activity_hourly order by day, hour',
    'select * from mart.customer_360 order by customer_id',
  );
  return { sessions: sessions.map(timed), funnel, activity, customers: customers.map(timed) };
}
