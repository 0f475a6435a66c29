import { countOf, rowOf } from '../engines/index.ts';
import { afterBuild, type BuiltTable, buildNext, ValueError } from './building.ts';
import { guard } from './guarding.ts';
import { secondsSince } from './result.ts';
import { builtTables, hold, type RunState, resultOf } from './state.ts';
import { staleBecause } from './work.ts';

/**
 * Marks the models whose answer is not the one that stands: never made, made anew, or their inputs or the as-of date moved.
 * What reads a table that is held is held with it.
 */
export function markStale(state: RunState): void {
  const { made, work, changed, request } = state;
  for (const table of builtTables(state)) {
    if (holdWithInputs(state, table)) continue;
    const anew = !made.has(table.name) || work.rebuild.has(table.name);
    if (anew || staleBecause(table, made, changed, request.asOf).length > 0) changed.add(table.name);
  }
}

/** Builds the stale models level by level, each from candidates, and guards it. */
export async function buildModels(state: RunState): Promise<void> {
  const models = builtTables(state);
  for (const level of new Set(models.map((table) => table.level))) {
    const tables = models.filter((table) => table.level === level);
    if (tables.some((table) => state.changed.has(table.name)))
      state.request.onEvent({ kind: 'level', level, tables: tables.map((table) => table.name) });
    for (const table of tables) await build(state, table);
  }
}

async function build(state: RunState, table: BuiltTable): Promise<void> {
  const { request } = state;
  if (holdWithInputs(state, table) || !state.changed.has(table.name)) return;
  const started = performance.now();
  request.onEvent({ kind: 'table_started', level: table.level, table: table.name });
  const asOfs = asOfsOf(state, table);
  const fresh = state.work.rebuild.has(table.name) || !state.made.has(table.name);
  const next = await nextOf(state, table, asOfs.compute);
  if (next === null) return;
  state.builds.set(table.name, { table, next, fresh, asOfs: asOfs.stored });
  state.candidates.set(table.name, fresh ? next : afterBuild(table, next, request.asOf));
  await guard(state, table);
  if (state.held.has(table.name)) return;
  const rows = countOf((await rowOf(state.db, `select count(*) as n from ${next}`)).n);
  const result = { ...resultOf(state, table), rows, seconds: secondsSince(started) };
  state.tables.set(table.name, result);
  request.onEvent({ kind: 'table_done', level: table.level, table: result });
}

/** A table's next rows; null where some value has no answer, and the table is held. */
async function nextOf(state: RunState, table: BuiltTable, asOfs: readonly string[]): Promise<string | null> {
  try {
    return await buildNext(state.db, table, asOfs, state.candidates);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    hold(state, table, error.because);
    return null;
  }
}

function holdWithInputs(state: RunState, table: BuiltTable): boolean {
  const unsafe = table.reads.filter((read) => state.held.has(read));
  if (unsafe.length > 0) hold(state, table, `it is skipped: it reads ${unsafe.join(', ')}`);
  return unsafe.length > 0;
}

/** The as-of dates to answer for: this run's; all that were ever answered when the table is made anew. */
function asOfsOf(
  { request, made, work }: RunState,
  table: BuiltTable,
): { readonly compute: readonly string[]; readonly stored: readonly string[] } {
  const { asOf } = request;
  if (!table.making.takesAsOf || table.write.kind !== 'merge')
    return { compute: [asOf], stored: table.making.takesAsOf ? [asOf] : [] };
  const earlier = (made.get(table.name)?.asOfs ?? []).filter((date) => date !== asOf);
  return { compute: work.rebuild.has(table.name) ? [...earlier, asOf] : [asOf], stored: [...earlier, asOf] };
}
