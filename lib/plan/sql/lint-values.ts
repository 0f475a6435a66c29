import { COMPARISONS, CORE_TRUNCATIONS } from './core-tree.ts';
import type { TreeComplaint, TreeRule } from './lint-construct.ts';
import { castType, functionName } from './node-facts.ts';
import { AS_OF_STAND_IN } from './stand-in.ts';
import { bare, empty, fieldsOf, identifier, type Json, listOf, type Node, nodeOf, textOf } from './tree.ts';

const complaint = (code: string, message: string, suggestion: string): TreeComplaint => ({ code, message, suggestion });

const toDouble = (value: Json): boolean => castType(bare(value)) === 'double';

const literal = (value: Json): string | null => {
  const node = bare(value);
  return node?.kind === 'literal' ? textOf(node.fields.value) : null;
};

/** The nearest node around that is no parenthesis. */
const outside = (around: readonly Node[]): Node | null => around.findLast(({ kind }) => kind !== 'paren') ?? null;

/** Division is of doubles, and never by zero. */
export const safeDivision: TreeRule = ({ kind, fields }) => {
  if (kind !== 'div') return null;
  if (!toDouble(fields.left) && !toDouble(fields.right)) {
    const message = '/ cuts integers on Trino and Redshift, not on DuckDB and Spark.';
    return complaint('division', message, 'Cast one side: cast(a as double) / nullif(b, 0); or percent(part, whole).');
  }
  const divisor = bare(fields.right);
  const inner = castType(divisor) === 'double' ? bare(divisor?.fields.this) : divisor;
  if (functionName(inner) === 'nullif' || Number(literal(fields.right)) > 0) return null;
  return complaint('division', 'x / 0 is Infinity, null or an error.', 'Divide by nullif(b, 0).');
};

/** avg only of doubles. */
export const averageOfDouble: TreeRule = ({ kind, fields }) =>
  kind === 'avg' && !toDouble(fields.this)
    ? complaint('average', 'avg has another type per engine.', 'Write avg(cast(x as double)), or sum and count.')
    : null;

/** A date plus an interval is a timestamp on some engines: compare it, or cast it back. */
export const intervalsCompared: TreeRule = (node, around) => {
  if (node.kind !== 'interval') return null;
  const shift = outside(around);
  const isShift = shift?.kind === 'add' || shift?.kind === 'sub';
  const user = isShift ? outside(around.slice(0, around.lastIndexOf(shift))) : shift;
  if (user !== null && (COMPARISONS.has(user.kind) || castType(user) === 'date')) return null;
  const message = 'A date plus or minus an interval is a timestamp on DuckDB and Redshift.';
  return complaint('interval', message, "Compare it, or write cast(d - interval '1' year as date).");
};

const isDay = (side: Node | null): boolean =>
  castType(side) === 'date' ||
  textOf(side?.fields.literal_type) === 'date' ||
  (side?.kind === 'column' && identifier(side.fields.name) === AS_OF_STAND_IN);

/** What lies between two moments is compared with an interval, and nothing else. */
export const differencesCompared: TreeRule = (node, around) => {
  const sides = node.kind === 'sub' ? [node.fields.left, node.fields.right].map(bare) : [];
  if (!sides.some(isDay) || sides.some((side) => side?.kind === 'interval')) return null;
  if (COMPARISONS.has(outside(around)?.kind ?? '')) return null;
  const message = 'From day to day is a number on DuckDB and Redshift, an interval on Athena and Spark.';
  return complaint('interval', message, "Compare it: a - b < interval '6' day.");
};

const TRUNCATIONS = new Set<string>(CORE_TRUNCATIONS);

/** Functions whose result type differs stand inside the cast that settles it. */
export const settledByCast: TreeRule = (node, around) => {
  const name = functionName(node);
  const type = castType(outside(around));
  if (name === 'date_trunc') {
    const unit = literal(listOf(node.fields.args)[0]);
    if (type === 'date' && unit !== null && TRUNCATIONS.has(unit)) return null;
    const suggestion = "Write cast(date_trunc('month', x) as date).";
    return complaint('date-trunc', 'date_trunc returns a date or a timestamp.', suggestion);
  }
  if (name !== 'floor' || type === 'big_int' || type === 'decimal') return null;
  return complaint('floor', 'floor has another type per engine.', 'Write cast(floor(x) as bigint).');
};

