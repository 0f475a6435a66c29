import type { Layer, Severity } from '../contract/index.ts';
import type { Outcome, Verdict } from '../quality/index.ts';

/** One table in a run: what became of the records read for it, and the rows it has now. */
export interface TableResult {
  readonly name: string;
  readonly layer: Layer;
  readonly read: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly superseded: number;
  readonly quarantined: number;
  readonly rows: number;
  readonly seconds: number;
}

/** One check in a run. `failed` of `total` rows broke it; where a whole table is judged, of 1. */
export interface CheckResult {
  readonly table: string;
  readonly check: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  readonly failed: number;
  readonly total: number;
}

/** An outcome as results list it. */
export const checkResult = ({ table, check, severity, verdict, failed, total }: Outcome): CheckResult => ({
  table,
  check,
  severity,
  verdict,
  failed,
  total,
});

/** One raw file in a run. */
export interface FileResult {
  readonly path: string;
  readonly dataset: string;
  /** Records in it, of any fate; 0 where it was not read. */
  readonly rows: number;
  readonly status: 'loaded' | 'known' | 'duplicate' | 'refused';
  /** Why it was refused. */
  readonly reason?: string;
}

/** A table that keeps its last good version. */
export interface HeldTable {
  readonly table: string;
  readonly because: string;
}

/** What `run --format json` prints: an interface that other programs rely on. */
export interface RunResult {
  readonly run_id: string;
  readonly as_of: string;
  /** `ok`: published. `nothing_new`: nothing to do, nothing changed. `failed`: nothing published, see `error`. */
  readonly status: 'ok' | 'nothing_new' | 'failed';
  readonly seconds: number;
  readonly tables: readonly TableResult[];
  readonly checks: readonly CheckResult[];
  readonly files: readonly FileResult[];
  /** The chain of tables that the run waited for, in order. */
  readonly critical_path: readonly string[];
  /** Tables that keep their last good version; only when there are any. */
  readonly held?: readonly HeldTable[];
  /** What went wrong; only when failed. */
  readonly error?: string;
}

/** What a run tells beside its result: for people, and for alerts. */
export interface RunReport {
  readonly result: RunResult;
  /** Broken checks with offenders and reach, worst first. */
  readonly findings: readonly Outcome[];
  /** Things that are no fault but worth a line: ignored files, extra columns, rebuilt tables. */
  readonly notes: readonly string[];
}

/** Whether somebody must act: nothing was published, a file was refused, a table is held, or a check of severity `fail` or `blocking` is broken. */
export const needsAttention = (result: RunResult): boolean =>
  result.status === 'failed' ||
  result.files.some((file) => file.status === 'refused') ||
  result.held !== undefined ||
  result.checks.some((check) => check.verdict === 'fail');

/** Progress of a run, as it happens. */
export type RunEvent =
  /** The lake is open. */
  | { readonly kind: 'began'; readonly runId: string }
  | { readonly kind: 'level'; readonly level: number; readonly tables: readonly string[] }
  | { readonly kind: 'table_started'; readonly level: number; readonly table: string }
  | { readonly kind: 'file'; readonly table: string; readonly path: string; readonly done: number; readonly of: number }
  | { readonly kind: 'table_done'; readonly level: number; readonly table: TableResult }
  | { readonly kind: 'publishing' }
  /** Committed: whatever happens to the process now, this run is done. */
  | { readonly kind: 'published' };

/** Seconds with milliseconds, from a start taken with `performance.now()`. */
export const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;
