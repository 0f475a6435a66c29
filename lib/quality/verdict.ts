import type { Severity, Tolerance } from '../contract/index.ts';

/** What a check found: `warn` and `fail` are broken checks, told apart by their severity; `skipped` was not measured. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'skipped';

/** Whether so many broken rows of so many are within what the check tolerates. */
export const tolerated = (failed: number, total: number, tolerate: Tolerance): boolean =>
  'rows' in tolerate ? failed <= tolerate.rows : failed <= tolerate.share * total;

/** The verdict of a measured check. */
export function verdictOf(
  check: { readonly severity: Severity; readonly tolerate: Tolerance },
  failed: number,
  total: number,
): Verdict {
  if (tolerated(failed, total, check.tolerate)) return 'pass';
  return check.severity === 'warn' ? 'warn' : 'fail';
}
