import { type CheckPlan, lineageOf, type TablePlan } from '../plan/index.ts';
import { judge } from '../quality/index.ts';
import { type Contests, contestsAfter, NO_CONTESTS } from './contests.ts';
import { decides, measureChecks } from './measuring.ts';
import { refusalsOf } from './refused.ts';
import { fingerprintOf, standingKey } from './standing.ts';
import { type RunState, versionOf } from './state.ts';

/** The checks of a table whose standing outcome does not speak of the rows, the date or the statement of this run. */
export function dueChecks(state: RunState, table: TablePlan): CheckPlan[] {
  if (state.held.has(table.name)) return [];
  return table.checks.filter((check) => {
    const key = standingKey(table.name, check.name);
    if (state.outcomes.has(key)) return false;
    const standing = state.standing.get(key);
    if (!standing) return true;
    const deciding = decides(table, check);
    const moved = deciding.tables.some(
      (name) => state.changed.has(name) || standing.from?.[name] !== versionOf(state, name),
    );
    return moved || standing.by !== fingerprintOf(check) || (deciding.asOf && standing.asOf !== state.request.asOf);
  });
}

/** The contested keys of a table, where a check asks for them. */
async function contestsOf(state: RunState, table: TablePlan, checks: readonly CheckPlan[]): Promise<Contests> {
  if (!checks.some((check) => check.measure.kind === 'load')) return NO_CONTESTS;
  const stored = state.work.rebuild.has(table.name) ? undefined : state.made.get(table.name);
  return contestsAfter(state.db, table, state.loadings.get(table.name)?.settled ?? null, stored?.rows ?? null);
}

/** Measures some of a table's checks on what the run would publish. */
export async function measure(state: RunState, table: TablePlan, checks: readonly CheckPlan[]): Promise<void> {
  if (checks.length === 0 || state.held.has(table.name)) return;
  const context = {
    db: state.db,
    asOf: state.request.asOf,
    lineage: lineageOf(state.request.plan),
    instead: state.candidates,
    contests: await contestsOf(state, table, checks),
    refusals: refusalsOf(table, state.loadings.get(table.name)?.settled ?? null),
  };
  // A check that looks at a table which the lake does not have (yet) says nothing: it is measured once the table is there.
  const isThere = (name: string) =>
    name === table.name || name.startsWith('ops.') || state.candidates.has(name) || state.made.has(name);
  const measurable = checks.filter((check) => decides(table, check).tables.every(isThere));
  const outcomes = new Map(
    (await measureChecks(context, table, measurable)).map((outcome) => [outcome.check, outcome]),
  );
  // Rows that are only a candidate have no version: should they be held, the check is due on those that stand.
  const version = (name: string) => (state.changed.has(name) ? state.runId : versionOf(state, name));
  for (const check of checks) {
    const outcome = outcomes.get(check.name) ?? judge(table, check, null);
    const from = Object.fromEntries(decides(table, check).tables.map((name) => [name, version(name)]));
    state.outcomes.set(standingKey(table.name, check.name), { outcome, by: fingerprintOf(check), from });
  }
}
