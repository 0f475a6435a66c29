import type { Rule, Severity, Tolerance, Unless } from '../contract/index.ts';
import { bind, type EngineName, quoted, type Rendered, type Statement, type TablePlan } from '../plan/index.ts';
import { predicateSql, predicateWords } from '../plan/predicate.ts';

/** One thing that a table promises: by a column, its key, a rule or a check. */
export interface Clause {
  /** Unique within its table: `at_least(amount)`. */
  readonly name: string;
  readonly says: string;
  readonly severity: Severity;
  readonly tolerate: Tolerance;
  readonly statement: Statement | Rule | Unless['wants'];
  /** One row, `failed` and `total`, where the statement is a query of its own. */
  readonly query: Rendered | null;
}

/** A statement about each row: its values, or the row of another table that it refers to. */
export type RowStatement = Rule | Unless['wants'] | Extract<Statement, { kind: 'refers_to' }>;

/** Everything that a table promises. What columns, key and rules say is held by the load: no stored row breaks it. */
export function clausesOf(table: TablePlan): Clause[] {
  const held = { severity: 'blocking', tolerate: { rows: 0 }, query: null } as const;
  const needed = table.columns.filter((column) => !column.nullable);
  const present = needed.map(({ name }) => ({ kind: 'present', column: name }) as const);
  const key = { name: `unique(${table.grain.join(', ')})`, says: `no two rows share ${table.grain.join(', ')}` };
  const isKeyed = table.grain.length > 0 && table.checks.every(({ name }) => name !== key.name);
  const rules = table.making.kind === 'load' ? table.making.rules : [];
  return [
    ...present.map((it) => ({ ...held, name: `present(${it.column})`, says: predicateWords(it), statement: it })),
    ...(isKeyed ? [{ ...held, ...key, statement: { kind: 'unique', columns: table.grain } as const }] : []),
    ...rules.map((rule) => ({
      ...held,
      name: `rule(${predicateWords(rule)})`,
      says: predicateWords(rule),
      statement: rule,
    })),
    ...table.checks.map(({ name, says, severity, tolerate, statement, measure }) => ({
      ...{ name, says, severity, tolerate, statement },
      query: measure.kind === 'query' ? measure.query : null,
    })),
  ];
}

const OF_TABLE: readonly Clause['statement']['kind'][] = [
  'unique',
  'fresh_within',
  'row_count',
  'identity',
  'of_the_load',
];

/** Whether a statement judges row by row. */
export const isOfRows = (statement: Clause['statement']): statement is RowStatement =>
  !OF_TABLE.includes(statement.kind);

/** How a format writes SQL: for whom, and what it calls a table. */
export interface Dialect {
  readonly engine: EngineName;
  readonly place: (table: string) => string;
}

/** The condition by which a row, as `t`, breaks a statement. */
export function brokenBy(statement: RowStatement, { engine, place }: Dialect): string {
  const named = (column: string) => `t.${quoted(column, engine)}`;
  if (statement.kind !== 'refers_to') return `not (${predicateSql(statement, named)})`;
  const [column, key] = [named(statement.column), `p.${quoted(statement.key, engine)}`];
  return `${column} is not null and not exists (select 1 from ${place(statement.table)} as p where ${key} = ${column})`;
}

/** A query of one row, `failed` and `total`, for a clause of a table; null where no query over tables can tell, or only as of a day. */
export function measured({ statement, query }: Clause, table: string, dialect: Dialect): string | null {
  const template = query?.[dialect.engine];
  if (template !== undefined)
    return /\{\{(as_of|ops[.])/.test(template) ? null : bind(template, { table: dialect.place, asOf: null });
  if (!isOfRows(statement)) return null;
  return `select count(case when ${brokenBy(statement, dialect)} then 1 end) as failed, count(*) as total from ${dialect.place(table)} as t`;
}
