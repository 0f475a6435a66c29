import type { Difference } from './compare.ts';
import type { ParityEngineName } from './engine.ts';

/** An answer that is not what it should be, and all that somebody needs to look into it. */
export interface Fault {
  /** What was asked: a question of the plan, or what a probe shows. */
  readonly question: string;
  readonly engine: ParityEngineName;
  /** Where the answers part; with a refusal the engine's words stand as what was found. */
  readonly difference: Difference;
  /** What each side was given; a probe is held to an answer by hand, so there is one side. */
  readonly sql: { readonly [E in ParityEngineName]?: string };
}

/** A fault for people, line by line: question and engine, then row, column, both values and the SQL of each side. */
export function faultLines({ question, engine, difference, sql }: Fault): string[] {
  const { key, column, expected, found } = difference;
  return [
    `${question} on ${engine}`,
    ...(key === '' ? [] : [`  row       ${key}`]),
    `  ${column}: expected ${expected ?? 'null'}, found ${found ?? 'null'}`,
    ...Object.entries(sql).flatMap(([name, text]) => [`  sql of ${name}`, text.replaceAll(/^/gm, '    ')]),
  ];
}
