import type { DeployedStatus } from './deployed-status.ts';
import { describeFindings } from './findings.ts';
import type { Output } from './output.ts';

/** Prints how an environment stands: all of it as JSON, a line per table as NDJSON or CSV, or a summary for people. */
export function printDeployedStatus(output: Output, status: DeployedStatus): void {
  const runs = status.runs.map(({ name, startedAt, status: state, date, seconds, error }) => ({
    started_at: startedAt.toISOString(),
    status: state,
    as_of: date,
    seconds: Math.round(seconds),
    run_id: name,
    error,
  }));
  if (output.format === 'json') return output.line(JSON.stringify({ ...status, runs }, null, 2));
  const tables = {
    columns: ['name', 'changed_at', 'newest_file', 'broken_checks'],
    rows: status.tables.map((table) => ({ ...table })),
  };
  if (output.format !== 'table') return output.rows(tables);
  const { colors } = output;
  output.line(colors.bold('last runs'));
  output.line(output.table({ columns: ['started_at', 'status', 'as_of', 'seconds', 'run_id'], rows: runs }));
  const [last] = runs;
  if (last?.error) output.line(`${colors.red('last run failed')}: ${last.error}`);
  output.line();
  output.line(output.table(tables));
  output.line();
  for (const line of describeFindings(output, status.broken)) output.line(line);
  const said = (what: string, judged: DeployedStatus['checked']) =>
    `${colors.bold(what)}  ${judged ? `${judged.status} (${judged.date})` : 'never'}`;
  output.line(said('source data', status.validated));
  output.line(said('tables', status.checked));
}
