import type { Outcome, Reached } from '../quality/index.ts';
import type { Output } from './output.ts';
import { visible } from './visible.ts';

/** Broken checks in words, by table: rule, numbers, rows at fault, and, once per table, what they reach. */
export function describeFindings(output: Output, findings: readonly Outcome[]): string[] {
  const tables = [...new Set(findings.map((finding) => finding.table))];
  return tables.flatMap((table) => {
    const mine = findings.filter((finding) => finding.table === table);
    const reaches = mine.find((finding) => finding.reaches.length > 0)?.reaches ?? [];
    const reached = reaches.map(way).join(', ');
    return [
      output.colors.bold(table) + (reached ? output.colors.dim(`  reaches ${reached}`) : ''),
      ...mine.flatMap((finding) => describeFinding(output, finding)),
    ];
  });
}

/** What is reached, by which way, and by how many where there are more. */
function way({ name, paths, via }: Reached): string {
  const between = via.slice(1, -1).join(' → ');
  return name + (between ? ` through ${between}` : '') + (paths === '1' ? '' : ` (${paths} paths)`);
}

/** A refused file in a line: which, and why. */
export const refusal = ({ path, reason }: { readonly path: string; readonly reason?: string | null }): string =>
  visible(`${path}: ${reason ?? ''}`);

function describeFinding(output: Output, finding: Outcome): string[] {
  const { colors } = output;
  const mark = finding.verdict === 'fail' ? colors.red('✗ fail') : colors.yellow('! warn');
  return [
    `  ${mark}  expected ${finding.says}; broken by ${finding.failed} of ${finding.total}`,
    ...finding.offenders.map((offender) => {
      const where = offender.file === null ? '' : `${offender.file} record ${offender.record}: `;
      const values = Object.entries(offender.values).map(([name, value]) => `${name}=${value ?? 'null'}`);
      return colors.dim(`          ${visible(`${where}${values.join(' ')}`)}`);
    }),
  ];
}
