import type { Outcome } from '../quality/index.ts';
import type { Output } from './output.ts';

/** Broken checks in words, by table: rule, numbers, rows at fault, and, once per table, what they reach. */
export function describeFindings(output: Output, findings: readonly Outcome[]): string[] {
  const tables = [...new Set(findings.map((finding) => finding.table))];
  return tables.flatMap((table) => {
    const mine = findings.filter((finding) => finding.table === table);
    const reaches = mine.find((finding) => finding.reaches.length > 0)?.reaches ?? [];
    const reached = reaches.map(({ name, paths }) => (paths === '1' ? name : `${name} (${paths} paths)`)).join(', ');
    return [
      output.colors.bold(table) + (reached ? output.colors.dim(`  reaches ${reached}`) : ''),
      ...mine.flatMap((finding) => describeFinding(output, finding)),
    ];
  });
}

function describeFinding(output: Output, finding: Outcome): string[] {
  const { colors, verbose } = output;
  const mark = finding.verdict === 'fail' ? colors.red('✗ fail') : colors.yellow('! warn');
  // One row at fault says what kind of thing it is; the rest is for whoever goes after it.
  const shown = finding.offenders.slice(0, verbose || finding.verdict === 'fail' ? 3 : 1);
  return [
    `  ${mark}  expected ${finding.says}; broken by ${finding.failed} of ${finding.total}`,
    ...shown.map((offender) => {
      const where = offender.file === null ? '' : `${offender.file} record ${offender.record}: `;
      const values = Object.entries(offender.values).map(([name, value]) => `${name}=${value ?? 'null'}`);
      return colors.dim(`          ${where}${values.join(' ')}`);
    }),
  ];
}
