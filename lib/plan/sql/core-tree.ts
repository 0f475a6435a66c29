/**
 * Every construct of the core and, for each, the fields that may be filled. The parser knows a thousand kinds of node
 * with hundreds of options: what is not here is refused, so that a new option can never slip through.
 */
export const CORE_NODES: Readonly<Record<string, string>> = {
  select: 'expressions from joins where_clause group_by having order_by limit distinct with',
  union: 'left right all order_by limit with',
  except: 'left right order_by limit with',
  intersect: 'left right order_by limit with',
  subquery: 'this alias alias_explicit_as alias_keyword',
  table: 'name schema alias alias_explicit_as',
  alias: 'this alias alias_explicit_as',
  column: 'name table',
  literal: 'literal_type value',
  boolean: 'value',
  null: '',
  paren: 'this',
  case: 'operand whens else_',
  cast: 'this to',
  interval: 'this unit',
  exists: 'this',
  in: 'this expressions query not',
  between: 'this low high not',
  like: 'left right',
  is_null: 'this not',
  not: 'this',
  neg: 'this',
  count: 'this star distinct original_name',
  lag: 'this offset',
  lead: 'this offset',
  row_number: '',
  rank: '',
  dense_rank: '',
  window_function: 'this over',
  coalesce: 'expressions',
  substring: 'this start length',
  function: 'name args',
  Preceding: 'literal',
  Following: 'literal',
  ...Object.fromEntries(
    ['and', 'or', 'eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'add', 'sub', 'mul', 'div', 'concat'].map((kind) => [
      kind,
      'left right',
    ]),
  ),
  ...Object.fromEntries(
    ['abs', 'floor', 'lower', 'upper', 'length', 'year', 'month', 'day', 'hour'].map((kind) => [kind, 'this']),
  ),
  ...Object.fromEntries(['sum', 'min', 'max', 'avg'].map((kind) => [kind, 'this name'])),
};

/** The same for the parts of a query that are no nodes: what each item of them may say. */
export const CORE_PARTS: Readonly<Record<string, string>> = {
  joins: 'this on',
  where_clause: 'this',
  having: 'this',
  group_by: 'expressions',
  order_by: 'expressions',
  limit: 'this literal',
  'with.ctes': 'alias this alias_first',
  'order_by.expressions': 'this desc nulls_first explicit_asc',
  over: 'partition_by order_by frame',
  'over.order_by': 'this desc nulls_first explicit_asc',
  'over.frame': 'start end',
};

/** Fields that say how something was written, not what it means. */
export const NOTATION = new Set(
  `span comments leading_comments trailing_comments pre_alias_comments operator_comments left_comments post_comments
   inferred_type nesting_group use_inner_keyword use_outer_keyword sql modifiers integer_spelling kind kind_text
   start_side_text end_side_text`.split(/\s+/),
);

/** Comparisons: what makes interval arithmetic safe without a cast. */
export const COMPARISONS = new Set(['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'between']);

/** Kinds of joins, as the parser calls them. */
export const CORE_JOINS = ['Inner', 'Left', 'Cross', 'Full'] as const;

/** Units of an interval. */
export const CORE_UNITS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** What `date_trunc` may cut to. */
export const CORE_TRUNCATIONS = ['year', 'quarter', 'month', 'week', 'day'] as const;
