import {
  type BaseDataset,
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
  readonly key: string;
  readonly when: (dialect: Dialect) => string;
  readonly words: string;
}

const raw = (column: string, dialect: Dialect): string => quoted(`raw_${column}`, dialect);

/** Whole-value match. Java's `$` accepts a trailing newline, so Spark is told to look for one. */
function matches(value: string, form: string, dialect: Dialect): string {
  return dialect === 'duckdb'
    ? `regexp_full_match(${value}, ${literal(form)}, 's')`
    : `(${value} rlike ${literal(`^(${form})$`)} and instr(${value}, chr(10)) = 0)`;
}

function typed(column: ColumnPlan, dialect: Dialect): string {
  const value = raw(column.name, dialect);
  const form = pattern(column.type);
  if (form === null) return value;
  if (column.type.kind === 'instant') return typedInstant(value, form, dialect);
  return `case when ${matches(value, form, dialect)} then try_cast(${value} as ${sqlType(column.type, dialect)}) end`;
}

/**
 * A moment in UTC without zone. An offset is applied (the session zone is UTC), then dropped; it may push the moment out
 * of the years that every engine knows. DuckDB's cast with zones costs seven times the one without, and few feeds need it.
 */
function typedInstant(value: string, form: string, dialect: Dialect): string {
  const moved =
    dialect === 'duckdb'
      ? `(try_cast(${value} as timestamptz) at time zone 'UTC')`
      : `cast(try_cast(${value} as timestamp) as timestamp_ntz)`;
  const known = `${moved} between timestamp '0001-01-01 00:00:00' and timestamp '9999-12-31 23:59:59.999999'`;
  const withOffset = `when ${matches(value, form, dialect)} and ${known} then ${moved}`;
  const plain = `when ${matches(value, UTC_INSTANT_PATTERN, dialect)} then try_cast(${value} as ${sqlType({ kind: 'instant' }, dialect)})`;
  return dialect === 'duckdb' ? `case ${plain} ${withOffset} end` : `case ${withOffset} end`;
}

function faultsOf(column: ColumnPlan, isKey: boolean, rules: readonly Rule[]): Fault[] {
  const name = (dialect: Dialect) => quoted(column.name, dialect);
  const faults: Fault[] = [];
  if (!column.nullable) {
    faults.push({
      key: `${column.name}:missing`,
      when: (d) => `${raw(column.name, d)} is null and instr(coalesce(_fault, ''), ${literal(`${column.name}:`)}) = 0`,
      words: `${column.name} is missing`,
    });
  }
  if (column.type.kind !== 'text') {
    faults.push({
      key: `${column.name}:form`,
      when: (d) =>
        `${raw(column.name, d)} is not null and ${name(d)} is null and instr(coalesce(_fault, ''), ${literal(`${column.name}:`)}) = 0`,
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
      words: predicateWords(rule).replace(/ is /, ' is not '),
    });
  }
  return faults;
}

const padded = (value: string, dialect: Dialect): string =>
  dialect === 'duckdb'
    ? matches(value, PADDED_KEY_PATTERN, dialect)
    : `(${value} rlike ${literal('^[ \t\n\r\f\v]')} or ${value} rlike ${literal('[ \t\n\r\f\v]$')} or instr(substr(${value}, -1), chr(10)) = 1)`;

function conformSql(columns: readonly ColumnPlan[], faults: readonly Fault[], dialect: Dialect): string {
  const names = columns.map((column) => quoted(column.name, dialect));
  const bad = ['_fault is not null', ...faults.map((fault) => `(${fault.when(dialect)})`)].join(' or ');
  const codes = faults.map((fault) => `case when ${fault.when(dialect)} then ${literal(fault.key)} end`);
  const fields = columns.map((column) => `${literal(column.name)}, ${raw(column.name, dialect)}`).join(', ');
  const record = dialect === 'duckdb' ? `cast(json_object(${fields}) as varchar)` : `to_json(named_struct(${fields}))`;
  return [
    'select',
    ...names.map((name) => `  ${name},`),
    `  case when _bad then concat_ws(',', ${['_fault', ...codes].join(', ')}) end as _faults,`,
    `  case when _bad then ${record} end as _raw,`,
    '  {{file}} as _file,',
    '  _at',
    'from (',
    `  select *, ${bad} as _bad`,
    '  from (',
    '    select *,',
    columns.map((column) => `      ${typed(column, dialect)} as ${quoted(column.name, dialect)}`).join(',\n'),
    '    from {{records}}',
    '  ) as typed',
    ') as judged',
  ].join('\n');
}

/**
 * How text becomes a typed row, and what is wrong where it does not: one select over `{{records}}`, whose columns are
 * `raw_<name>` (text; empty is null), `_fault` (what the record layer found, as `column:code`, or null) and `_at` (the record's number, where it carries one).
 * `{{file}}` is the number of the file, or a column that holds it.
 */
export function compileConform(
  contract: BaseDataset,
  columns: readonly ColumnPlan[],
): Pick<Load, 'conform' | 'faults'> {
  const references = (contract.checks ?? []).flatMap((check) => (check.kind === 'refers_to' ? [check.column] : []));
  const keys = new Set([...contract.grain, ...references]);
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
