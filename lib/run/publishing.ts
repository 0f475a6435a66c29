import { definitionOf, type TablePlan } from '../plan/index.ts';
import { publishBuild as publishRows, rowCount } from './building.ts';
import { publishContests } from './contests.ts';
import { publishLoad as publishRecords } from './fates.ts';
import { type Made, noteMade, quote } from './ledger.ts';
import { noteFiles } from './loading.ts';
import { bindLocal, relationOf } from './relation.ts';
import { secondsSince } from './result.ts';
import type { LoadedTable } from './staging-tables.ts';
import { type Build, type RunState, resultOf, versionOf } from './state.ts';

/** Puts a base table's load and its files into the lake, inside the run's transaction. */
export async function publishLoad(state: RunState, table: LoadedTable): Promise<void> {
  const { db, runId, work, made } = state;
  const loading = state.loadings.get(table.name);
  if (!loading || state.held.has(table.name)) return;
  if (!state.changed.has(table.name)) return noteFiles(db, runId, loading);
  const started = performance.now();
  const fresh = work.rebuild.has(table.name);
  if (fresh) await forget(state, table);
  if (fresh || !made.has(table.name)) await db.run(bindLocal(table.ddl.duckdb, null));
  if (loading.settled) {
    await publishRecords(db, runId, loading.staging, loading.settled);
    await publishContests(db, runId, table.name, loading.settled);
  }
  await noteFiles(db, runId, loading);
  await note(state, table, [], secondsSince(started));
}

/** Clears a table that is made anew, with all that the ledger says of its files. */
async function forget({ db }: RunState, table: LoadedTable): Promise<void> {
  await db.run(`drop table if exists ${relationOf(table.name)}`);
  for (const ledger of ['file', 'quarantine', 'refused_field', 'discard'])
    await db.run(`delete from ops.${ledger} where dataset = ${quote(table.making.source)}`);
  await db.run(`delete from ops.contested where table_name = ${quote(table.name)}`);
}

/** Puts a model's new rows into the lake, inside the run's transaction. */
export async function publishBuild(state: RunState, { table, next, fresh, asOfs }: Build): Promise<void> {
  if (state.held.has(table.name)) return;
  const started = performance.now();
  await publishRows(state.db, table, next, state.request.asOf, fresh);
  await note(state, table, asOfs, secondsSince(started));
}

async function note(state: RunState, table: TablePlan, asOfs: readonly string[], seconds: number): Promise<void> {
  const rows = await rowCount(state.db, table.name);
  const madeFrom = Object.fromEntries(table.reads.map((read) => [read, versionOf(state, read)]));
  const made: Made = { definition: definitionOf(table), changedIn: state.runId, madeFrom, asOfs, rows };
  await noteMade(state.db, table.name, made);
  state.made.set(table.name, made);
  const before = resultOf(state, table);
  state.tables.set(table.name, { ...before, rows, seconds: Math.round((before.seconds + seconds) * 1000) / 1000 });
}

/** Notes in the ledger what the run did with a table. */
export async function noteStep(state: RunState, table: TablePlan): Promise<void> {
  if (!state.changed.has(table.name)) return;
  const { read, accepted, duplicate, superseded, quarantined, rows, seconds } = resultOf(state, table);
  const numbers = [table.level, seconds, read, accepted, duplicate, superseded, quarantined, rows].join(', ');
  await state.db.run(`insert into ops.step values (${quote(state.runId)}, ${quote(table.name)}, ${numbers})`);
}
