import { type DuckDb, rowsOf } from '../engines/index.ts';
import type { Outcome } from '../quality/index.ts';
import { quote } from './ledger.ts';

/** A check's latest outcome in the ledger, with the as-of date it was measured for. */
export interface Standing {
  readonly outcome: Outcome;
  readonly asOf: string;
}

/** The latest outcome of every check, by `table/check`. */
export async function standingOutcomes(db: DuckDb): Promise<Map<string, Standing>> {
  const rows = await rowsOf(
    db,
    `select c.finding, r.as_of from ops."check" as c inner join ops.run as r on r.run_id = c.run_id
     qualify row_number() over (partition by c.table_name, c.check_name order by r.started_at desc, r.run_id) = 1`,
  );
  return new Map(
    rows.map((row) => {
      const outcome = JSON.parse(String(row.finding)) as Outcome;
      return [standingKey(outcome.table, outcome.check), { outcome, asOf: String(row.as_of) }];
    }),
  );
}

/** How a check is found among standing outcomes. */
export const standingKey = (table: string, check: string): string => `${table}/${check}`;

/** Writes measured outcomes into the ledger. */
export async function noteOutcomes(db: DuckDb, runId: string, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const rows = outcomes.map(
    (each) =>
      `(${[runId, each.table, each.check, each.says, each.severity, each.verdict].map(quote).join(', ')}, ${each.failed}, ${each.total}, ${quote(JSON.stringify(each))})`,
  );
  await db.run(`insert into ops."check" values ${rows.join(',\n')}`);
}
