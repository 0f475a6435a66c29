import { createHash } from 'node:crypto';

/** A member of an event as a feed may send it: anything that JSON can say. */
export type Loose = unknown;

/** An event as a feed sends it. */
export interface LooseEvent {
  readonly [member: string]: Loose;
}

/** What the events of a lake come to, told by replaying them one by one. */
export interface Replayed {
  readonly fates: { accepted: number; duplicate: number; superseded: number; quarantined: number };
  /** `record field` of every field that is refused by itself, records counted from 1. */
  readonly refused: readonly string[];
  readonly transactions: readonly Row[];
  readonly companies: readonly Row[];
  readonly clients: readonly Row[];
  readonly decisions: readonly Row[];
}

type Value = string | number | boolean | null;
/** A row as a lake prints it. */
export type Row = Readonly<Record<string, Value>>;
type Event = Record<string, Value>;

const text = (value: Loose): Value | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const key = (value: Loose): Value | undefined =>
  typeof value === 'string' && value !== '' && value.trim() === value ? value : undefined;
const mail = (value: Loose): Value | undefined =>
  typeof value === 'string' && value.split('@').length === 2 && !value.startsWith('@') && !value.endsWith('@')
    ? value
    : undefined;
const rating = (value: Loose): Value | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1000 ? value : undefined;
const hundredths = (most: number) => (value: Loose) =>
  typeof value === 'number' && value >= 0 && value <= most && Number.isInteger(Number((value * 100).toFixed(6)))
    ? value
    : undefined;
const among =
  (...values: readonly string[]) =>
  (value: Loose): Value | undefined =>
    values.find((each) => each === value);

/** Microseconds are left at zero: the feed of these tests has milliseconds at most. */
const moment = (value: Loose): Value | undefined =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.]\d{1,3})?(Z|[+-]\d\d:\d\d)?$/.test(value)
    ? new Date(/(Z|[+-]\d\d:\d\d)$/.test(value) ? value : `${value}Z`).getTime()
    : undefined;

/** Columns in contract order: path, and what is regular. The first, the second and the ninth must be. */
const COLUMNS: readonly (readonly [name: string, path: string, regular: (value: Loose) => Value | undefined])[] = [
  ['transaction_id', 'transaction_id', key],
  ['timestamp', 'timestamp', moment],
  ['transaction_location', 'transaction_location', text],
  ['company_id', 'company.company_id', key],
  ['company_name', 'company.company_name', text],
  ['company_address', 'company.address', text],
  ['company_email', 'company.email', mail],
  ['company_credit_rating', 'company.credit_rating', rating],
  ['client_id', 'client.client_id', key],
  ['client_name', 'client.name', text],
  ['client_email', 'client.email', mail],
  ['client_credit_rating', 'client.credit_rating', rating],
  ['total_cost', 'client.total_cost', hundredths(999_999_999_999.99)],
  ['assessed_client_id', 'risk_assessment.client_id', text],
  ['risk_score', 'risk_assessment.risk_score', hundredths(100)],
  ['risk_level', 'risk_assessment.risk_level', among('Low', 'Medium', 'High')],
  [
    'approval_status',
    'risk_assessment.approval_status',
    among('Approved', 'Pending', 'Pending Investigation', 'Rejected'),
  ],
];
const REQUIRED = ['transaction_id', 'timestamp', 'client_id'];

/** The value at a path; what is no object on the way is the value itself, since it is at fault. */
function at(event: LooseEvent, path: string): Loose {
  let value: Loose = event;
  for (const member of path.split('.')) {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object' || Array.isArray(value)) return [value];
    value = (value as LooseEvent)[member];
  }
  return value;
}

function compare(a: Event, b: Event): number {
  for (const [name] of COLUMNS) {
    const [left = null, right = null] = [a[name], b[name]];
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -1 : 1;
  }
  return 0;
}

const inOrder = (a: Event, b: Event): number =>
  Number(a.timestamp) - Number(b.timestamp) || (String(a.transaction_id) < String(b.transaction_id) ? -1 : 1);

const instant = (milliseconds: Value): string => new Date(Number(milliseconds)).toISOString().slice(0, 23);
const shown = (milliseconds: Value): string => instant(milliseconds).replace(/[.]000$/, '');
const money = (value: Value): Value => (value === null ? null : Number(value).toFixed(2));

/** The state of a thing after an event: what the event says, over what was known. */
function after(state: Event, event: Event, fields: Readonly<Record<string, string>>): Event {
  const next = { ...state };
  for (const [field, column] of Object.entries(fields)) if (event[column] !== null) next[field] = event[column] ?? null;
  return next;
}

const COMPANY = {
  company_name: 'company_name',
  address: 'company_address',
  email: 'company_email',
  credit_rating: 'company_credit_rating',
};
const CONTACT = { name: 'client_name', email: 'client_email' };
const STATE = { credit_rating: 'client_credit_rating', total_cost: 'total_cost' };
const ASSESSED = { risk_score: 'risk_score', risk_level: 'risk_level', approval_status: 'approval_status' };
const nothing = (fields: Readonly<Record<string, string>>): Event =>
  Object.fromEntries(Object.keys(fields).map((field) => [field, null]));

