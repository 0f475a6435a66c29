import type { Column, Dataset, EventDataset, History, LoadedDataset } from '../contract/index.ts';
import { ContractError } from './contract-error.ts';
import { qualifiedName } from './contract-rules.ts';

/** What the writers of selects need: columns as pairs, the key, and the windows of one key's events in order. */
interface Shape {
  readonly contract: EventDataset;
  readonly events: LoadedDataset;
  readonly columns: readonly (readonly [name: string, column: Column])[];
  readonly key: readonly string[];
  /** `partition by … order by …` over the events of a key, for an alias. */
  readonly ordered: (alias: string) => string;
}

/** The columns of a history that no event has, as the last step tells them. */
const HISTORY_COLUMNS = ['effective_start', 'effective_end', 'is_current'] as const;

const SO_FAR = 'rows between unbounded preceding and current row';
const EVER = 'rows between unbounded preceding and unbounded following';

const surrogateKey = (contract: EventDataset): string => `${contract.name}_sk`;
const list = (alias: string, names: readonly string[]): string => names.map((name) => `${alias}.${name}`).join(', ');

/**
 * The select of a table made of events, in the portable core. It is a function of the set of events that count, so the
 * table depends neither on their order nor on how they were batched.
 * @throws ContractError where contract and events do not fit.
 */
export function eventSelect(contract: EventDataset, contracts: readonly Dataset[]): string {
  const shape = shapeOf(contract, contracts);
  switch (contract.write.kind) {
    case 'append':
      return facts(shape);
    case 'merge_fields':
      return latestFields(shape);
    case 'history':
      return states(shape, contract.write);
    default:
      throw new RangeError(`${contract.name}: ${contract.write.kind} is no policy of a table made of events`);
  }
}

/** Columns of a raw table's events that are keys of the tables made of them. */
export const eventKeys = (events: string, contracts: readonly Dataset[]): string[] =>
  contracts.flatMap((each) =>
    each.made === 'events' && each.events === events
      ? keyOf(each).map((column) => each.row[column]?.facts.path ?? column)
      : [],
  );

const keyOf = ({ grain, write }: EventDataset): string[] =>
  grain.filter((column) => write.kind !== 'history' || column !== 'effective_start');

function shapeOf(contract: EventDataset, contracts: readonly Dataset[]): Shape {
  const name = qualifiedName(contract);
  const events = contracts.find((each) => each.layer === 'raw' && each.name === contract.events);
  if (events?.made !== 'load')
    throw new ContractError(
      name,
      `is made of raw.${contract.events}, which no contract declares`,
      'declare it with raw()',
    );
  const history = contract.write.kind === 'history';
  const key = keyOf(contract);
  const columns = Object.entries(contract.row).filter(([column]) => !history || !isOfHistory(contract, column));
  const orderBy = 'orderBy' in contract.write ? contract.write.orderBy : [];
  const asked = columns.flatMap(([column, { facts }]) => [
    facts.path ?? column,
    ...(facts.counts ? [facts.counts.column, facts.counts.equals] : []),
  ]);
  const stranger = [...asked, ...orderBy].find((column) => !(column in events.row));
  if (stranger)
    throw new ContractError(name, `raw.${contract.events} has no column ${stranger}`, 'name one that it has');
  const untied = orderBy.length > 0 ? events.grain.find((column) => !orderBy.includes(column)) : undefined;
  if (untied) throw new ContractError(name, `events may tie in ${orderBy.join(', ')}`, `add ${untied} to orderBy`);
  const order = orderBy.map((_, index) => `_order_${index}`);
  const ordered = (alias: string) => `partition by ${list(alias, key)} order by ${list(alias, order)}`;
  return { contract, events, columns, key, ordered };
}

const isOfHistory = (contract: EventDataset, column: string): boolean =>
  column === surrogateKey(contract) || HISTORY_COLUMNS.some((each) => each === column);

/** A column of the table as an event tells it: null where the contract says that it does not count. */
function countedValue([name, { facts }]: Shape['columns'][number]): string {
  const value = `e.${facts.path ?? name}`;
  if (facts.counts === undefined) return facts.path === null || facts.path === name ? value : `${value} as ${name}`;
  const { column, equals } = facts.counts;
  return `case when e.${column} is null or e.${column} = e.${equals} then ${value} end as ${name}`;
}

