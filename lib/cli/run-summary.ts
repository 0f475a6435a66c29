import type { Row } from '../engines/engine.ts';
import type { RunReport, RunResult } from '../run/result.ts';
import { describeFindings, refusal } from './findings.ts';
import type { Output } from './output.ts';
import { visible } from './visible.ts';

const TABLE_COLUMNS = ['table', 'read', 'accepted', 'duplicate', 'superseded', 'quarantined', 'rows', 'seconds'];

const tableRows = (result: RunResult): Row[] =>
  result.tables.map(({ name, layer: _, ...facts }) => ({ table: name, ...facts }));

/** Prints what a run did: the documented object as JSON, a line per table, check and file as NDJSON, the tables as CSV, or all of it for people, with at most so many findings. */
export function printRun(output: Output, report: RunReport, most = Number.POSITIVE_INFINITY): void {
  const { result } = report;
  switch (output.format) {
    case 'json':
      output.line(JSON.stringify(result, null, 2));
      break;
    case 'ndjson':
      for (const table of result.tables) output.line(JSON.stringify({ kind: 'table', ...table }));
      for (const check of result.checks) output.line(JSON.stringify({ kind: 'check', ...check }));
      for (const file of result.files) output.line(JSON.stringify({ kind: 'file', ...file }));
      for (const held of result.held ?? []) output.line(JSON.stringify({ kind: 'held', ...held }));
      break;
    case 'csv':
      output.rows({ columns: TABLE_COLUMNS, rows: tableRows(result) });
      break;
    case 'table':
      printForPeople(output, report, most);
      return;
  }
  for (const line of attention(output, report)) output.alarm(line);
  printNotes(output, report.notes);
}

function printForPeople(output: Output, report: RunReport, most: number): void {
  const { result, findings } = report;
  const { colors } = output;
  if (result.status === 'nothing_new') {
    output.line(
      `${colors.green('nothing new')}: ${result.files.length} files are known, nothing was changed (as of ${result.as_of}, ${result.seconds.toFixed(2)} s)`,
    );
  } else {
    output.line();
    output.line(output.table({ columns: TABLE_COLUMNS, rows: tableRows(result) }));
    output.line();
    output.line(checkLine(output, result));
    for (const line of describeFindings(output, findings.slice(0, most))) output.line(line);
    if (findings.length > most)
      output.line(colors.dim(`… and ${findings.length - most} more findings: npx lakehouse status`));
    output.line();
    output.line(`${colors.bold('critical path')}  ${criticalPath(result)}`);
    output.line(
      `${colors.green('published')} as of ${result.as_of} in ${result.seconds.toFixed(2)} s  ${colors.dim(`run ${result.run_id}`)}${refusedCount(result)}`,
    );
  }
  for (const line of attention(output, report)) output.alarm(line);
  printNotes(output, report.notes);
}

function refusedCount(result: RunResult): string {
  const refused = result.files.filter((file) => file.status === 'refused').length;
  return refused === 0 ? '' : `; ${refused} file${refused === 1 ? '' : 's'} refused`;
}

function criticalPath(result: RunResult): string {
  const seconds = new Map(result.tables.map((table) => [table.name, table.seconds]));
  return result.critical_path.map((name) => `${name} ${(seconds.get(name) ?? 0).toFixed(2)} s`).join(' → ');
}

function checkLine(output: Output, result: RunResult): string {
  const { colors } = output;
  const count = (verdict: string) => result.checks.filter((check) => check.verdict === verdict).length;
  const parts = [
    colors.green(`${count('pass')} pass`),
    count('warn') > 0 ? colors.yellow(`${count('warn')} warn`) : '0 warn',
    count('fail') > 0 ? colors.red(`${count('fail')} fail`) : '0 fail',
    ...(count('skipped') > 0 ? [`${count('skipped')} skipped`] : []),
  ];
  return `${colors.bold('checks')}  ${parts.join(', ')}`;
}

function attention(output: Output, { result }: RunReport): string[] {
  const { red } = output.colors;
  return [
    ...result.files.filter((file) => file.status === 'refused').map((file) => `${red('refused')}  ${refusal(file)}`),
    ...(result.held ?? []).map(({ table, because }) => `${red('held')}  ${table}: ${because}`),
  ];
}

const printNotes = (output: Output, notes: readonly string[]): void => {
  for (const note of output.verbose ? notes : folded(notes)) output.note(output.colors.dim(`note: ${visible(note)}`));
};

const isLeftAlone = (note: string): boolean => note.includes(' is left alone: ');
const UNKNOWN_COLUMNS = /: columns that no contract knows were ignored: .*$/s;

/** Notes as they come by the dozen: of files with the same unknown columns the first, of what was left alone as always a number. */
function folded(notes: readonly string[]): string[] {
  const alike = new Map<string, string[]>();
  for (const note of notes.filter((each) => !isLeftAlone(each))) {
    const [kind = note] = UNKNOWN_COLUMNS.exec(note) ?? [];
    alike.set(kind, [...(alike.get(kind) ?? []), note]);
  }
  const leftAlone = notes.filter(isLeftAlone).length;
  return [
    ...[...alike.values()].map(([first = '', ...others]) =>
      others.length === 0 ? first : `${first}; the same in ${others.length} more files (-v lists them)`,
    ),
    ...(leftAlone > 0 ? [`${leftAlone} entries of the raw zone were left alone (-v lists them)`] : []),
  ];
}
