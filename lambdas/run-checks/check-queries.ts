import { athenaTable } from '../../lib/aws/index.ts';
import { plainTime } from '../../lib/engines/athena.ts';
import { bind, type CheckPlan, type Plan, type TablePlan } from '../../lib/plan/index.ts';
import { judge, type Measured, type Outcome, offender } from '../../lib/quality/index.ts';
import type { Query } from '../shared/queries.ts';

/** A row of Athena's answer. */
type Row = Readonly<Record<string, string | null>>;

/** The rows of a query by its name; undefined where it was not asked. */
export type Answers = (query: string) => readonly Row[] | undefined;

const scanOf = (table: TablePlan): string => `${table.name}/scan`;
const queryOf = (table: TablePlan, check: CheckPlan): string => `${table.name}/${check.name}`;
const offendersOf = (table: TablePlan, check: CheckPlan): string => `${table.name}/${check.name}/offenders`;

/** The ledger of runs is where runs are; what a check asks of it, the run itself measures. */
const asksLedger = (sql: string): boolean => sql.includes('{{ops.');

/** Puts the environment's names and the day into a query. */
const boundTo =
  (prefix: string, date: string) =>
  (template: string): (() => string) => {
    const sql = bind(template, { table: (name) => athenaTable(prefix, name), asOf: date });
    return () => sql;
  };

/** Every query that measures checks: one scan per table, and one for each check that needs its own. */
export function measuringQueries(plan: Plan, prefix: string, date: string): Query[] {
  const bound = boundTo(prefix, date);
  return plan.tables.flatMap((table) => [
    ...(table.scan === null ? [] : [{ name: scanOf(table), sql: bound(table.scan.athena) }]),
    ...table.checks.flatMap((check) =>
      check.measure.kind === 'query' && !asksLedger(check.measure.query.athena)
        ? [{ name: queryOf(table, check), sql: bound(check.measure.query.athena) }]
        : [],
    ),
  ]);
}

/** The queries for rows at fault: of broken checks only. */
export function offenderQueries(plan: Plan, outcomes: readonly Outcome[], prefix: string, date: string): Query[] {
  const bound = boundTo(prefix, date);
  return plan.tables.flatMap((table) =>
    table.checks.flatMap((check) => {
      const broken = outcomes.some(
        ({ table: name, check: rule, verdict }) =>
          name === table.name && rule === check.name && (verdict === 'warn' || verdict === 'fail'),
      );
      return broken && check.offenders ? [{ name: offendersOf(table, check), sql: bound(check.offenders.athena) }] : [];
    }),
  );
}

/** What every check found; one that no query measured is skipped. */
export const outcomesOf = (plan: Plan, answers: Answers): Outcome[] =>
  plan.tables.flatMap((table) =>
    table.checks.map((check) => ({
      ...judge(table, check, measuredBy(table, check, answers)),
      offenders: (answers(offendersOf(table, check)) ?? []).map((row) => offender(table.columns, spelled(table, row))),
    })),
  );

/** A row whose times are spelled as everywhere else. */
const spelled = ({ columns }: TablePlan, row: Row): Row => {
  const times = columns.filter(({ name, type }) => type.kind === 'instant' && row[name]).map(({ name }) => name);
  return { ...row, ...Object.fromEntries(times.map((name) => [name, plainTime(row[name] ?? '')])) };
};

function measuredBy(table: TablePlan, check: CheckPlan, answers: Answers): Measured | null {
  const { measure } = check;
  if (measure.kind === 'load' || measure.kind === 'refusals') return null;
  const [row] = answers(measure.kind === 'scan' ? scanOf(table) : queryOf(table, check)) ?? [];
  if (!row) return null;
  if (measure.kind === 'query') return { failed: Number(row.failed ?? 0), total: Number(row.total ?? 0) };
  return {
    failed: Number(row[measure.alias] ?? 0),
    total: measure.of === 'table' ? 1 : Number(row.total ?? 0),
  };
}
