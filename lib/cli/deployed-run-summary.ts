import type { Execution } from '../engines/executions.ts';
import type { Outcome } from '../quality/index.ts';
import { checkResult } from '../run/result.ts';
import { describeFindings } from './findings.ts';
import type { FollowedState } from './machine-progress.ts';
import type { Output } from './output.ts';

/** A run on AWS that ended. */
export interface EndedRun {
  readonly environment: string;
  readonly execution: Execution;
  readonly states: readonly FollowedState[];
  /** The checks of tables that it measured. */
  readonly checks: readonly Outcome[];
  /** What is broken of them, and of the day's source data. */
  readonly broken: readonly Outcome[];
}

/** Prints how a run on AWS went: one object as JSON, a line per state and check as NDJSON, the states as CSV, or a summary for people. */
export function printDeployedRun(output: Output, { environment, execution, states, checks, broken }: EndedRun): void {
  const { name: run_id, status, seconds, date: as_of, error } = execution;
  const columns = ['state', 'calls', 'seconds', 'troubles'];
  const rows = states.map((state) => ({ ...state, troubles: [...state.troubles] }));
  const results = checks.map(checkResult);
  switch (output.format) {
    case 'json':
      return output.line(
        JSON.stringify({ environment, run_id, as_of, status, seconds, states, checks: results, error }, null, 2),
      );
    case 'ndjson':
      for (const state of states) output.line(JSON.stringify({ kind: 'state', ...state }));
      for (const check of results) output.line(JSON.stringify({ kind: 'check', ...check }));
      return;
    case 'csv':
      return output.rows({ columns, rows });
    case 'table':
      return forPeople(output, { environment, execution, states, checks, broken });
  }
}

function forPeople(output: Output, { environment, execution, checks, broken }: EndedRun): void {
  const { colors } = output;
  const { name, status, date, seconds, error } = execution;
  const count = (verdict: string) => checks.filter((check) => check.verdict === verdict).length;
  for (const line of describeFindings(output, broken)) output.line(line);
  const measured = `${count('pass')} pass, ${count('warn')} warn, ${count('fail')} fail`;
  if (checks.length > 0) output.line(`${colors.bold('checks')}  ${measured}`);
  const of = date === null ? '' : ` as of ${date}`;
  const said = `${environment}${of}, ${seconds.toFixed(0)} s  ${colors.dim(`run ${name}`)}`;
  output.line(`${status === 'ok' ? colors.green('done') : colors.red(status.replace('_', ' '))}: ${said}`);
  if (error !== null) output.alarm(`${colors.red('failed')}  ${error}`);
}
