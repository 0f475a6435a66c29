import type { Complaint } from './finding.ts';

const word = (code: string, message: string, suggestion: string): Complaint => ({ code, message, suggestion });
const AS_OF = word('current-time', 'The clock makes a run that cannot be repeated.', 'Use the parameter :as_of.');
const GROUPS = word('grouping', 'Grouping sets are not in the core.', 'Group in a step each and union all.');
const ROWS = word('construct', 'Rows made in the query are not in the core.', 'Keep them in a base table.');
const PAGE = word('paging', 'offset and fetch stand elsewhere per engine.', 'Number rows with row_number() in a step.');
const JOIN = word('join', 'The join columns are implied, and merge differently.', 'Write join … on a.x = b.x.');
const NULLS = word(
  'ignore-nulls',
  'ignore nulls has another place per engine.',
  'Carry forward with count() and max().',
);

/** Words that begin something outside the core, wherever they stand (not after a dot, not as an output name). */
export const REFUSED_WORDS: Readonly<Record<string, Complaint>> = {
  qualify: word('qualify', 'qualify is not in Athena.', 'Rank with row_number() in a step and filter in the next.'),
  filter: word('filter', 'filter (where …) is not in Redshift.', 'Write count(case when … then 1 end).'),
  within: word('construct', 'within group is not in the core.', 'Rank with row_number() in a step of its own.'),
  current_date: AS_OF,
  current_timestamp: AS_OF,
  current_time: AS_OF,
  localtime: AS_OF,
  localtimestamp: AS_OF,
  zone: word('time-zone', 'at time zone is naive local time on DuckDB.', 'All timestamps are UTC: leave it out.'),
  unnest: word('construct', 'unnest drops columns when transpiled.', 'Keep lists as rows of a base table.'),
  lateral: word('construct', 'lateral is not on every engine.', 'Use a step and a join.'),
  asof: word('construct', 'asof joins are DuckDB only.', 'Rank candidates with row_number() and keep row 1.'),
  positional: word('construct', 'positional joins are DuckDB only.', 'Join on a key.'),
  exclude: word('select-star', 'exclude is not in Athena.', 'List the columns.'),
  pivot: word('construct', 'pivot is not in the core.', 'Write count(case when … then 1 end) per column.'),
  unpivot: word('construct', 'unpivot is not in the core.', 'Write a select per column and union all.'),
  rollup: GROUPS,
  cube: GROUPS,
  grouping: GROUPS,
  values: ROWS,
  tablesample: word('construct', 'A sample differs at each run.', 'Filter on a key.'),
  offset: PAGE,
  fetch: PAGE,
  natural: JOIN,
  using: JOIN,
  recursive: word(
    'recursive',
    'Spark 3.5 has no recursion and Athena stops at depth 10.',
    'Keep the closure in a table.',
  ),
  window: word('construct', 'Named windows are not in Redshift.', 'Write over (…) in full.'),
  ignore: NULLS,
  respect: NULLS,
  ilike: word('like', 'ilike is not in Athena.', 'Write lower(x) like …'),
  similar: word('like', 'similar to is not in Athena.', 'Use like.'),
  glob: word('like', 'glob is DuckDB only.', 'Use like.'),
  array: word('construct', 'Lists are not in the core.', 'Keep lists as rows of a base table.'),
  insert: word('not-a-select', 'A model only reads.', 'Write a select; the plan writes the table.'),
  create: word('not-a-select', 'A model only reads.', 'Write a select; the plan writes the table.'),
  delete: word('not-a-select', 'A model only reads.', 'Write a select; the plan writes the table.'),
  update: word('not-a-select', 'A model only reads.', 'Write a select; the plan writes the table.'),
  merge: word('not-a-select', 'A model only reads.', 'Write a select; the plan writes the table.'),
};

/** Operators outside the core. */
export const REFUSED_OPERATORS: Readonly<Record<string, Complaint>> = {
  '::': word('double-colon', ':: casts are not in Athena.', 'Write cast(x as type).'),
  '->': word('lambda', 'Lambdas are not in the core.', 'Keep lists as rows of a base table.'),
  '->>': word('lambda', 'JSON arrows are not in the core.', 'Let the contract read the field.'),
  '=>': word('lambda', 'Named arguments are not in the core.', 'Pass by position.'),
  '[': word('construct', 'Lists are not in the core.', 'Keep lists as rows of a base table.'),
  '{': word('construct', 'Braces are not in the core.', 'Let the contract read the field.'),
  '{{': word('marker', 'Markers are made by the plan.', 'Name the table, as base.purchase.'),
  '%': word('modulo', '% differs for zero.', 'Compare with floor in a cast.'),
  ';': word('one-select', 'A file holds one select.', 'Remove the semicolon.'),
  '?': word('parameter', 'Positional parameters are not in the core.', 'Use :as_of.'),
  '==': word('construct', '== is not SQL.', 'Write =.'),
};

/** Words that some engine reserves: not usable as a bare name. After a dot, or as an output name, they are fine. */
export const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any as asc authorization between both case cast check collate column constraint create cross
   cube current date default deferrable delete desc describe distinct do drop else end escape except execute exists
   explain extract false fetch for foreign from full grant group having in inner insert intersect into is isnull join
   language leading left like limit localtime minus natural new not notnull null off offset old on only open or order
   outer over overlaps partition placing primary qualify recursive references right rollup select session_user similar
   snapshot some sysdate system table tag then time timestamp to top trailing true uescape union unique unnest unpivot
   user using values verbose void wallet when where window with without`
    .split(/\s+/)
    .filter((reserved) => reserved !== 'void'),
);

/** Words that may stand before `(` without being a call. */
export const SYNTAX_WORDS: ReadonlySet<string> = new Set(
  'all and any as between by case distinct else except exists from having in intersect is join like limit not on or over partition select some then union when where with'.split(
    ' ',
  ),
);
