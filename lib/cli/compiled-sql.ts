import type { EngineName, ModelPlan, Plan, QueryPlan, Rendered, TablePlan } from '../plan/plan.ts';
import { fillMarkers } from '../plan/sql/bind.ts';

/** One statement that an engine gets, and what it is for. */
export interface Statement {
  /** `ddl`, `conform`, `select`, `scan`, `check <name>`, `offenders <name>`, `query`, `training set`. */
  readonly purpose: string;
  readonly sql: string;
}

/** Something that has SQL: a table, a saved question, or a model. */
export interface CompiledSql {
  readonly name: string;
  readonly kind: 'table' | 'query' | 'model';
  readonly target: EngineName;
  readonly statements: readonly Statement[];
}

/**
 * A template as people read it: tables by their plain names, what only a run knows as `:as_of`, `:file`, `:location`.
 * With an as-of date the date stands there as a literal.
 */
function bindPlain(template: string, asOf: string | null): string {
  return fillMarkers(template, (name) => {
    if (name === 'as_of' && asOf !== null) return `date '${asOf}'`;
    return name.includes('.') || name === 'records' ? name : `:${name}`;
  });
}

const made = ({ making }: TablePlan, target: EngineName): { purpose: string; template: string }[] => {
  if (making.kind === 'select') return [{ purpose: 'select', template: making.select[target] }];
  // Records are typed where they are loaded; Athena and Redshift read the table that came of it.
  return target === 'duckdb' || target === 'spark' ? [{ purpose: 'conform', template: making.conform[target] }] : [];
};

/** The SQL of a table for an engine: its DDL, how it is made, how it is checked. */
export function sqlOfTable(table: TablePlan, target: EngineName, asOf: string | null): CompiledSql {
  const rendered = (purpose: string, sql: Rendered | null) => (sql ? [{ purpose, template: sql[target] }] : []);
  const checks = table.checks.flatMap(({ name, measure, offenders }) => [
    ...rendered(`check ${name}`, measure.kind === 'query' ? measure.query : null),
    ...rendered(`offenders ${name}`, offenders),
  ]);
  const templates = [...rendered('ddl', table.ddl), ...made(table, target), ...rendered('scan', table.scan), ...checks];
  const statements = templates.map(({ purpose, template }) => ({ purpose, sql: bindPlain(template, asOf) }));
  return { name: table.name, kind: 'table', target, statements };
}

/** The SQL of a saved question for an engine. */
export const sqlOfQuery = ({ name, sql }: QueryPlan, target: EngineName, asOf: string | null): CompiledSql => ({
  name,
  kind: 'query',
  target,
  statements: [{ purpose: 'query', sql: bindPlain(sql[target], asOf) }],
});

/** The SQL of a model for an engine: what makes its training set. */
export const sqlOfModel = ({ name, trainingSet }: ModelPlan, target: EngineName, asOf: string | null): CompiledSql => ({
  name,
  kind: 'model',
  target,
  statements: [{ purpose: 'training set', sql: bindPlain(trainingSet[target], asOf) }],
});

/** The SQL of everything: tables in the order of the run, then saved questions, then models. */
export const sqlOfPlan = (plan: Plan, target: EngineName, asOf: string | null): CompiledSql[] => [
  ...plan.tables.map((table) => sqlOfTable(table, target, asOf)),
  ...plan.queries.map((query) => sqlOfQuery(query, target, asOf)),
  ...plan.models.map((model) => sqlOfModel(model, target, asOf)),
];
