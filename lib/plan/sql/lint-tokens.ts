import { CORE_FUNCTIONS, REFUSED_FUNCTIONS } from './core-functions.ts';
import { CORE_UNITS } from './core-tree.ts';
import { REFUSED_OPERATORS, REFUSED_WORDS, SYNTAX_WORDS } from './core-words.ts';
import type { Complaint, PlacedComplaint } from './finding.ts';
import { macroNamed } from './macros.ts';
import { looksLikeStandIn } from './stand-in.ts';
import { significant, type Token, tokenize } from './tokens.ts';

/** A token with its neighbours; `after2` is the one after the next. */
interface Spot {
  readonly token: Token;
  readonly before: string;
  readonly after: string;
  readonly after2: string;
  /** No space between it and the one before: e'x'. */
  readonly glued: boolean;
}

type TokenRule = (spot: Spot) => Complaint | null;

const ALLOWED = new Set(CORE_FUNCTIONS.map(({ name }) => name));
const UNITS = new Set<string>(CORE_UNITS);
// Deeper nesting meets the parser's guard, and nobody reads it.
const DEEPEST = 14;

const complain = (code: string, message: string, suggestion: string): Complaint => ({ code, message, suggestion });

/** What can be told from the text alone: names of functions, words, operators, quoting, literals. */
export function lintTokens(text: string): readonly PlacedComplaint[] {
  const all = tokenize(text);
  const tokens = significant(all);
  const found = tokens.flatMap((token, index) => {
    const near = (offset: number): string => tokens[index + offset]?.text.toLowerCase() ?? '';
    const spot = {
      token,
      before: near(-1),
      after: near(1),
      after2: near(2),
      glued: tokens[index - 1]?.end === token.start,
    };
    const complaint = RULES.map((rule) => rule(spot)).find((answer) => answer !== null);
    return complaint ? [{ ...complaint, at: token.start }] : [];
  });
  const comments = all.filter(({ kind, text: comment }) => kind === 'comment' && !comment.startsWith('--'));
  const block = complain('comment', 'Block comments are dropped by some clients.', 'Begin each line with --.');
  return [...found, ...comments.map(({ start }) => ({ ...block, at: start })), ...tooDeep(tokens), ...markers(text)];
}

const RULES: readonly TokenRule[] = [
  ({ token, before }) => {
    if (token.kind !== 'word' || before === '.') return null;
    return before === 'as' ? null : refusedWord(token.text);
  },
  ({ token, before, after }) => (token.kind === 'word' && after === '(' && before !== '.' ? refusedCall(token) : null),
  ({ token }) => (token.kind === 'operator' ? (REFUSED_OPERATORS[token.text] ?? null) : null),
  ({ token, after }) =>
    token.text === ',' && (after === 'from' || after === ')' || after === '')
      ? complain('syntax', 'A comma before nothing.', 'Remove it.')
      : null,
  ({ token, before, glued }) =>
    token.kind === 'word' && glued && /^[0-9.]*[0-9]$/.test(before)
      ? complain('syntax', `${before}${token.text} is a number, a name or an error.`, 'Write plain digits.')
      : null,
  ({ token }) =>
    token.kind === 'number' && /e/i.test(token.text)
      ? complain('exponent', `${token.text} is a double, or on Redshift a decimal.`, 'Write the digits out.')
      : null,
  ({ token, before, glued }) => (token.kind === 'string' ? oddString(token.text, before, glued) : null),
  ({ token, before }) =>
    token.text.toLowerCase() === 'from' && ['', '(', 'all', 'union'].includes(before)
      ? complain('syntax', 'from before select is DuckDB only.', 'Begin with select or with.')
      : null,
  ({ token, after, after2 }) => {
    if (token.kind !== 'word' || token.text.toLowerCase() !== 'interval') return null;
    if (/^'[0-9]+'$/.test(after) && UNITS.has(after2)) return null;
    return complain('interval', `interval ${after} ${after2} is not read by every engine.`, "Write interval '6' day.");
  },
  ({ token, after }) =>
    token.kind === 'word' && token.text.toLowerCase() === 'group' && after !== 'by' ? null : groupAll(token, after),
  ({ token }) =>
    token.kind === 'parameter' && token.text !== ':as_of'
      ? complain('parameter', `${token.text} is unknown.`, 'The only parameter is :as_of.')
      : null,
  ({ token }) =>
    token.kind === 'quoted' || token.kind === 'backtick'
      ? complain('quoted', `${token.text} is spelled otherwise on Athena or Spark.`, 'Use a name without quotes.')
      : null,
  ({ token }) =>
    token.kind === 'word' && looksLikeStandIn(token.text)
      ? complain('name', `${token.text} ends with an underscore, which the plan keeps for itself.`, 'Rename it.')
      : null,
  ({ token }) =>
    token.kind === 'word' && token.text !== token.text.toLowerCase()
      ? complain('lower-case', `${token.text} is not lower case.`, `Write ${token.text.toLowerCase()}.`)
      : null,
];

