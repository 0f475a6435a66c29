import type { Result, Row, Stream } from '../engines/index.ts';
import { type Plan, type QueryPlan, tablesIn } from '../plan/index.ts';
import { closeReader, readLake } from './lake.ts';
import { bindLocal } from './relation.ts';
import { refuseUnmade } from './unmade.ts';

/** A query rendered already: a saved question of the plan, or a template of our own. */
interface Prepared {
  readonly sql: Pick<QueryPlan['sql'], 'duckdb'>;
}

/** An answer as it comes. `notes` say where it may not be the one that Athena gives. */
export interface Answer extends Stream {
  readonly notes: readonly string[];
}

/**
 * Puts a saved question, or any reading SQL in Athena's spelling, to a lake; `use` reads the answer while the lake is open.
 * @throws SqlError for SQL that cannot be run, LakeHeldError when a run holds the lake for longer than a moment, LakeError
 * where it asks for a table that no run has made.
 */
export async function askLake<T>(
  folder: string,
  plan: Plan,
  query: Prepared | string,
  asOf: string,
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  const lake = await readLake(folder);
  try {
    // A question is put to the lake, not to the machine: no files, no other databases.
    await lake.db.run('set enable_external_access = false');
    if (typeof query !== 'string') {
      await refuseUnmade(lake, tablesIn(query.sql.duckdb));
      return await use({ ...(await lake.db.stream(bindLocal(query.sql.duckdb, asOf))), notes: [] });
    }
    const { queryToDuckDb } = await import('../plan/sql/query.ts');
    const tables = plan.tables.map((table) => table.name);
    const { sql, prelude, references, names, notes } = queryToDuckDb(query, { tables, asOf });
    await refuseUnmade(lake, references);
    for (const statement of prelude) await lake.db.run(statement);
    return await use({ ...renamed(await lake.db.stream(sql), names), notes });
  } finally {
    closeReader(lake);
  }
}

/** The whole answer, for questions whose answers are small. */
export const queryLake = (folder: string, plan: Plan, query: Prepared | string, asOf: string): Promise<Result> =>
  askLake(folder, plan, query, asOf, async ({ columns, batches }) => {
    const rows: Row[] = [];
    for await (const batch of batches) for (const row of batch) rows.push(row);
    return { columns, rows };
  });

function renamed({ columns, batches }: Stream, names: (found: readonly string[]) => readonly string[]): Stream {
  const found = columns.map((column) => column.name);
  const wanted = names(found);
  if (wanted.every((name, at) => name === found[at])) return { columns, batches };
  const rename = (row: Row): Row => Object.fromEntries(wanted.map((name, at) => [name, row[found[at] ?? ''] ?? null]));
  return {
    columns: columns.map((column, at) => ({ ...column, name: wanted[at] ?? column.name })),
    batches: mapped(batches, rename),
  };
}

async function* mapped(batches: AsyncIterable<readonly Row[]>, map: (row: Row) => Row): AsyncGenerator<readonly Row[]> {
  for await (const batch of batches) yield batch.map(map);
}
