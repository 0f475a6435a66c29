import { type DuckDb, rowsOf } from '../engines/index.ts';
import type { TablePlan } from '../plan/index.ts';
import { quote } from './ledger.ts';
import type { FileResult, HeldTable } from './result.ts';
import type { RunState } from './state.ts';

/** A raw file that could not be taken. */
export interface RefusedFileNote {
  readonly dataset: string;
  readonly path: string;
  readonly reason: string;
}

/** What waits for somebody: tables that keep an earlier version, and files that were refused. */
export interface Faults {
  readonly held: readonly HeldTable[];
  readonly refused: readonly RefusedFileNote[];
}

/** What the ledger says waits. A lake that no run of this program has opened yet has no such tables. */
export async function standingFaults(db: DuckDb): Promise<Faults> {
  const found = await rowsOf(
    db,
    "select table_name from information_schema.tables where table_schema = 'ops' and table_name in ('held', 'refused')",
  );
  if (found.length < 2) return { held: [], refused: [] };
  const held = await rowsOf(db, 'select table_name, because from ops.held order by 1');
  const refused = await rowsOf(db, 'select dataset, path, reason from ops.refused order by 1, 2');
  return {
    held: held.map((row) => ({ table: String(row.table_name), because: String(row.because) })),
    refused: refused.map((row) => ({
      dataset: String(row.dataset),
      path: String(row.path),
      reason: String(row.reason),
    })),
  };
}

/** What waits after a run: its own faults for what it looked at, the standing ones elsewhere. */
function faultsAfter({ faults, work, held, files, request }: RunState): Faults {
  const looked = new Set(work.tables.map((table) => table.name));
  const read = new Set(request.found ? [] : work.tables.flatMap(sourceOf));
  return {
    held: [
      ...faults.held.filter(({ table }) => !looked.has(table)),
      ...[...held].map(([table, because]) => ({ table, because })),
    ],
    refused: [...faults.refused.filter(({ dataset }) => !read.has(dataset)), ...files.flatMap(refusal)],
  };
}

const sourceOf = ({ making }: TablePlan): string[] => (making.kind === 'load' ? [making.source] : []);

const refusal = ({ dataset, path, status, reason }: FileResult): RefusedFileNote[] =>
  status === 'refused' ? [{ dataset, path, reason: reason ?? '' }] : [];

const inOrder = ({ held, refused }: Faults): string =>
  JSON.stringify([
    held.map(({ table, because }) => `${table} ${because}`).sort(),
    refused.map(({ dataset, path, reason }) => `${dataset} ${path} ${reason}`).sort(),
  ]);

/** Whether this run leaves other faults than it met. */
export const faultsMoved = (state: RunState): boolean => inOrder(faultsAfter(state)) !== inOrder(state.faults);

/** Writes what waits into the ledger, inside the run's transaction; nothing when that is what it says. */
export async function noteFaults(state: RunState): Promise<void> {
  if (!faultsMoved(state)) return;
  const { held, refused } = faultsAfter(state);
  const write = async (table: string, rows: readonly (readonly string[])[]) => {
    await state.db.run(`delete from ops.${table}`);
    const values = rows.map((row) => `(${row.map(quote).join(', ')})`);
    if (values.length > 0) await state.db.run(`insert into ops.${table} values ${values.join(',\n')}`);
  };
  await write(
    'held',
    held.map(({ table, because }) => [table, because]),
  );
  await write(
    'refused',
    refused.map(({ dataset, path, reason }) => [dataset, path, reason]),
  );
}
