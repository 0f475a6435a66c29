import type { Engine } from './engine.ts';

/** A function of the portable core. */
export interface CoreFunction {
  readonly name: string;
  /** Why it is in: what makes its meaning equal everywhere, and under which rule of the lint. */
  readonly reason: string;
  /** What an engine does apart from the others, where that is worth knowing. */
  readonly notes: { readonly [E in Engine]?: string };
}

const entry = (name: string, reason: string, notes: CoreFunction['notes'] = {}): CoreFunction => ({
  name,
  reason,
  notes,
});

/** The allow-list. Whatever is not here is refused, known or not. Docs and parity tests are made from it. */
export const CORE_FUNCTIONS: readonly CoreFunction[] = [
  entry('count', 'Counts rows, values or distinct values; 0 when there are none.'),
  entry('sum', 'Exact for integers and decimals, null when there are none; cast it where it leaves the model.', {
    duckdb: 'sum of integers is HUGEINT',
    redshift: 'sum of bigint is numeric(38,0)',
    spark: 'sum of decimal(p,s) is decimal(p+10,s), null beyond',
  }),
  entry('min', 'Smallest value, null when there are none; text by bytes.', { redshift: 'not for booleans' }),
  entry('max', 'Largest value, null when there are none; text by bytes.', { redshift: 'not for booleans' }),
  entry('avg', 'Only of a cast to double: of integers and decimals every engine returns another type.', {
    duckdb: 'avg of a decimal is DOUBLE',
    athena: 'avg of a decimal keeps its scale',
    redshift: 'avg of an integer is an integer',
  }),
  entry('coalesce', 'First value that is not null.'),
  entry('nullif', 'Null when both are equal.'),
  entry('abs', 'Absolute value.'),
  entry('floor', 'Only inside a cast to bigint or decimal(p,0): the type of its result differs.'),
  entry('lower', 'Lower case; equal for ASCII, so not for keys of other scripts.'),
  entry('upper', 'Upper case; equal for ASCII, so not for keys of other scripts.'),
  entry('length', 'Characters, not bytes.'),
  entry('substr', 'Only from a literal position of 1 or more, for a literal length: 0 and negatives differ.'),
  entry('year', 'Calendar year.', { spark: 'INT', redshift: 'rendered as extract' }),
  entry('month', 'Calendar month, 1 to 12.', { spark: 'INT', redshift: 'rendered as extract' }),
  entry('day', 'Day of the month.', { spark: 'INT', redshift: 'rendered as extract' }),
  entry('hour', 'Hour of the day of a timestamp, 0 to 23.', { spark: 'INT', redshift: 'rendered as extract' }),
  entry('date_trunc', 'Only inside a cast to date, and to year, quarter, month, week (Monday) or day.', {
    duckdb: 'returns a timestamp',
    spark: 'returns a timestamp',
    redshift: 'returns a timestamp',
  }),
  entry('cast', 'To the types of CORE_TYPES, each under its own rule.'),
  entry('row_number', 'With an order; a tie must be broken by the key.'),
  entry('rank', 'With an order.'),
  entry('dense_rank', 'With an order.'),
  entry('lag', 'With an order; at most an offset, a literal of 1 or more; no default.', {
    redshift: 'has no default argument',
  }),
  entry('lead', 'With an order; at most an offset, a literal of 1 or more; no default.', {
    redshift: 'has no default argument',
  }),
];

/** Types that may be cast to, and under which condition. */
export const CORE_TYPES: Readonly<Record<string, string>> = {
  date: 'from anything that is a date or timestamp',
  double: 'for division and avg',
  decimal: 'decimal(p, s), from whole numbers and decimals; rounds half away from zero. From a double by floor alone',
  bigint: 'from sum, count, floor(…), a literal or a date part; a decimal rounds half away from zero',
  varchar: 'from cast(… as bigint), as decimal or as date: timestamps, doubles and booleans print differently',
};

