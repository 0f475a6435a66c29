import { parse } from '@polyglot-sql/sdk';
import { sqlError } from './finding.ts';
import { withStandIns } from './stand-in.ts';
import { applyEdits, tokenize } from './tokens.ts';

/** Any part of a parsed statement. The parser's own types are a union of a thousand shapes; we read what we need. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | Fields;

/** The fields of a node. */
export interface Fields {
  readonly [name: string]: Json;
}

/** A node: what it is, and its fields. */
export interface Node {
  readonly kind: string;
  readonly fields: Fields;
}

const isFields = (value: Json): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value as readonly Json[]);

/** The fields of a value; empty when it is none. */
export const fieldsOf = (value: Json): Fields => (isFields(value) ? value : {});

/** A list, empty when the value is none. */
export const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** Whether a field says nothing. */
export const empty = (value: Json): boolean =>
  value === null || value === undefined || value === false || (Array.isArray(value) && value.length === 0);

/** A text, or null. */
export const textOf = (value: Json): string | null => (typeof value === 'string' ? value : null);

// Single-field objects that only hold other nodes.
const HOLDERS = new Set(['this', 'expressions', 'data_type', 'value', 'all', 'ctes']);

/** The node that a value is: an object with its kind as the only field. */
export function nodeOf(value: Json): Node | null {
  if (!isFields(value)) return null;
  const names = Object.keys(value);
  const kind = names[0];
  if (names.length !== 1 || kind === undefined || HOLDERS.has(kind)) return null;
  return { kind, fields: fieldsOf(value[kind]) };
}

/** The node without parentheses around it. */
export function bare(value: Json): Node | null {
  const node = nodeOf(value);
  return node?.kind === 'paren' ? bare(node.fields.this) : node;
}

/** Name of an identifier: `{ name: 'x', quoted: false, span }`. */
export const identifier = (value: Json): string | null => textOf(fieldsOf(value).name);

/** Where the first thing with a place inside `value` begins; `otherwise` when nothing has one (literals have none). */
export function startOf(value: Json, otherwise: number): number {
  let first = Number.POSITIVE_INFINITY;
  const seek = (part: Json): void => {
    if (Array.isArray(part)) for (const item of part as readonly Json[]) seek(item);
    if (!isFields(part)) return;
    const start = fieldsOf(part.span).start;
    if (typeof start === 'number') first = Math.min(first, start);
    for (const name in part) if (name !== 'span') seek(part[name]);
  };
  seek(value);
  return Number.isFinite(first) ? first : otherwise;
}

/** Calls `visit` for every node, outermost first, with the nodes around it (nearest last). */
export function walk(value: Json, visit: (node: Node, around: readonly Node[]) => void, around: Node[] = []): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) walk(item, visit, around);
    return;
  }
  if (!isFields(value)) return;
  const node = nodeOf(value);
  if (node === null) {
    for (const name in value) if (name !== 'span') walk(value[name], visit, around);
    return;
  }
  visit(node, around);
  around.push(node);
  for (const name in node.fields) if (name !== 'span') walk(node.fields[name], visit, around);
  around.pop();
}

// The parser counts places in Unicode characters, we in UTF-16 units; outside the basic plane one is two.
const inUnits = (text: string): string => text.replace(/[\u{10000}-\u{10ffff}]/gu, 'xx');

// Comments would become nodes of their own; blanks of equal length keep every place.
const blanked = (text: string, file: string): string =>
  applyEdits(
    text,
    tokenize(text, file).flatMap(({ kind, text: comment, start, end }) =>
      kind === 'comment' ? [{ start, end, text: comment.replace(/[^\n]/g, ' ') }] : [],
    ),
  );

/**
 * Parses one statement of Trino SQL. Places in the tree are offsets into `text`.
 * @throws SqlError when it does not parse, or is not exactly one statement.
 */
export function parseStatement(text: string, file: string): Node {
  const result = parse(inUnits(withStandIns(blanked(text, file), file)), 'trino' as never);
  if (!result.success) {
    const at = Math.min(Math.max(0, result.errorStart ?? 0), text.length);
    const reason = String(result.error).replace(/^.*?at line \d+, column \d+: /, '');
    throw sqlError(text, file, {
      at,
      code: 'syntax',
      message: `${reason}.`,
      suggestion: 'Write one select in Trino SQL.',
    });
  }
  const statements = listOf(result.ast as unknown as Json);
  const statement = nodeOf(statements[0]);
  if (statements.length !== 1 || statement === null) {
    const message = `${statements.length} statements.`;
    throw sqlError(text, file, { at: 0, code: 'one-select', message, suggestion: 'Write exactly one select.' });
  }
  return statement;
}
