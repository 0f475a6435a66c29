import type { TablePlan } from '../plan/index.ts';
import { judge, type Outcome } from '../quality/index.ts';
import { candidateOf, filesAfter } from './candidates.ts';
import { buildModels, markStale } from './computing.ts';
import { faultsMoved, noteFaults } from './faults.ts';
import { guardLoads } from './guarding.ts';
import { dueChecks, measure } from './judging.ts';
import { noteStep, publishBuild, publishLoad } from './publishing.ts';
import { readRaw } from './reading.ts';
import type { FileResult, HeldTable, TableResult } from './result.ts';
import { noteOutcomes, standingKey } from './standing.ts';
import { loadedTables, type RunState, resultOf } from './state.ts';

/**
 * The steps of a run on an open lake. `prepare` reads new records and settles their fates; `compute` builds and checks
 * what will be published, from candidates: temporary relations that show each table as it would be. Both work outside of
 * any transaction, so what data can break breaks there, and the engine reads with every core (rows of an open
 * transaction it reads with one). `publish` only writes, inside the caller's transaction.
 */
export async function prepare(state: RunState): Promise<boolean> {
  await readRaw(state);
  markStale(state);
  const recognised = [...state.loadings].some(
    ([table, loading]) => loading.recognised.length > 0 && !state.held.has(table),
  );
  return (
    recognised ||
    state.changed.size > 0 ||
    faultsMoved(state) ||
    state.work.tables.some((table) => dueChecks(state, table).length > 0)
  );
}

/** Builds what is stale and measures what is due, on candidates. */
export async function compute(state: RunState): Promise<void> {
  for (const table of loadedTables(state))
    if (state.changed.has(table.name)) state.candidates.set(table.name, candidateOf(state, table));
  await guardLoads(state);
  state.candidates.set('ops.file', filesAfter(state));
  await buildModels(state);
  for (const table of state.work.tables) await measure(state, table, dueChecks(state, table));
}

/** Puts data and ledger into the lake. To be called inside a transaction. */
export async function publish(state: RunState): Promise<void> {
  for (const table of loadedTables(state)) await publishLoad(state, table);
  for (const build of state.builds.values()) await publishBuild(state, build);
  await noteOutcomes(state.db, state.runId, [...state.outcomes.values()]);
  for (const table of state.work.tables) await noteStep(state, table);
  await noteFaults(state);
}

/** What a run did, before it is summed up. */
export interface PipelineOutcome {
  /** Whether anything was published. */
  readonly changed: boolean;
  readonly tables: readonly TableResult[];
  readonly outcomes: readonly Outcome[];
  readonly files: readonly FileResult[];
  readonly held: readonly HeldTable[];
  readonly notes: readonly string[];
  readonly plan: readonly TablePlan[];
}

/** What came of it. */
export function outcomeOf(state: RunState): PipelineOutcome {
  const { work, changed, files, notes } = state;
  return {
    changed: changed.size > 0 || state.outcomes.size > 0,
    tables: work.tables.map((table) => resultOf(state, table)),
    outcomes: work.tables.flatMap((table) =>
      table.checks.map((check) => {
        const key = standingKey(table.name, check.name);
        return (state.outcomes.get(key) ?? state.standing.get(key))?.outcome ?? judge(table, check, null);
      }),
    ),
    files,
    held: [...state.held].map(([table, because]) => ({ table, because })),
    notes,
    plan: work.tables,
  };
}

/** Drops what was staged. */
export async function end({ db, loadings, builds }: RunState): Promise<void> {
  for (const { staging, settled } of loadings.values()) {
    for (const table of settled?.drop ?? []) await db.run(`drop table if exists ${table}`);
    await staging.end();
  }
  for (const { next } of builds.values()) await db.run(`drop table if exists ${next}`);
}
