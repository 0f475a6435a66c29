import type { Offender, Reached } from '../quality/index.ts';

/** The news of one incident: it broke, or it is whole again. People get it once each way. */
export interface Alert {
  /** Names the incident: the same fault, measured again, has the same name. */
  readonly incident: string;
  readonly environment: string;
  /** When it was measured, ISO 8601 in UTC: of two measurements the later counts, whichever arrives first. */
  readonly at: string;
  /** `warn` is shown and never pages; `fail` pages; `pass` ends the incident. */
  readonly verdict: 'warn' | 'fail' | 'pass';
  /** What is at fault: a table, or an alarm. */
  readonly subject: string;
  /** The rule in words, or what the alarm says. */
  readonly says: string;
  /** Which data: `source data of 2026-06-30`; empty where that says nothing. */
  readonly scope: string;
  /** Null where nothing was counted. */
  readonly counted: { readonly failed: number; readonly total: number } | null;
  readonly offenders: readonly Offender[];
  readonly reaches: readonly Reached[];
  /** The heading of the runbook that says what to do, as an anchor. */
  readonly runbook: string;
}
