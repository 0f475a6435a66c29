import {
  type LoadedDataset,
  PADDED_KEY_PATTERN,
  pattern,
  type Rule,
  UTC_INSTANT_PATTERN,
  writtenForm,
} from '../contract/index.ts';
import type { ColumnPlan, Load } from './plan.ts';
import { predicateSql, predicateWords } from './predicate.ts';
import { literal, quoted, sqlType } from './types.ts';

type Dialect = 'duckdb' | 'spark';

/** A fault of a value: when it holds (SQL over `raw_<column>` and typed columns), and what it means. */
interface Fault {
  readonly column: ColumnPlan;
  readonly key: string;
  readonly when: (dialect: Dialect) => string;
  /** What the record layer said of the column already needs no second reason of this kind. */
  readonly unless?: string;
  readonly words: string;
}

const raw = (column: string, dialect: Dialect): string => quoted(`raw_${column}`, dialect);

/** Whole-value match. Java's `$` accepts the end of a line before the end, of which it knows six: nothing may follow. */
const matches = (value: string, form: string, dialect: Dialect): string =>
  dialect === 'duckdb'
    ? `regexp_full_match(${value}, ${literal(form)}, 's')`
    : `${value} rlike ${literal(`(?s)^(${form})(?!.)`)}`;

/** How a value is cast, before it is known whether its text is in the written form; null where nothing is cast. */
function attempt(column: ColumnPlan): string | null {
  return column.type.kind === 'text'
    ? null
    : `try_cast(${raw(column.name, 'duckdb')} as ${sqlType(column.type, 'duckdb')})`;
}

const attempted = (column: ColumnPlan): string => quoted(`_cast_${column.name}`, 'duckdb');

function typed(column: ColumnPlan, dialect: Dialect): string {
  const value = raw(column.name, dialect);
  const form = pattern(column.type);
  if (form === null) return value;
  if (dialect === 'duckdb') return typedByDuckDb(column, value, form);
  if (column.type.kind === 'instant') {
    const moved = `cast(try_cast(${value} as timestamp) as timestamp_ntz)`;
    return `case when ${matches(value, form, dialect)} and ${moved} ${KNOWN_INSTANTS} then ${moved} end`;
  }
  return `case when ${matches(value, form, dialect)} then try_cast(${value} as ${sqlType(column.type, dialect)}) end`;
}

/** The days and moments that every engine knows. */
const KNOWN_DATES = "between date '0001-01-01' and date '9999-12-31'";
const KNOWN_INSTANTS = "between timestamp '0001-01-01 00:00:00' and timestamp '9999-12-31 23:59:59.999999'";

/**
 * Most text is what the engine itself would print for the value, and then it is in the written form: comparing the two takes
 * half the time of matching the pattern, which only the rest pays. A moment with an offset is moved to UTC (the session's
 * zone), which may push it out of the years that every engine knows; the cast with zones costs seven times the one without.
 */
function typedByDuckDb(column: ColumnPlan, value: string, form: string): string {
  const cast = attempted(column);
  const { kind } = column.type;
  const known =
    kind === 'instant' ? ` and ${cast} ${KNOWN_INSTANTS}` : kind === 'date' ? ` and ${cast} ${KNOWN_DATES}` : '';
  const canonical = `when cast(${cast} as varchar) = ${value}${known} then ${cast}`;
  if (kind !== 'instant') return `case ${canonical} when ${matches(value, form, 'duckdb')} then ${cast} end`;
  const moved = `(try_cast(${value} as timestamptz) at time zone 'UTC')`;
  const plain = `when ${matches(value, UTC_INSTANT_PATTERN, 'duckdb')} then ${cast}`;
  const withOffset = `when ${matches(value, form, 'duckdb')} and ${moved} ${KNOWN_INSTANTS} then ${moved}`;
  return `case ${canonical} ${plain} ${withOffset} end`;
}

/** What the record layer said of a column already. */
const told = (column: ColumnPlan): string => `instr(',' || _fault, ${literal(`,${column.name}:`)}) > 0`;

function faultsOf(column: ColumnPlan, isKey: boolean, rules: readonly Rule[]): Fault[] {
  const name = (dialect: Dialect) => quoted(column.name, dialect);
  const unless = told(column);
  const faults: Omit<Fault, 'column'>[] = [];
  if (!column.nullable) {
    faults.push({
      key: `${column.name}:missing`,
      when: (d) => `${raw(column.name, d)} is null`,
      unless,
      words: `${column.name} is missing`,
    });
  }
  if (column.type.kind !== 'text') {
    faults.push({
      key: `${column.name}:form`,
      when: (d) => `${raw(column.name, d)} is not null and ${name(d)} is null`,
      unless,
      words: `${column.name} is not ${writtenForm(column.type)}`,
    });
  }
  if (isKey && column.type.kind === 'text') {
    faults.push({
      key: `${column.name}:padded`,
      when: (d) => padded(raw(column.name, d), d),
      words: `${column.name} is a key with spaces around it`,
    });
  }
  for (const rule of rules) {
    faults.push({
      key: `${column.name}:${rule.kind}`,
      when: (d) => `not (${predicateSql(rule, (of) => quoted(of, d))})`,
      ...(column.lenient ? { unless } : {}),
      words: predicateWords(rule).replace(/ is /, ' is not '),
    });
  }
  return faults.map((fault) => ({ column, ...fault }));
}

const WHITE_SPACE = [' ', '\t', '\n', '\r', '\f', '\v'];

