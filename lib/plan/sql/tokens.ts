import { sqlError } from './finding.ts';

/** What a token is: a comment belongs to people, a parameter is `:name`. */
export type TokenKind = 'word' | 'quoted' | 'backtick' | 'string' | 'number' | 'parameter' | 'operator' | 'comment';

/** A piece of SQL with its place, offsets in UTF-16 units. `text` is as written. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

// In order of trial. An unclosed quote or comment matches none of them and is an error.
const SHAPES: readonly (readonly [TokenKind, RegExp])[] = [
  ['comment', /--[^\n]*|\/\*[\s\S]*?\*\//y],
  ['string', /'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['backtick', /`[^`]*`/y],
  ['number', /[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?/y],
  ['word', /[A-Za-z_$\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y],
  ['parameter', /:[A-Za-z_][A-Za-z0-9_]*/y],
  ['operator', /::|->>|->|=>|==|<>|<=|>=|!=|\|\||\{\{|\}\}|[-+*/%<>=(),.;:[\]{}?@#!&|^~\\]/y],
];
const SPACE = /\s+/y;

/**
 * Splits SQL into tokens; spaces are dropped, comments kept. Works on the texts of all engines, since only quotes,
 * comments and words matter. After `::` a type follows, so `x::int` is never read as a parameter.
 * @throws SqlError at a quote or comment that never closes, or at a character that no SQL has.
 */
export function tokenize(text: string, file = 'sql'): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    SPACE.lastIndex = at;
    if (SPACE.test(text)) {
      at = SPACE.lastIndex;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === undefined) throw unreadable(text, file, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token | undefined {
  if (text.startsWith('/*', at) && text.indexOf('*/', at + 2) < 0) return undefined;
  for (const [kind, shape] of SHAPES) {
    shape.lastIndex = at;
    const match = shape.exec(text);
    if (match !== null) return { kind, text: match[0], start: at, end: at + match[0].length };
  }
  return undefined;
}

function unreadable(text: string, file: string, at: number) {
  const open = text.startsWith('/*', at) ? '/*' : (text[at] ?? '');
  return sqlError(text, file, {
    at,
    code: 'syntax',
    message: `${JSON.stringify(open)} begins something that never ends, or is no SQL.`,
    suggestion: 'Close the quote or comment, or remove the character.',
  });
}

/** The tokens that an engine reads. */
export const significant = (tokens: readonly Token[]): readonly Token[] =>
  tokens.filter((token) => token.kind !== 'comment');

/** A piece of text to put in place of `[start, end)`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all edits applied; they may come in any order and must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** The text without its comments: what is left is what engines see. */
export const withoutComments = (text: string): string =>
  applyEdits(
    text,
    tokenize(text).flatMap(({ kind, start, end }) => (kind === 'comment' ? [{ start, end, text: ' ' }] : [])),
  ).trim();
