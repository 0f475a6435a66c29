import { describe, expect, it } from 'vitest';
import { PROBES } from '../../lib/parity/probes/index.ts';
import { lint } from '../../lib/plan/sql/index.ts';

const from = 'from base.purchase as p';

/** What transpilers are known to turn into other SQL without a word, and what engines read differently: none of it gets in. */
const REFUSED: readonly (readonly [what: string, sql: string])[] = [
  ['qualify moves the outer order', `select p.id ${from} qualify row_number() over (order by p.id) = 1 order by p.id`],
  ['unnest beside a column drops the column', `select p.id, unnest(p.tags) as tag ${from}`],
  ['array_agg loses its order', `select array_agg(p.id order by p.a) as ids ${from}`],
  ['contains is about lists, or about text', `select contains(p.tags, 'x') as b ${from}`],
  ...[
    'arg_max(p.id, p.a)',
    'max_by(p.id, p.a)',
    'approx_quantile(p.a, 0.5)',
    'approx_percentile(p.a, 0.5)',
    'quantile_cont(p.a, 0.5)',
    'median(p.a)',
    'range(1, 3)',
    'generate_series(1, 3)',
    'sequence(1, 3)',
    'to_days(p.a)',
    'len(p.tags)',
    'md5(p.id)',
    'sha256(p.id)',
    "regexp_replace(p.id, 'a', 'b', 'g')",
    "regexp_extract(p.id, 'a')",
    "regexp_like(p.id, 'a')",
    'struct_pack(a := p.a)',
    'json_parse(p.id)',
    'to_utf8(p.id)',
    "date_add('day', p.n, p.d)",
    "date_diff('hour', p.a, p.b)",
    "format_datetime(p.t, 'yyyy')",
    "date_format(p.t, '%Y')",
    "date_parse(p.id, '%Y')",
    "p.t at time zone 'UTC'",
    "to_char(p.t, 'YYYY')",
    'transform(p.a, x -> x + 1)',
    'map_agg(p.a, p.b)',
    'element_at(p.a, 1)',
    'reduce(p.a, 0, (s, x) -> s + x, s -> s)',
    'bitwise_and(p.a, p.b)',
    "from_unixtime(p.a) at time zone 'UTC'",
    'year_of_week(p.t)',
    'codepoint(p.a)',
    'url_extract_host(p.a)',
    'to_iso8601(p.t)',
    'corr(p.a, p.b)',
    'try_cast(p.a as bigint)',
    'count_if(p.a > 1)',
    "listagg(p.id, ',') within group (order by p.id)",
    'count(*) filter (where p.a > 1)',
    'p.a is distinct from p.b',
    'p.a / p.b',
    'p.a // p.b',
    '1 / 0',
    'avg(p.amount)',
    'sum(case when p.a > 1 then 1 else 0 end)',
    'concat(p.a, p.b)',
    'greatest(p.a, p.b)',
    'least(p.a, null)',
    "p.d - interval '1' year",
    'cast(p.t as varchar)',
    'cast(p.amount as bigint)',
    'round(100.0 * p.a / p.b, 2)',
    'last_value(p.a) ignore nulls over (order by p.id)',
    'current_date',
    'cast(cast(p.a as double) / 8 as decimal(9, 2))',
    'cast(max(cast(p.a as double)) as bigint)',
    'p.a * 1e3',
    'substr(p.id, 1, length(p.id) - 1)',
    `'\${spark.app.name}'`,
    ':as_of - p.d',
    'lag(p.a, -1) over (order by p.id)',
  ].map((expression) => [expression, `select ${expression} as x ${from}`] as const),
  ['exclude', `select * exclude (id) ${from}`],
  ['group by all', `select p.id, count(*) as n ${from} group by all`],
  ['asof', `select p.id ${from} asof join base.refund as r on r.t >= p.t`],
  ['a table as of a moment', "select p.id from base.purchase for timestamp as of timestamp '2024-01-01 00:00:00' as p"],
  ['merge', 'merge into base.purchase as p using base.void as v on v.id = p.id when matched then delete'],
  ['recursion', 'with recursive a as (select 1 as x) select a.x from a'],
  ['an aggregate in order by is lost to Spark', `select p.id, count(*) as n ${from} group by p.id order by count(*)`],
  ['an escape in a pattern', `select p.id ${from} where p.id like 'a!_%' escape '!'`],
  ['a default of lag', `select lag(p.a, 1, 0) over (order by p.id) as n ${from}`],
  ['not in with a null', `select p.id ${from} where p.id not in (select v.parent_id from base.void as v)`],
  ['an order reckoned from an output is one from a column elsewhere', `select -p.n as n ${from} order by n + 1`],
  ['union distinct is not read everywhere', `select p.id ${from} union distinct select p.a ${from}`],
];

describe('what breaks silently is refused by the lint', () => {
  it.each(REFUSED)('%s', (_what, sql) => {
    expect(lint(sql, 'x.sql', { kind: 'fragment' })).not.toEqual([]);
  });
});

/** What the core does take although engines differ by themselves: the rendering makes it equal, and a probe shows it on each. */
const SHOWN: readonly (readonly [what: string, probe: string])[] = [
  ['null goes last by default on some engines, first on others', 'an order puts null last, upwards and downwards'],
  ['the same in windows', 'numbers and ranks, null last'],
  ['the sum of integers is a huge integer, or overflows', 'sums are exact beyond 2^53 and in cents'],
  ['the type of floor', 'floor goes down, below zero too, of decimals and doubles'],
  ['the type of date_trunc', 'the first day of a year, quarter, month, week (Monday) and day'],
  [
    'a day moved by an interval becomes a moment',
    'days move by days, months and years, to the last day where a month is shorter',
  ],
  ['ignore nulls stands elsewhere', 'the last that is not null'],
  ['percentages round otherwise, and integers divide otherwise', 'a share in percent, half up, in whole numbers'],
  ['hashes take text or bytes, give bytes or digits', 'a key of content: SHA-256 of UTF-8 in lower case'],
  ['moments print otherwise', 'a moment as text, six digits always'],
  [
    'whole numbers of decimals are cut, or rounded',
    'a decimal becomes a whole number half away from zero, wherever it comes from',
  ],
  ['the same of totals', 'totals of decimals become whole numbers in the same way'],
  [
    'a tie of a double goes up, to the even one, or by how it is written',
    'a double becomes exact by floor: ties go up',
  ],
  ['a quote in a text', 'literals: text with a quote, numbers, a day, truth, and null in a choice'],
];

describe('what is rendered apart is shown on every engine', () => {
  it.each(SHOWN)('%s', (_what, shows) => {
    expect(PROBES.map((probe) => probe.shows)).toContain(shows);
  });
});