function refusedWord(text: string): Complaint | null {
  const name = text.toLowerCase();
  return Object.hasOwn(REFUSED_WORDS, name) ? (REFUSED_WORDS[name] ?? null) : null;
}

function refusedCall(token: Token): Complaint | null {
  const name = token.text.toLowerCase();
  if (ALLOWED.has(name) || SYNTAX_WORDS.has(name) || macroNamed(name) !== undefined || TYPES.has(name)) return null;
  const [why, use] = (Object.hasOwn(REFUSED_FUNCTIONS, name) && REFUSED_FUNCTIONS[name]) || [
    'is not in the core',
    `The core has ${CORE_FUNCTIONS.map((allowed) => allowed.name).join(', ')} and percent.`,
  ];
  return complain('function', `${name}() ${why}.`, use);
}

// Followed by `(` in a cast; which types are allowed is judged there.
const TYPES = new Set(['decimal', 'varchar', 'timestamp']);

function groupAll(token: Token, after: string): Complaint | null {
  return token.text.toLowerCase() === 'by' && (after === 'all' || after === 'distinct')
    ? complain('group-alias', `group by ${after} is not on every engine.`, 'List the columns.')
    : null;
}

function oddString(text: string, before: string, glued: boolean): Complaint | null {
  if (before.endsWith("'") || (glued && /[a-z0-9&]$/.test(before))) {
    return complain('typed-literal', `${before}${text} is read differently per engine.`, "Write one plain 'text'.");
  }
  if (text.includes('\\')) {
    return complain('backslash', 'A backslash escapes on Spark and Redshift only.', 'Leave it out.');
  }
  if (text.includes('${')) {
    return complain('marker', 'Spark puts a setting or a variable where ${ stands, in texts too.', 'Leave it out.');
  }
  if (before === 'timestamp' || before === 'decimal') {
    return complain('typed-literal', `${before} ${text} is another type per engine.`, 'Compare with a date literal.');
  }
  if (/^'[0-9]{4}-[0-9]{2}-[0-9]{2}'$/.test(text) && before !== 'date') {
    return complain('date-literal', `${text} is text: Trino does not compare it with a date.`, `Write date ${text}.`);
  }
  return null;
}

function tooDeep(tokens: readonly Token[]): readonly PlacedComplaint[] {
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(' || token.text.toLowerCase() === 'case') depth += 1;
    if (token.text === ')' || token.text.toLowerCase() === 'end') depth -= 1;
    if (depth > DEEPEST) {
      const message = `More than ${DEEPEST} levels of brackets and cases.`;
      return [{ ...complain('depth', message, 'Give the inner part a step of its own.'), at: token.start }];
    }
  }
  return [];
}

function markers(text: string): readonly PlacedComplaint[] {
  const at = text.search(/\{\{(?=[\s\S]*\}\})/);
  const braces = complain('marker', '{{ marks what the plan fills in.', 'Leave it out, in comments and texts too.');
  const inCode = at >= 0 && tokenize(text).some(({ kind, start }) => kind === 'operator' && start === at);
  return at < 0 || inCode ? [] : [{ ...braces, at }];
}
