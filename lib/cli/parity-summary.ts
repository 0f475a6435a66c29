import type { Difference } from '../parity/compare.ts';
import type { ParityFound } from './compare-engines.ts';
import type { Output } from './output.ts';

interface Fault {
  readonly question: string;
  readonly engine: string;
  readonly difference: Difference;
  /** The SQL that each side was given; probes are held to an answer by hand, so they have one. */
  readonly sql: readonly string[];
}

/** Prints what differs: a row per mismatch, or the whole of each for people; the last line sums up. @returns whether nothing differs. */
export function printParity(output: Output, found: ParityFound): boolean {
  const faults = faultsOf(found);
  if (output.format === 'table') for (const fault of faults) describe(output, fault);
  else
    output.rows({
      columns: ['question', 'engine', 'key', 'column', 'expected', 'found'],
      rows: faults.map(({ question, engine, difference }) => ({ question, engine, ...difference })),
    });
  const engines = found.probed.map(({ engine }) => engine.version).join(', ');
  const verdict = faults.length === 0 ? 'the same rows' : `${faults.length} mismatches`;
  const summary = `${verdict}: ${found.questions} questions (${found.rows} rows) on ${engines}`;
  if (output.format === 'table')
    output.line(faults.length === 0 ? output.colors.green(summary) : output.colors.red(summary));
  else output.note(summary);
  return faults.length === 0;
}

const faultsOf = ({ probed, mismatches }: ParityFound): Fault[] => [
  ...probed.flatMap(({ engine, failures }) =>
    failures.map(({ probe, difference, sql }) => ({
      question: `probe ${probe.shows}`,
      engine: engine.name,
      difference,
      sql: [sql],
    })),
  ),
  ...mismatches.map(({ sql, ...mismatch }) => ({ ...mismatch, sql: [sql.reference, sql.engine] })),
];

function describe(output: Output, { question, engine, difference, sql }: Fault): void {
  const { key, column, expected, found } = difference;
  output.line(output.colors.bold(`${question} on ${engine}`));
  if (key !== '') output.line(`  row       ${key}`);
  output.line(`  ${column}: expected ${expected ?? 'null'}, found ${found ?? 'null'}`);
  for (const text of sql) output.line(`  sql\n${text.replaceAll(/^/gm, '    ')}`);
  output.line();
}
