import type { CheckPlan, ColumnPlan, TablePlan } from '../plan/plan.ts';
import type { Reached } from './blast-radius.ts';
import { mask } from './mask.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** A row at fault: where it came from, and its values with personal data masked. */
export interface Offender {
  readonly file: string | null;
  readonly record: number | null;
  readonly values: Readonly<Record<string, string | null>>;
}

/** The outcome of one check on one table. */
export interface Outcome {
  readonly table: string;
  readonly check: string;
  /** The rule in words. */
  readonly says: string;
  readonly severity: CheckPlan['severity'];
  readonly verdict: Verdict;
  readonly failed: number;
  readonly total: number;
  /** Present when broken: at most three rows at fault. */
  readonly offenders: readonly Offender[];
  /** Present when broken: what the fault reaches. */
  readonly reaches: readonly Reached[];
}

/** What measuring a check gave. */
export interface Measured {
  readonly failed: number;
  readonly total: number;
}

/** Judges a measured check. Offenders and reach are filled in by the caller, only where it is broken. */
export function judge(table: TablePlan, check: CheckPlan, measured: Measured | null): Outcome {
  const verdict = measured === null ? 'skipped' : verdictOf(check, measured.failed, measured.total);
  return {
    table: table.name,
    check: check.name,
    says: check.says,
    severity: check.severity,
    verdict,
    failed: measured?.failed ?? 0,
    total: measured?.total ?? 0,
    offenders: [],
    reaches: [],
  };
}

/** Whether an outcome needs somebody. */
export const isBroken = (outcome: Pick<Outcome, 'verdict'>): boolean =>
  outcome.verdict === 'warn' || outcome.verdict === 'fail';

/** A row at fault made presentable: provenance apart, personal data masked. */
export function offender(columns: readonly ColumnPlan[], row: Readonly<Record<string, unknown>>): Offender {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  const record = row._record;
  return {
    file: text(row._raw_file),
    record: record === null || record === undefined ? null : Number(record),
    values: Object.fromEntries(columns.map((column) => [column.name, mask(column, text(row[column.name]))])),
  };
}
