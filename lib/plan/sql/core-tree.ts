/**
 * Every construct of the core and, for each, the fields that may be filled. The parser knows a thousand kinds of node
 * with hundreds of options: what is not here is refused, so that a new option can never slip through.
 */
export const CORE_NODES: Readonly<Record<string, string>> = {
  select: 'expressions from joins where_clause group_by having order_by limit distinct with',
  union: 'left right all distinct order_by limit with',
  except: 'left right distinct order_by limit with',
  intersect: 'left right distinct order_by limit with',
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
  exists: 'this not',
  in: 'this expressions query not',
  between: 'this low high not',
  like: 'left right not',
  is_null: 'this not',
  not: 'this',
  neg: 'this',
  count: 'this star distinct original_name',
  lag: 'this offset',
  lead: 'this offset',
  row_number: '',
  rank: 'args',
  dense_rank: 'args',
  window_function: 'this over',
  coalesce: 'expressions original_name',
  substring: 'this start length original_name',
  function: 'name args',
  star: '',
  Preceding: 'literal',
  Following: 'literal',
  ...Object.fromEntries(
    ['and', 'or', 'eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'add', 'sub', 'mul', 'div', 'concat'].map((kind) => [
      kind,
      'left right',
    ]),
  ),
  ...Object.fromEntries(
    ['sum', 'min', 'max', 'avg', 'abs', 'floor', 'lower', 'upper', 'length', 'year', 'month', 'day', 'hour'].map(
      (kind) => [kind, 'this name original_name'],
    ),
  ),
};

/** The same for the parts of a query that are no nodes: what each item of them may say. */
export const CORE_PARTS: Readonly<Record<string, string>> = {
  joins: 'this on kind',
  where_clause: 'this',
  having: 'this',
  group_by: 'expressions',
  order_by: 'expressions',
  limit: 'this literal',
  'with.ctes': 'alias this alias_first',
  'order_by.expressions': 'this desc nulls_first explicit_asc',
  over: 'window_name partition_by order_by frame',
  'over.order_by': 'this desc nulls_first explicit_asc',
  'over.frame': 'kind start end',
};

/** Fields that say how something was written, not what it means. */
export const NOTATION = new Set(
  `span comments leading_comments trailing_comments pre_alias_comments operator_comments left_comments post_comments
   inferred_type nesting_group use_inner_keyword use_outer_keyword sql modifiers integer_spelling kind kind_text
   start_side_text end_side_text`.split(/\s+/),
);

/** Comparisons: what makes interval arithmetic safe without a cast. */
export const COMPARISONS = new Set(['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'between']);
