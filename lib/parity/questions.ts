import type { EngineName, Plan, Rendered, TablePlan } from '../plan/index.ts';

/** A query of the plan that engines are asked. */
export interface Question {
  /** `mart.session select`, `base.refund check fresh(timestamp)`, `query late-shipments`. */
  readonly name: string;
  /** Per rendering; who reads none of these is not asked. */
  readonly sql: { readonly [E in EngineName]?: string };
  /** Columns that tell its rows apart, where the plan says so. */
  readonly key: readonly string[];
  /** Whether the order of its rows is part of the answer. */
  readonly ordered: boolean;
}

/** Everything of a plan that is a query: how tables are made, how they are judged, and what analysts ask. */
export const questionsOf = (plan: Plan): (Question & { readonly sql: Rendered })[] => [
  ...plan.tables.flatMap(questionsOfTable),
  ...plan.queries.map(({ name, sql }) => ({ name: `query ${name}`, sql, key: [], ordered: endsOrdered(sql.athena) })),
];

function questionsOfTable({ name, making, scan, checks, grain }: TablePlan) {
  const about = (what: string, sql: Rendered | null, key: readonly string[] = [], ordered = false) =>
    sql === null ? [] : [{ name: `${name} ${what}`, sql, key, ordered }];
  return [
    ...about('select', making.kind === 'select' ? making.select : null, grain),
    ...about('scan', scan),
    ...checks.flatMap((check) => [
      ...about(`check ${check.name}`, check.measure.kind === 'query' ? check.measure.query : null),
      ...about(`offenders of ${check.name}`, check.offenders, [], true),
    ]),
  ];
}

/** Whether a statement ends in an order: one that no parenthesis follows. */
const endsOrdered = (sql: string): boolean => /\border by\b[^()]*$/i.test(sql);
