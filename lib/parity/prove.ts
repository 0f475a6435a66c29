import { bind } from '../plan/index.ts';
import { inParallel } from '../tools/index.ts';
import type { Answer } from './answer.ts';
import { compareAnswers, type Difference } from './compare.ts';
import type { ParityEngine, ParityTable } from './engine.ts';
import type { Fault } from './fault.ts';
import type { Question } from './questions.ts';

/** What came of asking every engine every question. */
export interface Proof {
  readonly questions: number;
  /** Rows that the reference answered with, over all questions. */
  readonly rows: number;
  /** Questions that every engine refuses, as where a sum is too large for its type. */
  readonly refused: readonly string[];
  /** Questions that an engine answers otherwise than the reference, or that only some refuse. */
  readonly mismatches: readonly Fault[];
}

/** What is compared, and who hears how far it is. */
export interface Comparison {
  readonly tables: readonly ParityTable[];
  readonly questions: readonly Question[];
  readonly asOf: string;
  /** The first is the one that the others are held to. */
  readonly engines: readonly [ParityEngine, ...ParityEngine[]];
  readonly onProgress?: (step: string) => void;
}

/** Questions that are out at once: while one is planned, another is read. */
const AT_ONCE = 4;

/** Loads the tables into each engine and holds their answers to the first engine's. */
export async function prove(comparison: Comparison): Promise<Proof> {
  const { tables, questions, engines, onProgress } = comparison;
  const asking = engines.filter(({ reads }) => questions.some(({ sql }) => sql[reads] !== undefined));
  onProgress?.(`${asking.map(({ name }) => name).join(', ')}: loading ${tables.length} tables`);
  await Promise.all(asking.map((engine) => engine.load(tables)));
  let asked = 0;
  const proven = await inParallel(AT_ONCE, questions, (question) => {
    asked += 1;
    onProgress?.(`${asked} of ${questions.length}: ${question.name}`);
    return proveOne(question, comparison);
  });
  return {
    questions: questions.length,
    rows: proven.reduce((sum, { rows }) => sum + rows, 0),
    refused: proven.flatMap(({ refused }) => refused),
    mismatches: proven.flatMap(({ mismatches }) => mismatches),
  };
}

async function proveOne(
  question: Question,
  { engines: [reference, ...others], asOf }: Comparison,
): Promise<Omit<Proof, 'questions'>> {
  const expected = await ask(reference, question, asOf);
  const answers = await Promise.all(
    others
      .filter((engine) => question.sql[engine.reads] !== undefined)
      .map(async (engine) => ({ engine, found: await ask(engine, question, asOf) })),
  );
  const mismatches = answers.flatMap(({ engine, found }): Fault[] => {
    const difference = differenceOf(expected.answer, found.answer, question);
    const sql = { [reference.name]: expected.sql, [engine.name]: found.sql };
    return difference === null ? [] : [{ question: question.name, engine: engine.name, difference, sql }];
  });
  const { answer } = expected;
  if (typeof answer !== 'string') return { rows: answer.rows.length, refused: [], mismatches };
  return { rows: 0, refused: mismatches.length === 0 ? [question.name] : [], mismatches };
}

/** An engine's answer, or why it gave none. */
async function ask(
  engine: ParityEngine,
  { sql }: Question,
  asOf: string,
): Promise<{ sql: string; answer: Answer | string }> {
  const text = bind(sql[engine.reads] ?? '', { table: (name) => engine.relation(name), asOf });
  try {
    return { sql: text, answer: await engine.ask(text) };
  } catch (error) {
    return { sql: text, answer: error instanceof Error ? error.message : String(error) };
  }
}

function differenceOf(expected: Answer | string, found: Answer | string, question: Question): Difference | null {
  if (typeof expected !== 'string' && typeof found !== 'string') return compareAnswers(expected, found, question);
  if (typeof expected === 'string' && typeof found === 'string') return null;
  const told = (answer: Answer | string) => (typeof answer === 'string' ? answer : `${answer.rows.length} rows`);
  return { key: '', column: 'answer', expected: told(expected), found: told(found) };
}
