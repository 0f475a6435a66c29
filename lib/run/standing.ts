import { createHash } from 'node:crypto';
import { type DuckDb, rowsOf } from '../engines/index.ts';
import type { CheckPlan } from '../plan/index.ts';
import type { Outcome } from '../quality/index.ts';
import { quote } from './ledger.ts';

/** An outcome with what it was measured by and from: it stands until one of them differs. */
export interface Measurement {
  readonly outcome: Outcome;
  /** Fingerprint of the check as it was measured. */
  readonly by: string;
  /** For each table whose rows decide it, the run that had changed them last; empty text where there was no table. */
  readonly from: Readonly<Record<string, string>>;
}

/** A check's latest outcome in the ledger, with the as-of date it was measured for. */
export interface Standing extends Measurement {
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
      const { by, from, ...outcome } = JSON.parse(String(row.finding)) as Outcome & Omit<Measurement, 'outcome'>;
      return [standingKey(outcome.table, outcome.check), { outcome, by, from, asOf: String(row.as_of) }];
    }),
  );
}

/** How a check is found among standing outcomes. */
export const standingKey = (table: string, check: string): string => `${table}/${check}`;

/** What an outcome depends on beside rows and the as-of date: the statement, how it is measured, and how it is judged. */
export function fingerprintOf({ says, severity, tolerate, measure }: CheckPlan): string {
  const query = measure.kind === 'query' ? measure.query.duckdb : measure.kind;
  return createHash('sha256')
    .update(JSON.stringify([says, severity, tolerate, query]))
    .digest('hex');
}

/** Writes measured outcomes into the ledger. */
export async function noteOutcomes(db: DuckDb, runId: string, measured: readonly Measurement[]): Promise<void> {
  if (measured.length === 0) return;
  const rows = measured.map(
    ({ outcome: each, by, from }) =>
      `(${[runId, each.table, each.check, each.says, each.severity, each.verdict].map(quote).join(', ')}, ${each.failed}, ${each.total}, ${quote(JSON.stringify({ ...each, by, from }))})`,
  );
  await db.run(`insert into ops."check" values ${rows.join(',\n')}`);
}
