import { COMPARISONS } from './core-tree.ts';
import { castType, functionName } from './node-facts.ts';
import { bare, fieldsOf, identifier, type Json, listOf, type Node, nodeOf, textOf, walk } from './tree.ts';

/** What a select calls one of its columns: a name, no name, or all columns of something. */
type Header = 'named' | 'unnamed' | 'star';

/** The columns that a statement selects; a union is called as its first part is. */
export function headersOf(statement: Node): Header[] {
  const { kind, fields } = statement;
  if (kind === 'values') return listOf(fieldsOf(listOf(fields.expressions)[0]).expressions).map(() => 'unnamed');
  if (kind === 'select') return listOf(fields.expressions).map(headerOf);
  const first = nodeOf(fields.left ?? fields.this);
  return first === null ? [] : headersOf(first);
}

function headerOf(item: Json): Header {
  const kind = bare(item)?.kind;
  if (kind === 'star' || (kind === 'column' && identifier(bare(item)?.fields.name ?? null) === '*')) return 'star';
  return kind === 'alias' || kind === 'column' || kind === 'dot' ? 'named' : 'unnamed';
}

/** Names as Athena gives them: a column without a name is `_col` and its place, from 0. */
export function athenaNames(found: readonly string[], headers: readonly Header[]): string[] {
  const star = headers.indexOf('star');
  // After one star places are counted from the end; between two nobody knows them.
  const known = (at: number): Header | undefined => {
    if (star < 0 || at < star) return headers[at];
    const fromEnd = found.length - at;
    return fromEnd <= headers.length - 1 - headers.lastIndexOf('star') ? headers[headers.length - fromEnd] : 'star';
  };
  return found.map((name, at) => (known(at) === 'unnamed' ? `_col${at}` : name));
}

const NOTES = {
  zero: 'x / 0 is null here, an error in Athena: divide by nullif(b, 0)',
  scale: 'decimals divide to doubles here, to the larger scale in Athena: cast one side to double, or round the result',
  interval:
    "a date plus or minus an interval is a timestamp here, a date in Athena: cast(d - interval '1' day as date)",
} as const;

const number = (node: Node | null): number =>
  node?.kind === 'literal' ? Number(textOf(node.fields.value)) : Number.NaN;

/** Where the answer may not be the one that Athena gives, in words. */
export function differencesOf(statement: Node): string[] {
  const found = new Set<string>();
  walk({ [statement.kind]: statement.fields }, ({ kind, fields }, around) => {
    const [left, right] = [bare(fields.left ?? null), bare(fields.right ?? null)];
    // Doubles divide alike on both.
    if (kind === 'div' && castType(left) !== 'double' && castType(right) !== 'double') {
      if (![left, right].every((side) => Number.isInteger(number(side)))) found.add(NOTES.scale);
      if (functionName(right) !== 'nullif' && !(Math.abs(number(right)) > 0)) found.add(NOTES.zero);
    }
    if (right?.kind === 'interval' && (kind === 'add' || kind === 'sub')) {
      const user = around.findLast((node) => node.kind !== 'paren') ?? null;
      if (user === null || !(COMPARISONS.has(user.kind) || castType(user) === 'date')) found.add(NOTES.interval);
    }
  });
  return [...found].sort();
}