const WHOLE = new Set([
  'count',
  'sum',
  'floor',
  'literal',
  'null',
  'neg',
  'year',
  'month',
  'day',
  'hour',
  'row_number',
  'coalesce',
]);
const WHOLE_WINDOW = new Set(['window_function', 'rank', 'dense_rank', 'nullif', 'min', 'max', 'length', 'case']);

/** Casts only where every engine agrees on the value. */
export const safeCasts: TreeRule = (node) => {
  const type = castType(node);
  const of = bare(node.fields.this);
  if (type === null || type === 'date' || type === 'double') return null;
  if (type === 'decimal') {
    if (typeof fieldsOf(node.fields.to).scale === 'number') return null;
    return complaint('cast', 'decimal alone has another scale per engine.', 'Write decimal(p, s).');
  }
  if (type === 'big_int') {
    if (of !== null && (WHOLE.has(of.kind) || WHOLE_WINDOW.has(of.kind))) return null;
    return complaint(
      'cast',
      'Text, doubles and truth values become whole numbers in another way per engine.',
      'Write cast(floor(x) as bigint).',
    );
  }
  if (type === 'var_char') {
    if (['big_int', 'decimal', 'date'].includes(castType(of) ?? '')) return null;
    const message = 'Timestamps, doubles and booleans print differently.';
    return complaint('cast', message, 'Write cast(cast(x as bigint) as varchar), or compare without a cast.');
  }
  return complaint('cast', `cast to ${type} differs.`, 'Cast to date, double, decimal(p, s), bigint or varchar.');
};

/** Sums of ones are counts, and 0 rather than null when there are none. */
export const countsNotSums: TreeRule = ({ kind, fields }) => {
  const choice = kind === 'sum' ? bare(fields.this) : null;
  if (choice?.kind !== 'case') return null;
  const answers = [...listOf(choice.fields.whens).map((when) => listOf(when)[1]), choice.fields.else_];
  if (!answers.every((answer) => literal(answer) !== null || nodeOf(answer)?.kind === 'null' || !answer)) return null;
  return complaint('sum-case', 'sum(case …) is null on empty input.', 'Write count(case when … then 1 end).');
};

/** `not in (select …)` is never true once a null is in the list. */
export const noNotInSelect: TreeRule = ({ kind, fields }, around) => {
  const negated = fields.not === true || outside(around)?.kind === 'not';
  return kind === 'in' && fields.query && negated
    ? complaint('not-in', 'not in (select …) keeps nothing once there is a null.', 'Write not exists (select …).')
    : null;
};

/** Comparing with null is never true. */
export const noNullComparison: TreeRule = ({ kind, fields }) => {
  const sides = kind === 'in' ? listOf(fields.expressions) : [fields.left, fields.right];
  return (COMPARISONS.has(kind) || kind === 'in') && sides.some((side) => bare(side)?.kind === 'null')
    ? complaint('null-comparison', 'A comparison with null is never true.', 'Write is null or is not null.')
    : null;
};

/** A whole number written out, and not below `least`. */
const wholeFrom = (least: number, value: Json): boolean =>
  textOf(bare(value)?.fields.literal_type) === 'number' &&
  /^[0-9]+$/.test(literal(value) ?? '') &&
  Number(literal(value)) >= least;

/** Patterns are literals, places and lengths in a text are whole and count from 1, lag goes a stated number of rows and has no default. */
export const plainArguments: TreeRule = ({ kind, fields }) => {
  if (kind === 'like' && literal(fields.right) === null) {
    return complaint('like', 'A pattern that is not a literal.', "Write like 'abc%'.");
  }
  if (kind === 'substring' && !wholeFrom(1, fields.start)) {
    return complaint('substr', 'A position below 1, or unknown, differs.', 'Begin at a literal of 1 or more.');
  }
  if (kind === 'substring' && !empty(fields.length) && !wholeFrom(0, fields.length)) {
    return complaint('substr', 'A length below 0 is an error on some engines.', 'Write the length as a literal.');
  }
  if ((kind === 'lag' || kind === 'lead') && !empty(fields.offset) && !wholeFrom(1, fields.offset)) {
    return complaint('window', `${kind} by what is no number of rows.`, 'Write a literal of 1 or more.');
  }
  if ((kind === 'lag' || kind === 'lead') && fields.default) {
    return complaint('window', `${kind} with a default is not in Redshift.`, 'Write coalesce in the next step.');
  }
  return null;
};
