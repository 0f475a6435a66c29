import { type DuckDb, rowsOf } from '../engines/index.ts';
import { lineageOf, type Plan, type TablePlan } from '../plan/index.ts';
import { blastRadius, isBroken, judge, mask, type Offender, type Outcome } from '../quality/index.ts';
import { contestsAfter } from './contests.ts';
import type { Records, Settled } from './fates.ts';
import { measureChecks } from './measuring.ts';
import { reasonsOf } from './reasons.ts';
import { refusalsOf } from './refused.ts';

/** Checks that one day's records can decide; references, freshness and sums are judged by the run, which sees the whole table. */
const DECIDABLE = /^(regular$|(at_least|between|one_of|capitals|email|unique|one_claim)\()/;

/** A check that no contract has to state, since every table has it. */
export const ofEveryTable = (name: string, says: string, severity: 'warn' | 'fail'): TablePlan['checks'][number] => ({
  name,
  says,
  statement: { kind: 'of_the_load' },
  severity,
  tolerate: { rows: 0 },
  measure: { kind: 'load' },
  offenders: null,
});

/** The check that the contract itself is: a record that breaks it would be quarantined. */
const CONFORMS = ofEveryTable('conforms', 'every record keeps the contract', 'fail');

/** Judges what a day's records can decide; broken checks come first. */
export async function judgeChecks(
  db: DuckDb,
  { plan, date }: { readonly plan: Plan; readonly date: string },
  records: Records,
  settled: Settled,
): Promise<Outcome[]> {
  const { table } = records;
  const lineage = lineageOf(plan);
  const decidable = table.checks.filter((check) => DECIDABLE.test(check.name));
  const measured = await measureChecks(
    {
      db,
      asOf: date,
      lineage,
      instead: new Map([[table.name, settled.incoming]]),
      contests: await contestsAfter(db, table, settled, null),
      refusals: refusalsOf(table, settled),
    },
    table,
    decidable,
  );
  const skipped = table.checks.filter((check) => !decidable.includes(check)).map((check) => judge(table, check, null));
  const conforms: Outcome = {
    ...judge(table, CONFORMS, { failed: settled.fates.quarantined, total: settled.fates.read }),
    ...(settled.fates.quarantined > 0
      ? { offenders: await refusedRecords(db, records), reaches: blastRadius(lineage, table.name) }
      : {}),
  };
  return [
    conforms,
    ...measured.filter((outcome) => isBroken(outcome)),
    ...measured.filter((outcome) => !isBroken(outcome)),
    ...skipped,
  ];
}

async function refusedRecords(db: DuckDb, { table, relation, broken }: Records): Promise<Offender[]> {
  const rows = await rowsOf(
    db,
    `select _raw_file, _record, string_split(_faults, ',') as reasons, _raw, true as split from ${relation} where _faults is not null
     union all select _raw_file, _record, [code || ': ' || detail], null, false from ${broken} order by 1, 2 limit 3`,
  );
  return rows.map((row) => {
    const raw = typeof row._raw === 'string' ? (JSON.parse(row._raw) as Record<string, string | null>) : {};
    const values = Object.fromEntries(
      table.columns
        .filter((column) => column.name in raw)
        .map((column) => [column.name, mask(column, raw[column.name] ?? null)]),
    );
    const reasons = (Array.isArray(row.reasons) ? row.reasons : []).map(String);
    return {
      file: String(row._raw_file),
      record: Number(row._record),
      values: { ...values, reasons: reasonsOf(table, reasons).join('; ') },
    };
  });
}
