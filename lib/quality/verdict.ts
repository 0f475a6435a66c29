import type { Severity, Tolerance } from '../contract/index.ts';

/** What a check found: `warn` and `fail` are broken checks, told apart by their severity; `skipped` was not measured. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'skipped';

/**
 * Whether so many broken rows of so many are within what the check tolerates. The share is compared as a quotient, which
 * rounds like the share itself: 29 of 100 are 0.29, while 0.29 times 100 is less than 29.
 */
export const tolerated = (failed: number, total: number, tolerate: Tolerance): boolean =>
  failed === 0 || ('rows' in tolerate ? failed <= tolerate.rows : failed / total <= tolerate.share);

/** The verdict of a measured check. */
export function verdictOf(
  check: { readonly severity: Severity; readonly tolerate: Tolerance },
  failed: number,
  total: number,
): Verdict {
  if (tolerated(failed, total, check.tolerate)) return 'pass';
  return check.severity === 'warn' ? 'warn' : 'fail';
}
