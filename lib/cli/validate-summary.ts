import { isBroken } from '../quality/index.ts';
import { checkResult } from '../run/result.ts';
import type { Validation } from '../run/validate.ts';
import { describeFindings, refusal } from './findings.ts';
import type { Output } from './output.ts';

/** Prints a validation: the whole of it as JSON, a line per check as NDJSON or CSV, or a summary with findings for people. */
export function printValidation(output: Output, validation: Validation): void {
  const { date, status, seconds, tables, checks, files } = validation;
  if (output.format === 'json') return output.line(JSON.stringify(validation, null, 2));
  if (output.format !== 'table')
    return output.rows({
      columns: ['table', 'check', 'severity', 'verdict', 'failed', 'total'],
      rows: checks.map((check) => ({ ...checkResult(check) })),
    });
  const { colors } = output;
  const columns = ['table', 'read', 'accepted', 'duplicate', 'superseded', 'quarantined'];
  output.line(output.table({ columns, rows: tables.map(({ name, ...fates }) => ({ table: name, ...fates })) }));
  output.line();
  for (const line of describeFindings(output, checks.filter(isBroken))) output.line(line);
  for (const file of files.filter((each) => each.status === 'refused'))
    output.line(`  ${colors.red('refused')}  ${refusal(file)}`);
  const skipped = checks.filter((check) => check.verdict === 'skipped').length;
  if (skipped > 0)
    output.note(
      colors.dim(`note: ${skipped} checks need the whole table, or had nothing to judge: the run measures them`),
    );
  const records = tables.reduce((sum, table) => sum + table.read, 0);
  const clean = records === 0 ? colors.yellow('nothing to judge') : colors.green('clean');
  const verdict = status === 'pass' ? clean : colors.red('not clean');
  output.line(`${verdict}: source data of ${date}, ${records} records (${seconds.toFixed(2)} s)`);
}
