import { type Json, listOf, type Node, nodeOf } from './tree.ts';

/** The leading `--` comments of a file. */
export interface Header {
  /** Its first sentence, as written: `one row per …`. Empty without one. */
  readonly description: string;
  /** What stands after `grain:`; null without it. */
  readonly grain: string | null;
}

/** Reads the header: the comment lines before the first word of SQL. */
export function headerOf(text: string): Header {
  const lines = /^(?:\s*--[^\n]*(?:\n|$))*/.exec(text)?.[0].split('\n') ?? [];
  const said = lines.map((line) => line.replace(/^\s*--\s?/, '').trim()).filter((line) => line !== '');
  const grain = said.find((line) => /^grain:\s*\S/.test(line))?.replace(/^grain:\s*/, '') ?? null;
  const prose = said.filter((line) => !/^[a-z]+:/.test(line)).join(' ');
  const sentence = /^.*?[.!?](?=\s|$)/.exec(prose)?.[0] ?? prose;
  return { description: sentence.replace(/\.$/, ''), grain };
}

/** The items of the final select list; of a union, those of its first part, which names the columns. */
export function outputsOf(statement: Node): readonly Json[] {
  if (statement.kind === 'select') return listOf(statement.fields.expressions);
  const first = nodeOf(statement.fields.left ?? statement.fields.this);
  return first === null ? [] : outputsOf(first);
}