const portable = (use: string, why: string): readonly [why: string, use: string] => [why, use];
const CASE = portable('Write case when … end.', 'is spelled or treats null differently per engine');
const WINDOW = portable('Rank with row_number() in a step of its own and keep row 1.', 'is not on every engine');
const ORDERED = portable('Keep the rows apart, or aggregate where the result is read.', 'loses or spells its order');
const AS_OF = portable('Use the parameter :as_of.', 'makes a run that cannot be repeated');
const INTERVALS = portable(
  "Write d + interval '6' day, and compare gaps with an interval.",
  'counts complete units on Trino and boundaries on DuckDB and Redshift',
);
const HASHES = portable('Write hash_key(a text).', 'hashes different bytes per engine');
const REGEX = portable('Use like or substr.', 'has another regex dialect and no-match result per engine');

/** Functions that people reach for, why they are refused, and what is portable instead. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, readonly [why: string, use: string]>> = {
  now: AS_OF,
  current_timestamp: AS_OF,
  localtimestamp: AS_OF,
  getdate: AS_OF,
  today: AS_OF,
  date_add: INTERVALS,
  date_sub: INTERVALS,
  dateadd: INTERVALS,
  date_diff: INTERVALS,
  datediff: INTERVALS,
  greatest: CASE,
  least: CASE,
  if: CASE,
  iff: CASE,
  decode: CASE,
  ifnull: portable('Use coalesce.', 'is not on every engine'),
  nvl: portable('Use coalesce.', 'is not on every engine'),
  concat: portable('Use ||, with coalesce where a part may be null.', 'skips nulls on DuckDB'),
  concat_ws: portable('Use ||, with coalesce where a part may be null.', 'treats null differently per engine'),
  count_if: portable('Write count(case when … then 1 end).', 'becomes null on empty input on Redshift'),
  arg_max: WINDOW,
  arg_min: WINDOW,
  max_by: WINDOW,
  min_by: WINDOW,
  first_value: WINDOW,
  any_value: portable('Use min or max.', 'picks any row'),
  arbitrary: portable('Use min or max.', 'picks any row'),
  last_value: portable('Write last_known(value) over (…).', 'places ignore nulls differently'),
  median: portable('Rank with row_number() and pick the middle.', 'is not on every engine'),
  quantile: portable('Rank with row_number() and pick the place.', 'is not on every engine'),
  quantile_cont: portable('Rank with row_number() and pick the place.', 'is not on every engine'),
  approx_percentile: portable('Rank with row_number() and pick the place.', 'is an estimate that differs'),
  approx_distinct: portable('Use count(distinct …).', 'is an estimate that differs'),
  array_agg: ORDERED,
  listagg: ORDERED,
  string_agg: ORDERED,
  map_agg: ORDERED,
  contains: portable('Use in (…) or exists.', 'means arrays on Trino and text on Spark'),
  unnest: portable('Keep lists as rows of a base table.', 'drops columns when transpiled'),
  round: portable('Use percent(part, whole), or cast(… as decimal(p, s)).', 'rounds doubles and decimals differently'),
  ceil: portable('Write -floor(-x) inside a cast.', 'returns another type per engine'),
  ceiling: portable('Write -floor(-x) inside a cast.', 'returns another type per engine'),
  mod: portable('Compare with floor in a cast.', 'differs for zero'),
  trim: portable('Base tables hold trimmed keys; compare as they are.', 'trims other characters per engine'),
  ltrim: portable('Base tables hold trimmed keys; compare as they are.', 'trims other characters per engine'),
  rtrim: portable('Base tables hold trimmed keys; compare as they are.', 'trims other characters per engine'),
  substring: portable('Use substr.', 'has two spellings'),
  regexp_extract: REGEX,
  regexp_like: REGEX,
  regexp_replace: REGEX,
  regexp_matches: REGEX,
  md5: HASHES,
  sha256: HASHES,
  to_hex: HASHES,
  extract: portable('Use year(), month() or day().', 'returns another type per engine'),
  date_part: portable('Use year(), month() or day().', 'returns another type per engine'),
  date_format: portable('Use year(), month() and day().', 'has another pattern language per engine'),
  strftime: portable('Use year(), month() and day().', 'has another pattern language per engine'),
  to_char: portable('Use year(), month() and day().', 'has another pattern language per engine'),
  date: portable('Write cast(… as date).', 'is not on every engine'),
  try_cast: portable('Base tables are typed: cast, or compare as text.', 'becomes cast on Redshift'),
  generate_series: portable('Join base.dim_dates.', 'is not on every engine'),
  sequence: portable('Join base.dim_dates.', 'is not on every engine'),
};
