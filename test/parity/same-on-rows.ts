import fc from 'fast-check';
import type { ParityTable } from '../../lib/parity/engine.ts';
import { faultLines } from '../../lib/parity/fault.ts';
import { type Comparison, prove } from '../../lib/parity/prove.ts';
import type { Question } from '../../lib/parity/questions.ts';

/** Rows by table, each value as DuckDB casts it from text. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>;

/** Questions over rows that are drawn. */
export interface OnRows extends Pick<Comparison, 'engines' | 'questions' | 'asOf'> {
  readonly rows: fc.Arbitrary<Rows>;
  /** The tables that such rows make, of those that are wanted. */
  readonly tables: (rows: Rows, wanted: (name: string) => boolean) => Promise<readonly ParityTable[]>;
}

/** How long a mismatch is narrowed. */
const PATIENCE = 600_000;

/**
 * Holds engines to each other on rows that are drawn once. At a mismatch rows are taken away and made plainer while that one question
 * still shows it; what is thrown has the question, both SQL texts, the rows that are left, and the seed and path that lead there again.
 */
export async function sameOnRows(
  { engines, questions, asOf, rows, tables }: OnRows,
  repeat: { readonly seed?: number; readonly path?: string } = {},
): Promise<void> {
  let suspect: Question | null = null;
  await fc.assert(
    fc.asyncProperty(rows, async (drawn) => {
      const asked = suspect === null ? questions : [suspect];
      const read = suspect === null ? null : namesIn(suspect);
      const given = await tables(drawn, (name) => read === null || read.has(name));
      const { mismatches } = await prove({ tables: given, questions: asked, asOf, engines });
      const [fault] = mismatches;
      if (fault === undefined) return;
      suspect = asked.find(({ name }) => name === fault.question) ?? null;
      throw new Error([...faultLines(fault), ...rowLines(drawn)].join('\n'));
    }),
    { ...repeat, numRuns: 1, interruptAfterTimeLimit: PATIENCE },
  );
}

/** Tables that a question reads. */
const namesIn = ({ sql }: Question): ReadonlySet<string> =>
  new Set([...(sql.duckdb ?? '').matchAll(/\{\{(\w+\.\w+)\}\}/g)].flatMap(([, name]) => name ?? []));

const rowLines = (rows: Rows): string[] =>
  Object.entries(rows).flatMap(([name, all]) =>
    all.length === 0 ? [] : [`  rows of ${name}`, ...all.map((row) => `    ${JSON.stringify(row)}`)],
  );
