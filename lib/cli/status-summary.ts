import type { LakeStatus } from '../run/status.ts';
import { describeFindings, refusal } from './findings.ts';
import type { Output } from './output.ts';

/** Prints how a lake stands; while a run holds it, what the run is doing. */
export function printStatus(output: Output, status: LakeStatus): void {
  if (output.format === 'json') return output.line(JSON.stringify(status, null, 2));
  if (status.state === 'running') {
    const { heartbeat, holder } = status;
    const row = {
      state: 'running',
      pid: heartbeat?.pid ?? holder,
      run_id: heartbeat?.run_id ?? null,
      started_at: heartbeat?.started_at ?? null,
      doing: heartbeat?.doing ?? null,
    };
    if (output.format !== 'table') return output.rows({ columns: Object.keys(row), rows: [row] });
    return output.line(
      `${output.colors.cyan('running')}: process ${row.pid ?? 'unknown'}${heartbeat ? `, ${heartbeat.doing}, since ${heartbeat.started_at}` : ''}`,
    );
  }
  const columns = ['name', 'rows', 'changed_at', 'newest_file', 'quarantined', 'broken_checks', 'refused_files'];
  const rows = status.tables.map((table) => ({ ...table }));
  if (output.format !== 'table') return output.rows({ columns: [...columns, 'held'], rows });
  output.line(output.colors.bold('last runs'));
  output.line(
    output.table({
      columns: ['started_at', 'status', 'as_of', 'seconds', 'run_id'],
      rows: status.runs.map(({ started_at, status: state, as_of, seconds, run_id }) => ({
        started_at,
        status: state,
        as_of,
        seconds,
        run_id,
      })),
    }),
  );
  const failed = status.runs[0]?.error;
  if (failed) output.line(`${output.colors.red('last run failed')}: ${failed}`);
  output.line();
  output.line(output.table({ columns, rows }));
  for (const { name, held } of status.tables)
    if (held !== null) output.line(`${output.colors.red('held')}  ${name}: ${held}`);
  for (const file of status.refused) output.line(`${output.colors.red('refused')}  ${refusal(file)}`);
  if (status.broken.length > 0) {
    output.line();
    for (const line of describeFindings(output, status.broken)) output.line(line);
  }
}
