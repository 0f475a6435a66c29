import type { Result } from '../engines/index.ts';
import type { Plan, QueryPlan } from '../plan/index.ts';
import { closeReader, readLake } from './lake.ts';
import { bindLocal } from './relation.ts';

/** A query rendered already: a saved question of the plan, or a template of our own. */
interface Prepared {
  readonly sql: Pick<QueryPlan['sql'], 'duckdb'>;
}

/**
 * Runs a saved question, or any reading SQL in Athena's spelling, on a lake.
 * @throws SqlError for SQL that cannot be run, LakeHeldError when a run holds the lake for longer than a moment.
 */
export async function queryLake(folder: string, plan: Plan, query: Prepared | string, asOf: string): Promise<Result> {
  const lake = await readLake(folder);
  try {
    // A question is put to the lake, not to the machine: no files, no other databases.
    await lake.db.run('set enable_external_access = false');
    if (typeof query !== 'string') return await lake.db.query(bindLocal(query.sql.duckdb, asOf));
    const { queryToDuckDb } = await import('../plan/sql/query.ts');
    const { sql, prelude } = queryToDuckDb(query, { tables: plan.tables.map((table) => table.name), asOf });
    for (const statement of prelude) await lake.db.run(statement);
    return await lake.db.query(sql);
  } finally {
    closeReader(lake);
  }
}
