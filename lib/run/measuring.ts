import type { Dag } from '../dag/index.ts';
import { countOf, type DuckDb, rowOf, rowsOf } from '../engines/index.ts';
import { type CheckPlan, type TablePlan, tablesIn } from '../plan/index.ts';
import {
  blastRadius,
  isBroken,
  judge,
  type Measured,
  type Offender,
  type Outcome,
  offender,
} from '../quality/index.ts';
import { type Contests, contestants } from './contests.ts';
import { bindLocal } from './relation.ts';

/** Where checks are measured. */
export interface MeasuringContext {
  readonly db: DuckDb;
  readonly asOf: string;
  readonly lineage: Dag<string>;
  /** Relations to look at in place of stored tables: candidates that are not published yet. */
  readonly instead: ReadonlyMap<string, string>;
  /** Keys of the table that came with several contents and no version to decide. */
  readonly contests: Contests;
  /** Records of the load with fields refused by themselves, and three such fields; absent where no column is lenient. */
  readonly refusals?: Refusals;
}

/** What a load refused by itself. */
export interface Refusals extends Measured {
  readonly offenders: readonly Offender[];
}

/** Measures some of a table's checks: one scan for all that look at rows, one query for each other. Offenders are looked up only for what is broken. */
export async function measureChecks(
  context: MeasuringContext,
  table: TablePlan,
  checks: readonly CheckPlan[],
): Promise<Outcome[]> {
  const { db } = context;
  const sql = (template: string) => bindLocal(template, context.asOf, context.instead);
  const needsScan = checks.some((check) => check.measure.kind === 'scan');
  const scan = needsScan && table.scan ? await rowOf(db, sql(table.scan.duckdb)) : {};
  const measure = async ({ measure }: CheckPlan): Promise<Measured | null> => {
    switch (measure.kind) {
      case 'scan':
        return { failed: countOf(scan[measure.alias]), total: measure.of === 'table' ? 1 : countOf(scan.total) };
      case 'query': {
        const row = await rowOf(db, sql(measure.query.duckdb));
        return { failed: countOf(row.failed), total: countOf(row.total) };
      }
      case 'load':
        return context.contests;
      case 'refusals':
        return context.refusals ?? null;
    }
  };
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    const outcome = judge(table, check, await measure(check));
    outcomes.push(isBroken(outcome) ? await explain(context, table, check, outcome) : outcome);
  }
  return outcomes;
}

async function explain(
  context: MeasuringContext,
  table: TablePlan,
  check: CheckPlan,
  outcome: Outcome,
): Promise<Outcome> {
  return {
    ...outcome,
    offenders: await offendersOf(context, table, check),
    reaches: blastRadius(context.lineage, table.name),
  };
}

async function offendersOf(
  context: MeasuringContext,
  table: TablePlan,
  check: CheckPlan,
): Promise<readonly Offender[]> {
  const { db, contests, asOf, instead } = context;
  if (check.measure.kind === 'load') {
    const key = table.columns.filter((column) => table.grain.includes(column.name));
    return (await contestants(db, table, contests)).map((row) => offender(key, row));
  }
  if (check.measure.kind === 'refusals') return context.refusals?.offenders ?? [];
  if (check.offenders === null) return [];
  const rows = await rowsOf(db, bindLocal(check.offenders.duckdb, asOf, instead));
  return rows.map((row) => offender(table.columns, row));
}

/** The tables whose rows decide a check, and whether the as-of date does. */
export function decides(
  table: TablePlan,
  check: CheckPlan,
): { readonly tables: readonly string[]; readonly asOf: boolean } {
  const text =
    check.measure.kind === 'query'
      ? check.measure.query.duckdb
      : check.measure.kind === 'scan'
        ? (table.scan?.duckdb ?? '')
        : '';
  return { tables: [...new Set([table.name, ...tablesIn(text)])], asOf: text.includes('{{as_of}}') };
}
