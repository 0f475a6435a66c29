import { describe, expect, it } from 'vitest';
import { formatFinding, lint } from '../../../lib/plan/sql/index.ts';

const codes = (sql: string): readonly string[] => lint(sql, 'x.sql', { kind: 'fragment' }).map(({ code }) => code);
const from = 'from base.purchase as p';

describe('lint accepts the portable core', () => {
  const accepted: readonly string[] = [
    `select p.id ${from}`,
    `select distinct p.id ${from}`,
    `select count(*) as n, count(distinct p.id) as d, min(p.id) as a, max(p.id) as z ${from}`,
    `select p.id, sum(p.amount) as s ${from} group by p.id having count(*) > 1`,
    `select avg(cast(p.amount as double)) as a ${from}`,
    `select cast(cast(floor(cast(p.a as double) / 3 * 100 + 0.5) as decimal(18, 0)) * 0.01 as decimal(18, 2)) as r ${from}`,
    `select cast(p.a as double) / nullif(p.b, 0) as q, p.a / cast(2 as double) as h ${from}`.replace(
      'p.a / cast(2 as double)',
      'cast(p.a as double) / 2',
    ),
    `select coalesce(p.a, 0) as a, nullif(p.a, 0) as b, abs(p.a) as c, -p.a as d, p.a + p.b * 2 - 1 as e ${from}`,
    `select lower(p.a) as a, upper(p.a) as b, length(p.a) as c, substr(p.a, 1, 3) as d, p.a || 'x' as e ${from}`,
    `select cast(floor(p.a) as bigint) as a, cast(floor(p.a) as decimal(9, 0)) as b ${from}`,
    `select cast(date_trunc('month', p.timestamp) as date) as m, year(p.timestamp) as y, hour(p.timestamp) as h ${from}`,
    `select cast(p.d - interval '1' year as date) as d ${from} where p.d >= :as_of - interval '6' day`,
    `select p.id ${from} where p.d between :as_of - interval '1' month and :as_of`,
    `select p.id ${from} where p.seen - p.before > interval '30' minute`,
    `select p.id ${from} where p.d = date '2026-01-01' and not p.b and p.c is not null and p.e in ('a', 'b')`,
    `select p.id ${from} where p.id like 'a%' and p.id not like '%z' and p.a not in (1, 2)`,
    `select p.id ${from} where not exists (select v.id from base.void as v where v.parent_id = p.id)`,
    `select p.id ${from} where p.id in (select v.parent_id from base.void as v)`,
    `select case when p.a > 1 then 'many' else null end as a, case p.a when 1 then 'one' end as b ${from}`,
    `select p.id ${from} left join base.refund as r on r.parent_id = p.id cross join base.void as v`,
    `select p.id ${from} full join base.refund as r on r.parent_id = p.id and r.a = p.a`,
    `select p.id, row_number() over (partition by p.a order by p.b desc, p.id nulls first) as n ${from}`,
    `select lag(p.a) over (order by p.id) as a, lead(p.a, 2) over (order by p.id) as b ${from}`,
    `select sum(p.a) over (partition by p.b) as s, count(p.a) over (order by p.id rows between unbounded preceding and current row) as c ${from}`,
    `select p.id ${from} order by p.id desc limit 10`,
    `select sum(p.a) over (order by p.id rows between 1 preceding and 2 following) as s ${from}`,
    `select p.id ${from} group by p.id order by p.id asc nulls last`,
    `select p.id ${from} union all select r.id from base.refund as r`,
    `select p.id ${from} union select r.id from base.refund as r order by id`,
    `select p.id ${from} except select r.id from base.refund as r`,
    `with a as (select p.id, p.a + 1 as b ${from}), c as (select a.id, a.b from a) select c.b, percent(c.b, c.b) as q from c`,
    `select s.n from (select count(*) as n ${from}) as s`,
    `select (select max(r.a) as m from base.refund as r) as m ${from}`,
    `select cast(cast(p.a as bigint) as varchar) as t ${from}`.replace(
      'cast(p.a as bigint)',
      'cast(count(*) as bigint)',
    ),
    `select -- first\n  p.id, -- second\n  p.a -- third\n${from} -- fourth\nwhere p.a > 1 -- fifth\n  and p.b -- sixth`,
    `select cast(p.a as decimal(12, 2)) as d, true as yes, 'it''s' as t, 1.5 as n ${from}`,
    `select :as_of as day ${from}`,
    `-- a comment with Upper, "quotes", :x and now()\nselect p.id ${from}`,
  ];
  it.each(accepted)('%s', (sql) => {
    expect(lint(sql, 'x.sql', { kind: 'fragment' }).map(formatFinding)).toEqual([]);
  });
});