/** Replays events, naively: one object a thing, one event after the other. */
export function replay(events: readonly LooseEvent[]): Replayed {
  const refused: string[] = [];
  const fates = { accepted: 0, duplicate: 0, superseded: 0, quarantined: 0 };
  const claims = new Map<Value, Event[]>();
  for (const [index, event] of events.entries()) {
    const typed: Event = {};
    const irregular: string[] = [];
    for (const [name, path, regular] of COLUMNS) {
      const value = at(event, path);
      typed[name] = value === null || value === undefined ? null : (regular(value) ?? null);
      if (value !== null && value !== undefined && typed[name] === null) irregular.push(name);
    }
    if (REQUIRED.some((name) => typed[name] === null)) fates.quarantined += 1;
    else {
      refused.push(...irregular.map((name) => `${index + 1} ${name}`));
      const id = typed.transaction_id ?? null;
      claims.set(id, [...(claims.get(id) ?? []), typed]);
    }
  }
  const winners: Event[] = [];
  for (const claim of claims.values()) {
    const [winner = {}, ...others] = claim.sort(compare);
    winners.push(winner);
    fates.accepted += 1;
    for (const other of others) fates[compare(winner, other) === 0 ? 'duplicate' : 'superseded'] += 1;
  }
  const ordered = winners.sort(inOrder);
  const companies = companyStates(ordered);
  const clients = clientStates(ordered);
  return {
    fates,
    refused: refused.sort(),
    transactions: ordered.map((event) => ({
      transaction_id: event.transaction_id ?? null,
      timestamp: shown(event.timestamp ?? null),
      client_id: event.client_id ?? null,
      company_id: event.company_id ?? null,
      transaction_location: event.transaction_location ?? null,
    })),
    companies: [...companies].map(([company_id, states]) => {
      const last = states.at(-1) ?? {};
      return { ...last, company_id, updated_at: shown(last.updated_at ?? null) };
    }),
    clients: [...clients].flatMap(([client_id, { versions, contact }]) =>
      versions.map((version, index) => ({
        client_sk: skOf(client_id, version),
        client_id,
        ...contact,
        ...version,
        total_cost: money(version.total_cost ?? null),
        risk_score: money(version.risk_score ?? null),
        effective_start: shown(version.effective_start ?? null),
        effective_end: versions[index + 1] ? shown(versions[index + 1]?.effective_start ?? null) : null,
        is_current: index === versions.length - 1,
      })),
    ),
    decisions: ordered.map((event) => decision(event, companies, clients)),
  };
}

const skOf = (client: Value, version: Event): string =>
  createHash('sha256')
    .update(`${instant(version.effective_start ?? null).replace('T', ' ')}000 ${client}`)
    .digest('hex');

/** The states of each company, one per event. */
function companyStates(ordered: readonly Event[]): Map<Value, Event[]> {
  const companies = new Map<Value, Event[]>();
  for (const event of ordered) {
    if (event.company_id === null) continue;
    const states = companies.get(event.company_id ?? null) ?? [];
    const state = after(states.at(-1) ?? nothing(COMPANY), event, COMPANY);
    companies.set(event.company_id ?? null, [...states, { ...state, updated_at: event.timestamp ?? null }]);
  }
  return companies;
}

interface Client {
  contact: Event;
  state: Event;
  versions: Event[];
}

function clientStates(ordered: readonly Event[]): Map<Value, Client> {
  const clients = new Map<Value, Client>();
  for (const [index, event] of ordered.entries()) {
    const id = event.client_id ?? null;
    const client = clients.get(id) ?? {
      contact: nothing(CONTACT),
      state: nothing({ ...STATE, ...ASSESSED }),
      versions: [],
    };
    clients.set(id, client);
    const own = event.assessed_client_id === null || event.assessed_client_id === id;
    client.contact = after(client.contact, event, CONTACT);
    client.state = after(client.state, event, own ? { ...STATE, ...ASSESSED } : STATE);
    const again = ordered.slice(index + 1).some((each) => each.client_id === id && each.timestamp === event.timestamp);
    if (again) continue;
    const { effective_start: _, ...before } = client.versions.at(-1) ?? {};
    if (client.versions.length > 0 && JSON.stringify(before) === JSON.stringify(client.state)) continue;
    client.versions.push({ ...client.state, effective_start: event.timestamp ?? null });
  }
  return clients;
}

/** What was known when a transaction was decided, told by all events up to its moment. */
function decision(event: Event, companies: Map<Value, Event[]>, clients: Map<Value, Client>): Row {
  const upTo = Number(event.timestamp);
  const company = companies.get(event.company_id ?? null)?.findLast((state) => Number(state.updated_at) <= upTo);
  const version = clients
    .get(event.client_id ?? null)
    ?.versions.findLast((state) => Number(state.effective_start) <= upTo);
  return {
    transaction_id: event.transaction_id ?? null,
    event_time: shown(event.timestamp ?? null),
    client_id: event.client_id ?? null,
    client_sk: skOf(event.client_id ?? null, version ?? {}),
    client_credit_rating: version?.credit_rating ?? null,
    total_cost: money(version?.total_cost ?? null),
    risk_score: money(version?.risk_score ?? null),
    risk_level: version?.risk_level ?? null,
    approval_status: version?.approval_status ?? null,
    company_id: event.company_id ?? null,
    company_name: company?.company_name ?? null,
    company_credit_rating: company?.credit_rating ?? null,
  };
}