/** In DuckDB six suffixes are a third of the price of a pattern; only text that sorts before `!` can begin with white space. */
const padded = (value: string, dialect: Dialect): string =>
  dialect === 'duckdb'
    ? `case when ${value} < '!' then ${matches(value, PADDED_KEY_PATTERN, dialect)} else ${WHITE_SPACE.map((each) => `suffix(${value}, ${literal(each)})`).join(' or ')} end`
    : matches(value, PADDED_KEY_PATTERN, dialect);

const codesOf = (faults: readonly Fault[], dialect: Dialect): string[] =>
  faults.map(({ key, when, unless }) => {
    const said = unless === undefined ? '' : `when ${unless} then null `;
    return `case ${said}when ${when(dialect)} then ${literal(key)} end`;
  });

/** What the record layer said of these columns, or of all others; null where it said nothing. */
function said(lenient: readonly ColumnPlan[], of: 'these' | 'others', dialect: Dialect): string {
  const names = lenient.map((column) => literal(column.name)).join(', ');
  const not = of === 'others' ? 'not ' : '';
  const codes =
    dialect === 'duckdb'
      ? `array_to_string(list_filter(string_split(_fault, ','), lambda f: split_part(f, ':', 1) ${not}in (${names})), ',')`
      : `array_join(filter(split(_fault, ','), f -> substring_index(f, ':', 1) ${not}in (${names})), ',')`;
  return `nullif(${codes}, '')`;
}

/** A lenient column's value, null where it was refused by itself. */
function regular(column: ColumnPlan, soft: readonly Fault[], dialect: Dialect): string {
  const faults = soft.filter((fault) => fault.column === column).map((fault) => fault.when(dialect));
  return `case when ${[told(column), ...faults].join(' or ')} then null else ${quoted(column.name, dialect)} end as ${quoted(column.name, dialect)}`;
}

function conformSql(columns: readonly ColumnPlan[], faults: readonly Fault[], dialect: Dialect): string {
  const lenient = columns.filter((column) => column.lenient);
  const strict = faults.filter((fault) => !fault.column.lenient);
  const soft = faults.filter((fault) => fault.column.lenient);
  const fault = lenient.length === 0 ? '_fault' : said(lenient, 'others', dialect);
  const bad = [`${fault} is not null`, ...strict.map((each) => `(${each.when(dialect)})`)].join(' or ');
  const refused =
    lenient.length === 0
      ? null
      : `nullif(concat_ws(',', ${[said(lenient, 'these', dialect), ...codesOf(soft, dialect)].join(', ')}), '')`;
  const fields = columns.map((column) => `${literal(column.name)}, ${raw(column.name, dialect)}`).join(', ');
  const record = dialect === 'duckdb' ? `cast(json_object(${fields}) as varchar)` : `to_json(named_struct(${fields}))`;
  const casts = columns.flatMap((column) => {
    const cast = dialect === 'duckdb' ? attempt(column) : null;
    return cast === null ? [] : [`${cast} as ${attempted(column)}`];
  });
  const records = casts.length === 0 ? '{{records}}' : `(select *, ${casts.join(', ')} from {{records}}) as attempted`;
  return [
    'select',
    ...columns.map((column) => `  ${column.lenient ? regular(column, soft, dialect) : quoted(column.name, dialect)},`),
    `  case when _bad then concat_ws(',', ${[fault, ...codesOf(strict, dialect)].join(', ')}) end as _faults,`,
    ...(refused === null ? [] : ['  case when _bad then null else _soft end as _refused,']),
    `  case when _bad${refused === null ? '' : ' or _soft is not null'} then ${record} end as _raw,`,
    '  {{file}} as _raw_file,',
    '  _at',
    'from (',
    `  select *, ${bad} as _bad${refused === null ? '' : `, ${refused} as _soft`}`,
    '  from (',
    '    select *,',
    columns.map((column) => `      ${typed(column, dialect)} as ${quoted(column.name, dialect)}`).join(',\n'),
    `    from ${records}`,
    '  ) as typed',
    ') as judged',
  ].join('\n');
}

/**
 * How text becomes a typed row, and what is wrong where it does not: one select over `{{records}}`, whose columns are
 * `raw_<name>` (text; empty is null), `_fault` (what the record layer found, as `column:code`, or null) and `_at` (the record's number, where it carries one).
 * `keysOfOthers` are columns that are keys of tables made of this one.
 * `{{file}}` is the number of the file, or a column that holds it. A record with a fault of a lenient column alone is good: the value is null, and `_refused` says why.
 */
export function compileConform(
  contract: Pick<LoadedDataset, 'checks' | 'grain' | 'rules'>,
  columns: readonly ColumnPlan[],
  keysOfOthers: readonly string[],
): Pick<Load, 'conform' | 'faults'> {
  const references = (contract.checks ?? []).flatMap((check) => (check.kind === 'refers_to' ? [check.column] : []));
  const keys = new Set([...contract.grain, ...references, ...keysOfOthers]);
  const faults = columns.flatMap((column) =>
    faultsOf(
      column,
      keys.has(column.name),
      (contract.rules ?? []).filter((rule) => rule.column === column.name),
    ),
  );
  return {
    conform: { duckdb: conformSql(columns, faults, 'duckdb'), spark: conformSql(columns, faults, 'spark') },
    faults: Object.fromEntries(faults.map((fault) => [fault.key, fault.words])),
  };
}