/** The events that have a key, with the columns of the table and `_order_0`, `_order_1`, …. */
function eventStep({ contract, events, columns, key }: Shape): string {
  const orderBy = 'orderBy' in contract.write ? contract.write.orderBy : [];
  const pathOf = (column: string) => contract.row[column]?.facts.path ?? column;
  const keyless = key.filter((column) => events.row[pathOf(column)]?.facts.optional);
  const where = keyless.map((column) => `e.${pathOf(column)} is not null`).join(' and ');
  return [
    'select',
    [
      ...columns.map((column) => `  ${countedValue(column)}`),
      ...orderBy.map((column, index) => `  e.${column} as _order_${index}`),
    ].join(',\n'),
    `from ${qualifiedName(events)} as e`,
    ...(where === '' ? [] : [`where ${where}`]),
  ].join('\n');
}

/** One row per event, as it is. */
const facts = (shape: Shape): string => eventStep(shape);

/** Type 1: what is known of each column after the last event of a key. */
function latestFields(shape: Shape): string {
  const { columns, key, ordered } = shape;
  const names = columns.map(([name]) => name);
  const fields = names.filter((name) => !key.includes(name));
  const known = fields.map((name) => `last_known(v.${name}) over (${ordered('v')} ${SO_FAR}) as ${name}`);
  return `with event as (
${eventStep(shape)}
),
known as (
select ${list('v', key)},
  ${known.join(',\n  ')},
  lead(v._order_0) over (${ordered('v')}) as _next
from event as v
)
select ${list('k', names)} from known as k where k._next is null`;
}

/** Type 2: a row for each state that differs from the one before. */
function states(shape: Shape, write: History): string {
  const { contract, columns, ordered } = shape;
  const key = keyOfHistory(shape, write);
  const { type1, type2, carryForward } = write;
  const values = columns.map(([name]) => name).filter((name) => name !== key);
  const known = values.map((name) => {
    if (type1.includes(name)) return `last_known(v.${name}) over (${ordered('v')} ${EVER}) as ${name}`;
    return carryForward.includes(name)
      ? `last_known(v.${name}) over (${ordered('v')} ${SO_FAR}) as ${name}`
      : `v.${name}`;
  });
  const byStart = (alias: string) => `over (partition by ${alias}.${key} order by ${alias}.effective_start)`;
  const before = type2.map((name) => `lag(s.${name}) ${byStart('s')} as _was_${name}`);
  const outputs: Readonly<Record<string, string>> = {
    [surrogateKey(contract)]: `hash_key(instant_text(b.effective_start) || ' ' || b.${key})`,
    is_current: 'case when b.effective_end is null then true else false end',
  };
  return `with event as (
${eventStep(shape)}
),
known as (
select v.${key}, v._order_0 as effective_start,
  ${known.join(',\n  ')},
  lead(v._order_0) over (${ordered('v')}) as _next
from event as v
),
settled as (
select ${list('k', [key, 'effective_start', ...values])} from known as k
where k._next is null or k._next > k.effective_start
),
compared as (
select ${list('s', [key, 'effective_start', ...values])},
  ${before.join(',\n  ')},
  row_number() ${byStart('s')} as _place
from settled as s
),
changed as (
select ${list('c', [key, 'effective_start', ...values])} from compared as c
where c._place = 1
  or ${type2.map((name) => differs(name, carryForward.includes(name))).join('\n  or ')}
),
bounded as (
select ${list('g', [key, 'effective_start', ...values])}, lead(g.effective_start) ${byStart('g')} as effective_end from changed as g
)
select ${Object.keys(contract.row)
    .map((name) => (outputs[name] === undefined ? `b.${name}` : `${outputs[name]} as ${name}`))
    .join(',\n  ')}
from bounded as b`;
}

/** What is carried forward never becomes null again. */
const differs = (name: string, carried: boolean): string =>
  `c._was_${name} <> c.${name} or (c._was_${name} is null and c.${name} is not null)${
    carried ? '' : ` or (c._was_${name} is not null and c.${name} is null)`
  }`;

/** The one column of text whose states these are. */
function keyOfHistory({ contract, columns, key }: Shape, { type1, type2, carryForward }: History): string {
  const name = qualifiedName(contract);
  const [only, ...others] = key;
  if (only === undefined || others.length > 0 || contract.row[only]?.facts.type.kind !== 'text')
    throw new ContractError(name, `its states are those of (${key.join(', ')})`, 'name one column of text');
  const missing = [surrogateKey(contract), ...HISTORY_COLUMNS].find((column) => !(column in contract.row));
  if (missing) throw new ContractError(name, `has no column ${missing}`, 'every history has one');
  const typed = [...type1, ...type2];
  const values = columns.map(([column]) => column).filter((column) => column !== only);
  const untyped = values.find((column) => typed.filter((each) => each === column).length !== 1);
  if (untyped) throw new ContractError(name, `${untyped} is not in one of type1 and type2`, 'put it into one of them');
  const uncarried = carryForward.find((column) => !type2.includes(column));
  if (uncarried) throw new ContractError(name, `${uncarried} is carried forward but not of type2`, 'take it out');
  return only;
}
