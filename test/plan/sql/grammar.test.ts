import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Dialect, parse } from '@polyglot-sql/sdk';
import { tsImport } from 'tsx/esm/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { bind, type Engine, render } from '../../../lib/plan/sql/index.ts';
import { PLAN } from '../../support/oracle-lake.ts';

// An oracle that is not the transpiler: ANTLR grammars of Trino and Spark. They warm up for seconds, so they live apart.
interface Grammar {
  validate(sql: string): readonly { readonly startLine: number; readonly message: string }[];
}
let trino: Grammar;
let spark: Grammar;

beforeAll(async () => {
  // Its modules name directories, which node does not resolve; tsx does.
  const grammars: { TrinoSQL: new () => Grammar; SparkSQL: new () => Grammar } = await tsImport(
    'dt-sql-parser',
    import.meta.url,
  );
  trino = new grammars.TrinoSQL();
  spark = new grammars.SparkSQL();
});

const sqlRoot = fileURLToPath(new URL('../../../sql/', import.meta.url));
const files = readdirSync(sqlRoot, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql') && !file.endsWith('.redshift.sql'))
  .map((file) => ({ file, text: readFileSync(join(sqlRoot, file), 'utf8') }));

const bound = (text: string, engine: Engine): string =>
  bind(render(text, engine), { table: (name) => name.replace('.', '_x.'), asOf: '2026-01-01' });

/** What the core allows, in one statement. */
const core = `with a as (
  select p.id, cast(date_trunc('month', p.timestamp) as date) as m, year(p.timestamp) as y, hour(p.timestamp) as h, p.a || 'x' as t,
    cast(floor(p.a) as bigint) as f, cast(p.d - interval '1' year as date) as d, substr(p.t, 1, 2) as s,
    row_number() over (partition by p.a order by p.b desc, p.id nulls first) as n,
    sum(p.a) over (partition by p.b order by p.id rows between unbounded preceding and current row) as r,
    lag(p.a) over (order by p.id) as l, cast(p.a as double) / nullif(p.b, 0) as q, avg(cast(p.a as double)) over () as v
  from base.purchase as p full join base.refund as x on x.id = p.id left join base.void as z on z.id = p.id
  where p.d > :as_of - interval '6' day and p.t like 'a%' and p.x not in (1, 2) and not p.yes
    and not exists (select v.id from base.void as v where v.parent_id = p.id)
)
select a.id, percent(a.f, a.y) as p, count(distinct a.m) as c, cast(sum(a.f) as decimal(38, 2)) as u
from a group by a.id, a.f, a.y having count(*) > 1
union all select 'x' as id, cast(null as decimal(9, 2)) as p, 1 as c, 2.5 as u
order by id desc limit 3`;

describe.each([{ file: 'the core in one statement', text: core }, ...files])('$file', ({ text }) => {
  it('is Trino SQL for Athena', () => {
    expect(trino.validate(bound(text, 'athena'))).toEqual([]);
  });
  it('is Spark SQL for Spark', () => {
    expect(spark.validate(bound(text, 'spark'))).toEqual([]);
  });
  it('is Redshift SQL to the transpiler, for want of a grammar', () => {
    expect(parse(bound(text, 'redshift'), Dialect.Redshift)).toMatchObject({ success: true });
  });
});

describe.each(
  PLAN.tables.flatMap(({ name, feature, making }) => (feature && making.kind === 'select' ? [{ name, making }] : [])),
)('$name with the points of a day', ({ making }) => {
  const sql = (engine: Engine) =>
    bind(making.select[engine], { table: (name) => name.replace('.', '_x.'), asOf: '2026-01-01' });
  it('is Trino and Spark SQL', () => {
    expect(trino.validate(sql('athena'))).toEqual([]);
    expect(spark.validate(sql('spark'))).toEqual([]);
  });
});

it('the grammars do refuse what is wrong', () => {
  expect(trino.validate('select a.x as x frm t as a where')).not.toEqual([]);
  expect(trino.validate("select x from t where d > e + interval '6 days'::text")).not.toEqual([]);
  expect(spark.validate('select "x from t')).not.toEqual([]);
});
