import { bind } from '../plan/index.ts';
import type { Answer } from './answer.ts';
import { compareAnswers, type Difference } from './compare.ts';
import type { ParityEngine, ParityEngineName, ParityTable } from './engine.ts';
import type { Question } from './questions.ts';

/** A question that two engines answer differently, or that one of them refuses. */
export interface Mismatch {
  readonly question: string;
  readonly engine: ParityEngineName;
  readonly reference: ParityEngineName;
  /** Where the answers part; with a refusal the engine's words stand as what was found. */
  readonly difference: Difference;
  /** What both were given. */
  readonly sql: { readonly reference: string; readonly engine: string };
}

/** What came of asking every engine every question. */
export interface Proof {
  readonly questions: number;
  /** Rows that the reference answered with, over all questions. */
  readonly rows: number;
  readonly mismatches: readonly Mismatch[];
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

/** Loads the tables into each engine and holds their answers to the first engine's. */
export async function prove({ tables, questions, asOf, engines, onProgress }: Comparison): Promise<Proof> {
  for (const engine of engines) {
    onProgress?.(`${engine.name}: loading ${tables.length} tables`);
    await engine.load(tables);
  }
  const [reference, ...others] = engines;
  const mismatches: Mismatch[] = [];
  let rows = 0;
  for (const [place, question] of questions.entries()) {
    onProgress?.(`${place + 1} of ${questions.length}: ${question.name}`);
    const expected = await ask(reference, question, asOf);
    if (typeof expected.answer === 'string')
      throw new Error(`${question.name} on ${reference.name}: ${expected.answer}`);
    const { answer, sql } = expected;
    rows += answer.rows.length;
    const found = await Promise.all(others.map((engine) => ask(engine, question, asOf)));
    for (const [at, other] of found.entries()) {
      const difference = differenceOf(answer, other.answer, question);
      const engine = others[at];
      if (difference === null || engine === undefined) continue;
      const both = { reference: sql, engine: other.sql };
      mismatches.push({
        question: question.name,
        engine: engine.name,
        reference: reference.name,
        difference,
        sql: both,
      });
    }
  }
  return { questions: questions.length, rows, mismatches };
}

/** An engine's answer, or why it gave none. */
async function ask(
  engine: ParityEngine,
  { sql }: Question,
  asOf: string,
): Promise<{ sql: string; answer: Answer | string }> {
  const text = bind(sql[engine.reads], { table: (name) => engine.relation(name), asOf });
  try {
    return { sql: text, answer: await engine.ask(text) };
  } catch (error) {
    return { sql: text, answer: error instanceof Error ? error.message : String(error) };
  }
}

function differenceOf(expected: Answer, found: Answer | string, question: Question): Difference | null {
  if (typeof found !== 'string') return compareAnswers(expected, found, question);
  return { key: '', column: 'answer', expected: `${expected.rows.length} rows`, found };
}
