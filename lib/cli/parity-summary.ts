import { type Fault, faultLines } from '../parity/fault.ts';
import { PROBES } from '../parity/probes/index.ts';
import type { ParityFound } from './compare-engines.ts';
import type { Output } from './output.ts';

/** Prints what differs: a row per mismatch, or the whole of each for people; the last line sums up. @returns whether nothing differs. */
export function printParity(output: Output, found: ParityFound): boolean {
  const faults = faultsOf(found);
  if (output.format === 'table') for (const fault of faults) describe(output, fault);
  else
    output.rows({
      columns: ['question', 'engine', 'key', 'column', 'expected', 'found', 'sql'],
      rows: faults.map(({ difference, ...fault }) => ({ ...fault, ...difference })),
    });
  const summary = summaryOf(found, faults.length);
  if (output.format === 'table')
    output.line(faults.length === 0 ? output.colors.green(summary) : output.colors.red(summary));
  else output.note(summary);
  return faults.length === 0;
}

function summaryOf({ probed, questions, rows, refused }: ParityFound, faults: number): string {
  const verdict = faults === 0 ? 'the same rows' : `${faults} ${faults === 1 ? 'mismatch' : 'mismatches'}`;
  const asked = `${PROBES.length} probes, ${questions} questions (${rows} rows)`;
  const by = refused.length === 0 ? '' : `; every engine refuses ${refused.join(', ')}`;
  return `${verdict}: ${asked} on ${probed.map(({ engine }) => engine.version).join(', ')}${by}`;
}

const faultsOf = ({ probed, mismatches }: ParityFound): Fault[] => [
  ...probed.flatMap(({ engine, failures }) =>
    failures.map(({ probe, difference, sql }) => ({
      question: `probe ${probe.shows}`,
      engine: engine.name,
      difference,
      sql: { [engine.name]: sql },
    })),
  ),
  ...mismatches,
];

function describe(output: Output, fault: Fault): void {
  const [title = '', ...lines] = faultLines(fault);
  output.line(output.colors.bold(title));
  for (const line of lines) output.line(line);
  output.line();
}
