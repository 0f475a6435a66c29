import type { TablePlan } from '../plan/index.ts';
import { isBroken } from '../quality/index.ts';
import { measure } from './judging.ts';
import type { LoadedTable } from './staging-tables.ts';
import { hold, loadedTables, type RunState } from './state.ts';

/** Guards every base table. One that is held shows its last good version to the others, so they are judged again. */
export async function guardLoads(state: RunState): Promise<void> {
  let before: number;
  do {
    before = state.held.size;
    for (const table of loadedTables(state)) {
      if (!state.changed.has(table.name)) continue;
      await guard(state, table);
      if (state.held.has(table.name)) takeBackFiles(state, table);
    }
  } while (state.held.size > before);
}

/** Measures a table's blocking checks on its candidate; a broken one keeps the last good version. */
export async function guard(state: RunState, table: TablePlan): Promise<void> {
  const blocking = table.checks.filter((check) => check.severity === 'blocking');
  await measure(state, table, blocking);
  if (isBlocked(state, table)) hold(state, table, BLOCKED);
}

const isBlocked = ({ outcomes }: RunState, table: TablePlan): boolean =>
  [...outcomes.values()].some(
    ({ outcome }) => outcome.table === table.name && outcome.severity === 'blocking' && isBroken(outcome),
  );

const BLOCKED = 'a blocking check failed: its last good version stands';

/** The files of a load that is not published count as refused: the next run meets them again. */
function takeBackFiles({ files }: RunState, table: LoadedTable): void {
  const reason = `a blocking check of ${table.name} failed: its last good version stands`;
  for (const [index, file] of files.entries()) {
    if (file.dataset === table.making.source && file.status === 'loaded')
      files[index] = { ...file, rows: 0, status: 'refused', reason };
  }
}