describe('lint refuses what means something else elsewhere', () => {
  const refused: readonly (readonly [code: string, suggestion: RegExp, sql: string])[] = [
    ['qualify', /row_number\(\) in a step/, `select p.id ${from} qualify row_number() over (order by p.id) = 1`],
    ['construct', /base table/, `select p.id, unnest(p.tags) as tag ${from}`],
    ['construct', /base table/, `select p.id ${from} cross join unnest(p.tags) as u(tag)`],
    ['function', /Keep the rows apart/, `select array_agg(p.id order by p.a) as ids ${from}`],
    ['function', /Keep the rows apart/, `select listagg(p.id, ',') as ids ${from}`],
    ['function', /in \(…\) or exists/, `select contains(p.tags, 'x') as b ${from}`],
    ['function', /row_number\(\)/, `select arg_max(p.id, p.a) as b ${from}`],
    ['function', /row_number\(\)/, `select max_by(p.id, p.a) as b ${from}`],
    ['function', /middle/, `select median(p.a) as b ${from}`],
    ['function', /place/, `select quantile_cont(p.a, 0.5) as b ${from}`],
    ['function', /place/, `select approx_percentile(p.a, 0.5) as b ${from}`],
    ['function', /interval '6' day/, `select date_add('day', 1, p.d) as b ${from}`],
    ['function', /compare gaps/, `select date_diff('day', p.d, p.e) as b ${from}`],
    ['division', /nullif/, `select p.a / p.b as q ${from}`],
    ['division', /cast\(a as double\)/, `select 1 / 2 as q ${from}`],
    ['division', /nullif/, `select cast(p.a as double) / p.b as q ${from}`],
    ['division', /nullif/, `select cast(p.a as double) / 0 as q ${from}`],
    ['average', /cast\(x as double\)/, `select avg(p.amount) as a ${from}`],
    ['function', /\|\|/, `select concat(p.a, p.b) as c ${from}`],
    ['function', /case when/, `select greatest(p.a, p.b) as c ${from}`],
    ['function', /case when/, `select least(p.a, p.b) as c ${from}`],
    ['function', /like or substr/, `select regexp_extract(p.a, 'x') as c ${from}`],
    ['time-zone', /UTC/, `select p.timestamp at time zone 'UTC' as c ${from}`],
    ['current-time', /:as_of/, `select current_date as d ${from}`],
    ['current-time', /:as_of/, `select p.id ${from} where p.t < current_timestamp`],
    ['function', /:as_of/, `select now() as d ${from}`],
    ['select-star', /List the columns/, `select * ${from}`],
    ['select-star', /List the columns/, `select p.* ${from}`],
    ['function', /count\(case/, `select count_if(p.a > 1) as n ${from}`],
    ['sum-case', /count\(case/, `select sum(case when p.a > 1 then 1 else 0 end) as n ${from}`],
    ['filter', /count\(case/, `select count(*) filter (where p.a > 1) as n ${from}`],
    ['construct', /core-tree/, `select p.id ${from} where p.a is distinct from p.b`],
    ['lambda', /base table/, `select transform(p.a, x -> x + 1) as n ${from}`],
    ['function', /percent/, `select round(100.0 * p.a, 2) as n ${from}`],
    ['function', /hash_key/, `select md5(p.id) as n ${from}`],
    ['cast', /without a cast/, `select cast(p.timestamp as varchar) as n ${from}`],
    ['cast', /floor/, `select cast(p.amount as bigint) as n ${from}`],
    ['cast', /bigint/, `select cast(p.amount as integer) as n ${from}`],
    ['cast', /decimal\(p, s\)/, `select cast(p.amount as decimal) as n ${from}`],
    ['cast', /date, double/, `select cast(p.d as timestamp) as n ${from}`],
    ['ignore-nulls', /count\(\) and max\(\)/, `select last_value(p.a) ignore nulls over (order by p.id) as n ${from}`],
    ['limit', /total order/, `select p.id ${from} limit 10`],
    ['order', /final select/, `with a as (select p.id ${from} order by p.id) select a.id from a`],
    ['double-colon', /cast\(x as type\)/, `select p.a::int as n ${from}`],
    ['quoted', /without quotes/, `select p."a" as n ${from}`],
    ['quoted', /without quotes/, 'select p.`a` as n from base.purchase as p'],
    ['group-alias', /List the columns/, `select p.id, count(*) as n ${from} group by all`],
    ['group-alias', /List the columns/, `select p.id ${from} group by distinct p.id`],
    ['group-alias', /step before/, `select year(p.t) as y, count(*) as n ${from} group by y`],
    ['ordinal', /Name the column/, `select p.id ${from} group by 1`],
    ['ordinal', /Name the column/, `select p.id ${from} order by 1`],
    ['lateral-alias', /step before/, `select p.a + 1 as b, b + 1 as c ${from}`],
    ['lateral-alias', /step before/, `select p.a + 1 as b ${from} where b > 1`],
    ['lateral-alias', /step before/, `select p.k, count(*) as n ${from} group by p.k having n > 1`],
    ['select-star', /List the columns/, `select * exclude (id) ${from}`],
    ['construct', /row_number\(\)/, `select p.id ${from} asof join base.refund as r on r.t >= p.t`],
    ['interval', /cast\(d/, `select p.d - interval '1' year as d ${from}`],
    ['interval', /interval '6' day/, `select p.id ${from} where p.d > p.e + interval 6 day`],
    ['interval', /interval '6' day/, `select p.id ${from} where p.d > p.e + interval '6 days'`],
    ['date-trunc', /as date/, `select date_trunc('month', p.t) as m ${from}`],
    ['date-trunc', /as date/, `select cast(date_trunc('hour', p.t) as date) as m ${from}`],
    ['floor', /as bigint/, `select floor(p.a) as m ${from}`],
    ['date-literal', /date '2026/, `select p.id ${from} where p.d > '2026-01-01'`],
    ['typed-literal', /date literal/, `select p.id ${from} where p.t > timestamp '2026-01-01 00:00:00'`],
    ['parameter', /:as_of/, `select p.id ${from} where p.t > :since`],
    ['not-in', /not exists/, `select p.id ${from} where p.id not in (select v.id from base.void as v)`],
    ['not-in', /not exists/, `select p.id ${from} where not p.id in (select v.id from base.void as v)`],
    ['join', /on a.x = b.x/, `select p.id ${from} join base.void as v using (id)`],
    ['join', /on a.x = b.x/, `select p.id ${from} natural join base.void as v`],
    ['join', /left join/, `select p.id ${from} right join base.void as v on v.id = p.id`],
    ['join', /cross join/, `select p.id ${from}, base.void as v`],
    ['join', /on a.x = b.x/, `select p.id ${from} join base.void as v`],
    ['redshift', /redshift\.sql/, `select p.id ${from} full join base.void as v on v.a > p.a`],
    ['frame', /rows between/, `select sum(p.a) over (order by p.id) as s ${from}`],
    [
      'frame',
      /rows between/,
      `select sum(p.a) over (order by p.id range between 1 preceding and current row) as s ${from}`,
    ],
    ['window', /total order/, `select row_number() over (partition by p.a) as n ${from}`],
    ['window', /coalesce/, `select lag(p.a, 1, 0) over (order by p.id) as n ${from}`],
    ['window', /step before/, `select count(distinct p.a) over (partition by p.b) as n ${from}`],
    ['construct', /over \(…\)/, `select sum(p.a) over w as n ${from} window w as (partition by p.b)`],
    ['grouping', /union all/, `select p.a, count(*) as n ${from} group by rollup (p.a)`],
    ['recursive', /table/, `with recursive a as (select 1 as x) select a.x from a`],
    ['paging', /row_number/, `select p.id ${from} order by p.id offset 3`],
    ['construct', /key/, `select p.id from base.purchase as p tablesample bernoulli (10)`],
    ['like', /lower/, `select p.id ${from} where p.a ilike 'x%'`],
    ['like', /abc/, `select p.id ${from} where p.a like p.b`],
    ['backslash', /Leave it out/, `select p.id ${from} where p.a like 'x\\_%'`],
    ['substr', /1 or more/, `select substr(p.a, -2) as s ${from}`],
    ['substr', /1 or more/, `select substr(p.a, 0, 2) as s ${from}`],
    ['substr', /1 or more/, `select substr(p.a, 1.5) as s ${from}`],
    ['substr', /1 or more/, `select substr(p.a, '2') as s ${from}`],
    ['substr', /length as a literal/, `select substr(p.a, 2, -1) as s ${from}`],
    ['substr', /length as a literal/, `select substr(p.a, 1, length(p.a) - 1) as s ${from}`],
    ['window', /1 or more/, `select lag(p.a, -1) over (order by p.id) as n ${from}`],
    ['window', /1 or more/, `select lead(p.a, p.b) over (order by p.id) as n ${from}`],
    ['interval', /Compare it/, `select :as_of - p.d as n ${from}`],
    ['interval', /Compare it/, `select p.id ${from} order by p.d - date '2024-01-01'`],
    ['order', /qualify/, `select -p.n as n ${from} order by n + 1`],
    ['order', /qualify/, `select -p.n as n ${from} order by lower(p.a), (coalesce(n, 0))`],
    ['marker', /Leave it out/, `select p.id ${from} where p.a = '\${spark.app.name}'`],
    ['syntax', /plain digits/, `select p.a * 1_000 as n ${from}`],
    ['exponent', /digits/, `select p.a * 1e3 as n ${from}`],
    ['double', /floor/, `select cast(cast(p.a as double) / 8 as decimal(9, 2)) as n ${from}`],
    ['double', /floor/, `select cast(coalesce(avg(cast(p.a as double)), 0) as decimal(9, 2)) as n ${from}`],
    ['double', /floor/, `select cast(max(cast(p.a as double)) over (partition by p.b) as bigint) as n ${from}`],
    [
      'double',
      /floor/,
      `with a as (select cast(p.a as double) as x ${from}), b as (select a.x * 2 as y from a) select cast(b.y as decimal(9, 2)) as n from b`,
    ],
    ['alias', /as before/, `select p.amount frm ${from}`],
    ['alias', /as before/, `select p.amount from base.purchase p`],
    ['alias', /Give the table/, `select purchase.id from base.purchase`],
    ['unnamed', /as name/, `select count(*) ${from}`],
    ['duplicate', /Rename/, `select p.id, p.a as id ${from}`],
    ['untyped-null', /cast\(null/, `select null as x ${from}`],
    ['reserved', /rename/, `select p.a as "order" ${from}`.replaceAll('"', '')],
    ['reserved', /Qualify/, `select timestamp as t ${from}`],
    ['unqualified', /layer\.table/, `select p.id from purchase as p`],
    ['syntax', /Remove/, `select p.id, ${from}`],
    ['one-select', /semicolon/, `select p.id ${from};`],
    ['one-select', /semicolon/, `select p.id ${from}; select 1 as x`],
    ['not-a-select', /only reads|Write a select/, `delete from base.purchase`],
    ['lower-case', /select/, `SELECT p.id ${from}`],
    ['name', /Rename/, `select p.id as as_of_ ${from}`],
    ['marker', /plan|Leave/, `select p.id as x from {{base.purchase}} as p`],
    ['marker', /comments/, `-- {{as_of}}\nselect p.id ${from}`],
    ['comment', /--/, `/* hello */ select p.id ${from}`],
    ['modulo', /floor/, `select p.a % 2 as m ${from}`],
    ['macro', /step before/, `select percent(count(*), count(p.a)) as q ${from}`],
    ['macro', /Part of whole/, `select percent(p.a) as q ${from}`],
    ['function', /The core has count/, `select soundex(p.a) as q ${from}`],
    ['null-comparison', /is null/, `select p.id ${from} where p.a = null`],
    ['null-comparison', /is null/, `select p.id ${from} where p.a in (1, null)`],
    ['function', /The core has/, `select cast(p.a as numeric(9, 2)) as n ${from}`],
    ['syntax', /Begin with select/, `${from} select p.id`],
    ['syntax', /Begin with select/, `with a as (${from} select p.id) select a.id from a`],
    ['construct', /== is not SQL/, `select p.id ${from} where p.a == 1`],
    ['typed-literal', /plain/, `select p.id ${from} where p.a = e'x'`],
    ['typed-literal', /plain/, `select p.id ${from} where p.a = 'x' 'y'`],
    ['typed-literal', /plain/, `select p.id ${from} where p.a = x'00'`],
    ['depth', /step of its own/, `select ${'('.repeat(15)}p.a${')'.repeat(15)} as q ${from}`],
    ['syntax', /exactly one|one select/, `select p.id fromm base.purchase as p where`],
  ];
  it.each(refused)('%s: %s', (code, suggestion, sql) => {
    const finding = lint(sql, 'x.sql', { kind: 'fragment' }).find((one) => one.code === code);
    expect(finding, `${sql}\nfound: ${codes(sql)}`).toBeDefined();
    expect(`${finding?.message} ${finding?.suggestion}`).toMatch(suggestion);
  });

  it('says where', () => {
    const [finding] = lint(
      '-- one row per x\n-- grain: x\nselect p.id,\n  now() as t\nfrom base.purchase as p',
      'a.sql',
    );
    expect(finding).toMatchObject({ file: 'a.sql', line: 4, column: 3, code: 'function' });
  });

  it('counts columns after a character outside the basic plane', () => {
    const sql = "select '😀' as a, p.a / p.b as q from base.purchase as p";
    expect(lint(sql, 'x.sql', { kind: 'fragment' })[0]).toMatchObject({
      code: 'division',
      column: sql.indexOf('p.a') + 1,
    });
  });

  it('counts lines and columns after comments', () => {
    const sql = '-- a comment\nselect p.a, -- another\n  p.a / p.b as q from base.purchase as p';
    expect(lint(sql, 'x.sql', { kind: 'fragment' })[0]).toMatchObject({ code: 'division', line: 3, column: 3 });
  });

  it('refuses every option that is not listed, even where the parser takes it', () => {
    expect(codes(`select p.id ${from} order by p.id fetch first 3 rows only`)).toContain('paging');
    expect(codes(`select sum(distinct p.a) as s ${from}`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} where p.a is true`)).toEqual(['construct']);
    expect(codes(`select p.a[1] as x ${from}`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} where p.a between symmetric 1 and 2`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} intersect all select p.id ${from}`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} where p.a = any (select r.a from base.refund as r)`)).toEqual(['construct']);
    expect(codes(`select count(distinct p.a, p.b) as n ${from}`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} where p.a like 'x' escape '!'`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} where p.a = 'x' collate nocase`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} order by p.id limit 50 percent`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} order by p.id with fill`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} group by p.id with totals`)).toEqual(['construct']);
    expect(codes(`select p.id ${from} order siblings by p.id`)).toEqual(['construct']);
    expect(codes('select p.id from only base.purchase as p')).toEqual(['construct']);
  });
});

describe('lint of a model file', () => {
  const header = '-- one row per purchase.\n-- grain: id\n';
  it('wants the header', () => {
    expect(lint(`select p.id ${from}`, 'x.sql').map(({ message }) => message)).toEqual([
      'The header lacks "-- one row per …".',
      'The header lacks "-- grain: …".',
    ]);
  });
  it('wants sums that leave the model to have a settled type', () => {
    const bare = lint(`${header}select sum(p.a) as s, coalesce(sum(p.b), 0) as t ${from}`, 'x.sql');
    expect(bare.map(({ code }) => code)).toEqual(['sum-type', 'sum-type']);
    expect(lint(`${header}select cast(sum(p.a) as decimal(38, 2)) as s ${from}`, 'x.sql')).toEqual([]);
  });
  it('knows the tables and columns that it is given, and proposes the nearest', () => {
    const tables = { 'base.purchase': ['id', 'amount'], 'base.void': ['id', 'parent_id'] };
    const sql = `${header}select p.amnt, q.id from base.purchase as p inner join base.purchse as q on q.id = p.id`;
    expect(lint(sql, 'x.sql', { tables }).map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ['unknown-column', 'Did you mean amount?'],
      ['unknown-table', 'Did you mean base.purchase?'],
    ]);
  });
  it('lets an alias mean another table in an inner select', () => {
    const tables = { 'base.purchase': ['id'], 'base.void': ['parent_id'] };
    const sql = `${header}select p.id from base.purchase as p where exists (select p.parent_id from base.void as p)`;
    expect(lint(sql, 'x.sql', { tables })).toEqual([]);
  });
  it('leaves Redshift rules to the override that stands beside the file', () => {
    const sql = `${header}select p.id ${from} full join base.void as v on v.a > p.a`;
    expect(lint(sql, 'x.sql').map(({ code }) => code)).toEqual(['redshift']);
    expect(lint(sql, 'x.sql', { overridden: ['redshift'] })).toEqual([]);
  });
  it('reports an unclosed quote at its place', () => {
    expect(lint(`${header}select 'a ${from}`, 'x.sql')).toMatchObject([{ line: 3, column: 8, code: 'syntax' }]);
  });
});
