import { countOf, type DuckDb, type Row, rowOf, rowsOf } from '../engines/index.ts';
import type { TablePlan } from '../plan/index.ts';
import type { Settled } from './fates.ts';
import { quote } from './ledger.ts';

/** Keys of a table that came with several contents and no version to decide, whichever load brought them. */
export interface Contests {
  readonly failed: number;
  readonly total: number;
  /** The records that lost such a key: `key`, `file`, `record`. */
  readonly relation: string;
}

/** No contest at all. */
export const NO_CONTESTS: Contests = {
  failed: 0,
  total: 0,
  relation: "(select cast(null as varchar[]) as key, '' as file, 0 as record where false)",
};

/**
 * The contests of a table as they are with a load: those of the ledger but where a later version has decided since, and
 * the load's own. A load without rivals costs a look at the ledger.
 * @param stored rows that the load settled against; null where it made the table.
 */
export async function contestsAfter(
  db: DuckDb,
  table: TablePlan,
  settled: Settled | null,
  stored: number | null,
): Promise<Contests> {
  const decided = settled?.contests
    ? ` and not exists (select 1 from ${settled.contests.decided} as d where d.key = c.key)`
    : '';
  const parts = [
    ...(stored === null
      ? []
      : [`select key, file, record from ops.contested as c where table_name = ${quote(table.name)}${decided}`]),
    ...(settled?.contests ? [`select key, file, record from ${settled.contests.undecided} as u`] : []),
  ];
  const total = (stored ?? 0) + (settled ? settled.fates.accepted - settled.replaced : 0);
  if (parts.length === 0) return { ...NO_CONTESTS, total };
  const relation = `(${parts.join(' union all ')})`;
  const { failed } = await rowOf(db, `select count(distinct key) as failed from ${relation} as r`);
  return { failed: countOf(failed), total, relation };
}

/** The first records that lost a contested key, as rows: the key's columns, `_raw_file`, `_record`. */
export async function contestants(db: DuckDb, table: TablePlan, { relation }: Contests): Promise<Row[]> {
  const rows = await rowsOf(db, `select key, file, record from ${relation} as r order by key, file, record limit 3`);
  return rows.map(({ key, file, record }) => {
    const values = Array.isArray(key) ? key : [];
    const named = table.grain.map((column, index) => [column, values[index] ?? null] as const);
    return { ...Object.fromEntries(named), _raw_file: file ?? null, _record: record ?? null };
  });
}

/** Writes a load's contests into the ledger, inside the run's transaction. */
export async function publishContests(db: DuckDb, runId: string, table: string, { contests }: Settled): Promise<void> {
  if (contests === null) return;
  await db.run(
    `delete from ops.contested as c using ${contests.decided} as d where c.table_name = ${quote(table)} and c.key = d.key`,
  );
  await db.run(
    `insert into ops.contested select ${quote(runId)}, ${quote(table)}, key, file, record from ${contests.undecided}`,
  );
}
