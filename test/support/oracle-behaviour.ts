/** Sessions, funnel, server activity and customers, event by event: no SQL, no code of the project. */
import { compareText, dayOfMoment, money } from './oracle-values.ts';

export interface SiteEvent {
  readonly event_id: string;
  readonly visitor_id: string;
  readonly customer_id: string | null;
  readonly type: string;
  /** Microseconds. */
  readonly occurred_at: bigint;
}

const HALF_HOUR = 1_800_000_000n;
const HOUR = 2n * HALF_HOUR;
const count = <T>(items: readonly T[], keep: (item: T) => boolean): bigint => BigInt(items.filter(keep).length);
const most = (moments: readonly bigint[]): bigint | null =>
  moments.reduce<bigint | null>((last, each) => (last === null || each > last ? each : last), null);

function grouped<T>(items: readonly T[], by: (item: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = by(item);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** `mart.session`, sorted by id: events are put one by one into the session that they touch; sessions that touch are one. */
export function sessions(events: readonly SiteEvent[]) {
  const all: SiteEvent[][] = [];
  for (const mine of grouped(events, (event) => event.visitor_id).values()) {
    let open: SiteEvent[][] = [];
    for (const event of mine) {
      const near = (other: SiteEvent) => {
        const gap = other.occurred_at - event.occurred_at;
        return (gap < 0n ? -gap : gap) <= HALF_HOUR;
      };
      const touched = open.filter((session) => session.some(near));
      open = [...open.filter((session) => !touched.includes(session)), [...touched.flat(), event]];
    }
    all.push(...open);
  }
  return all
    .map((session) => {
      const [first] = session.toSorted((a, b) =>
        a.occurred_at === b.occurred_at ? compareText(a.event_id, b.event_id) : a.occurred_at < b.occurred_at ? -1 : 1,
      );
      const of = (type: string) => count(session, (event) => event.type === type);
      return {
        session_id: first?.event_id ?? '',
        visitor_id: first?.visitor_id ?? '',
        started_at: first?.occurred_at ?? 0n,
        ended_at: most(session.map((event) => event.occurred_at)) ?? 0n,
        events: BigInt(session.length),
        views: of('view'),
        searches: of('search'),
        baskets: of('basket'),
        purchases: of('purchase'),
      };
    })
    .sort((a, b) => compareText(a.session_id, b.session_id));
}

/** `mart.funnel_daily`, by day. */
export function funnel(events: readonly SiteEvent[]) {
  return [...grouped(events, (event) => dayOfMoment(event.occurred_at))]
    .map(([day, those]) => {
      const who = (type: string) =>
        BigInt(new Set(those.filter((event) => event.type === type).map((event) => event.visitor_id)).size);
      return {
        day,
        viewers: who('view'),
        searchers: who('search'),
        basketeers: who('basket'),
        buyers: who('purchase'),
      };
    })
    .sort((a, b) => compareText(a.day, b.day));
}

export interface Request {
  readonly requested_at: bigint;
  readonly status: bigint;
  readonly bytes_sent: bigint | null;
  /** Milliseconds. */
  readonly ms: bigint | null;
}

/** `mart.server_activity_hourly`, by hour: a percentile is found by going through the sorted times. */
export function serverActivity(requests: readonly Request[]) {
  return [
    ...grouped(requests, ({ requested_at: at }) => `${dayOfMoment(at)} ${String((at / HOUR) % 24n).padStart(2, '0')}`),
  ]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, those]) => {
      const times = those.flatMap(({ ms }) => (ms === null ? [] : [ms])).sort((a, b) => (a < b ? -1 : 1));
      const percentile = (share: number) => times.find((_, place) => (place + 1) * 100 >= share * times.length) ?? null;
      return {
        day: key.slice(0, 10),
        hour: BigInt(key.slice(11)),
        requests: BigInt(those.length),
        client_errors: count(those, ({ status }) => status >= 400n && status < 500n),
        server_errors: count(those, ({ status }) => status >= 500n),
        bytes_sent: those.reduce((sum, { bytes_sent: bytes }) => sum + (bytes ?? 0n), 0n),
        timed_requests: BigInt(times.length),
        p50_ms: percentile(50),
        p95_ms: percentile(95),
        p99_ms: percentile(99),
      };
    });
}

export interface Purchase {
  readonly customer_id: string | null;
  readonly purchased_at: bigint;
  /** Cents. */
  readonly amount: bigint;
}
export interface Contact {
  readonly contact_id: string;
  readonly customer_id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly updated_at: bigint;
}
export interface Answer {
  readonly customer_id: string | null;
  readonly email: string | null;
  readonly score: bigint;
}
export interface Sources {
  readonly events: readonly SiteEvent[];
  readonly purchases: readonly Purchase[];
  readonly contacts: readonly Contact[];
  readonly answers: readonly Answer[];
}

/** The only one of some names; null when there are none or several. */
function only(names: readonly (string | null)[]): string | null {
  const distinct = [...new Set(names.filter((name) => name !== null))];
  return distinct.length === 1 ? (distinct[0] ?? null) : null;
}

/** `mart.customer_360`, by customer. */
export function customers({ events, purchases, contacts, answers }: Sources) {
  const owner = new Map(
    [...grouped(events, (event) => event.visitor_id)].map(([visitor, own]) => [
      visitor,
      only(own.map((each) => each.customer_id)),
    ]),
  );
  const reader = (email: string | null): string | null =>
    email === null
      ? null
      : only(
          contacts.filter((each) => each.email?.toLowerCase() === email.toLowerCase()).map((each) => each.customer_id),
        );
  const theirEvents = grouped(events, (event) => event.customer_id ?? owner.get(event.visitor_id) ?? null);
  const theirPurchases = grouped(purchases, (purchase) => purchase.customer_id);
  const theirContacts = grouped(contacts, (contact) => contact.customer_id);
  const theirAnswers = grouped(answers, (answer) => answer.customer_id ?? reader(answer.email));
  const theirSessions = grouped(sessions(events), (session) => owner.get(session.visitor_id) ?? null);
  const ids = new Set([theirEvents, theirPurchases, theirContacts, theirAnswers].flatMap((each) => [...each.keys()]));
  return [...ids].sort(compareText).map((customer_id) => {
    const did = theirEvents.get(customer_id) ?? [];
    const bought = theirPurchases.get(customer_id) ?? [];
    const said = theirAnswers.get(customer_id) ?? [];
    const known = (theirContacts.get(customer_id) ?? []).toSorted((a, b) =>
      a.updated_at === b.updated_at ? compareText(a.contact_id, b.contact_id) : a.updated_at > b.updated_at ? -1 : 1,
    );
    return {
      customer_id,
      name: known[0]?.name ?? null,
      email: known[0]?.email ?? null,
      contacts: BigInt(known.length),
      visitors: count([...owner.values()], (each) => each === customer_id),
      sessions: BigInt(theirSessions.get(customer_id)?.length ?? 0),
      events: BigInt(did.length),
      baskets: count(did, (event) => event.type === 'basket'),
      last_seen_at: most(did.map((event) => event.occurred_at)),
      purchases: BigInt(bought.length),
      spent: money(bought.reduce((sum, { amount }) => sum + amount, 0n)),
      last_purchase_at: most(bought.map((purchase) => purchase.purchased_at)),
      answers: BigInt(said.length),
      promoters: count(said, ({ score }) => score >= 9n),
      detractors: count(said, ({ score }) => score <= 6n),
    };
  });
}
