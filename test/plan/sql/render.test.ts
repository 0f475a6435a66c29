import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bind, ENGINES, render, renderModel } from '../../../lib/plan/sql/index.ts';

const flat = (sql: string): string => sql.replace(/\s+/g, ' ').trim();
const lower = (sql: string): string => flat(sql).toLowerCase();

describe('render', () => {
  it("leaves the author's text to Athena but for tables, parameter and macros", () => {
    const sql = [
      '-- one row per x: base.purchase stays in a comment, and :as_of too',
      "select p.id,   'base.purchase :as_of' as t, :as_of as d",
      'from base . purchase as p -- why',
      'where p.d > :as_of',
    ].join('\n');
    expect(render(sql, 'athena')).toBe(
      [
        '-- one row per x: base.purchase stays in a comment, and :as_of too',
        "select p.id,   'base.purchase :as_of' as t, {{as_of}} as d",
        'from {{base.purchase}} as p -- why',
        'where p.d > {{as_of}}',
      ].join('\n'),
    );
  });

  const marks: readonly (readonly [what: string, sql: string, markers: readonly string[]])[] = [
    ['every mention', 'select a.x from base.t as a join base.t as b on b.x = a.x', ['base.t', 'base.t']],
    ['subqueries', 'select a.x from base.t as a where exists (select 1 as o from mart.u as u)', ['base.t', 'mart.u']],
    ['not the steps', 'with t as (select a.x from base.t as a) select t.x from t', ['base.t']],
    [
      'more than ten',
      `select t.x from base.t as t${[...Array(11).keys()].map((n) => ` cross join base.u${n} as u${n}`).join('')}`,
      ['base.t', ...[...Array(11).keys()].map((n) => `base.u${n}`)],
    ],
    [
      'the as-of date',
      "select :as_of as d from base.t as t where t.d > :as_of - interval '1' day",
      ['as_of', 'base.t', 'as_of'],
    ],
    ['upper case', 'SELECT A.X FROM BASE.T AS A', ['base.t']],
  ];
  for (const engine of ENGINES) {
    it.each(marks)(`marks %s for ${engine}`, (_what, sql, markers) => {
      expect([...render(sql, engine).matchAll(/\{\{(.*?)\}\}/g)].map(([, name]) => name)).toEqual(markers);
    });
  }

  it('puts nulls last on every engine, in windows too', () => {
    const sql = 'select a.x, rank() over (order by a.y desc) as r from base.t as a order by a.x, a.y desc';
    expect(lower(render(sql, 'duckdb'))).toContain(
      'over (order by a.y desc) as r from {{base.t}} as a order by a.x, a.y desc',
    );
    expect(lower(render(sql, 'spark'))).toContain('order by a.x nulls last, a.y desc');
    expect(lower(render(sql, 'redshift'))).toContain('over (order by a.y desc nulls last) as r');
    expect(lower(render(sql, 'redshift'))).toContain('order by a.x, a.y desc nulls last');
  });

  const spelled: readonly (readonly [engine: 'duckdb' | 'spark' | 'redshift', trino: string, expected: string])[] = [
    ['redshift', 'select year(t.d) as y from base.t as t', 'cast(extract(year from t.d) as bigint) as y'],
    [
      'redshift',
      "select cast(t.d - interval '1' year as date) as y from base.t as t",
      "cast(t.d - interval '1 year' as date)",
    ],
    ['redshift', 'select cast(t.d as double) as y from base.t as t', 'cast(t.d as double precision)'],
    ['spark', "select t.a || 'x' as y from base.t as t", "concat(t.a, 'x')"],
    ['spark', 'select cast(max(t.d) as bigint) as y from base.t as t', 'cast(round(max(t.d)) as bigint) as y'],
    ['spark', 'select cast(2.5 as bigint) as y from base.t as t', 'cast(round(2.5) as bigint) as y'],
    ['spark', 'select cast(count(*) as bigint) as y from base.t as t', 'cast(count(*) as bigint) as y'],
    ['duckdb', 'select cast(max(t.d) as bigint) as y from base.t as t', 'cast(max(t.d) as bigint) as y'],
    ['spark', 'select cast(cast(t.d as date) as varchar) as y from base.t as t', 'as string)'],
    ['duckdb', 'select substr(t.a, 1, 2) as y from base.t as t', 'substring(t.a, 1, 2)'],
    ['duckdb', "select t.a from base.t as t where t.d = date '2026-01-01'", "t.d = cast('2026-01-01' as date)"],
  ];
  it.each(spelled)('spells %s: %s', (engine, trino, expected) => {
    expect(lower(render(trino, engine))).toContain(expected);
  });

  it('takes an override as written, but fills its tables, parameter and macros', () => {
    const text = 'select p.a as a from base.purchase as p';
    const redshift =
      "select p.a as a, ':as_of base.purchase' as t, percent(p.a, p.b) as q\nfrom base.purchase p where p.d < :as_of";
    const rendered = renderModel({ text, overrides: { redshift } }, 'redshift');
    expect(rendered).toContain("':as_of base.purchase' as t, case when p.b > 0");
    expect(rendered).toContain('from {{base.purchase}} p where p.d < {{as_of}}');
    expect(renderModel({ text, overrides: { redshift } }, 'spark')).toBe(render(text, 'spark'));
  });

  it('refuses what does not parse, and says where', () => {
    expect(() => render('select 1 as x\nfrom where', 'spark', 'a.sql')).toThrow(/^a\.sql:2:\d+ syntax/);
    expect(() => render('select 1 as x\nfrom where', 'athena', 'a.sql')).toThrow(/^a\.sql:2:\d+ syntax/);
  });
});

describe('bind', () => {
  const table = (name: string) => `lake."${name.replace('.', '__')}"`;
  it('fills tables and the as-of date', () => {
    expect(bind('select {{as_of}} as d from {{base.purchase}} as p', { table, asOf: '2026-01-31' })).toBe(
      `select date '2026-01-31' as d from lake."base__purchase" as p`,
    );
  });
  it('takes a table name with what a replacement pattern would read otherwise', () => {
    expect(bind('from {{base.t}}', { table: () => "read('$& $1')", asOf: null })).toBe("from read('$& $1')");
  });
  const refused: readonly (readonly [string, string | null, RegExp])[] = [
    ['select {{as_of}} as d', null, /no as-of date is given/],
    ['select {{other}} as d', '2026-01-01', /\{\{other\}\}/],
    ['select {{base.a.b}} as d', '2026-01-01', /expected \{\{layer\.table\}\}/],
    ['select 1', "2026-01-01' or 1=1", /expected YYYY-MM-DD/],
    ['select 1', '01.01.2026', /expected YYYY-MM-DD/],
    ['select 1', '2026-02-30', /expected YYYY-MM-DD/],
  ];
  it.each(refused)('refuses %s with %s', (template, asOf, message) => {
    const known = (name: string) => {
      if (!name.startsWith('base.')) throw new RangeError(`{{${name}}}`);
      return table(name);
    };
    expect(() => bind(template, { table: known, asOf })).toThrow(message);
  });
});

describe('for any model', () => {
  const name = fc.constantFrom('base.purchase', 'base.refund', 'mart.x', 'feature.long_name_1');
  const filter = fc.constantFrom(
    't.d <= :as_of',
    "t.d > cast(:as_of - interval '1' month as date)",
    "t.x = ':as_of'",
    'exists (select u.x from base.void as u where u.x = t.x)',
    't.x in (select u.x from mart.y as u)',
  );
  const model = fc.tuple(
    fc.array(name, { minLength: 1, maxLength: 4 }),
    fc.array(filter, { minLength: 1, maxLength: 3 }),
  );
  it('renders the same twice, and binding leaves no marker and no stand-in', () => {
    fc.assert(
      fc.property(model, ([names, filters]) => {
        const steps = names.map(
          (table, n) => `s${n} as (select t.x, t.d from ${table} as t where ${filters.join(' and ')})`,
        );
        const sql = `with ${steps.join(',\n')}\nselect s0.x from s0 order by s0.x`;
        for (const engine of ENGINES) {
          const template = render(sql, engine);
          expect(render(sql, engine)).toBe(template);
          const bound = bind(template, { table: (table) => `db.${table.replace('.', '_')}`, asOf: '2024-02-29' });
          expect(bound).not.toMatch(/\{\{|\}\}|as_of_|\btable\d+_\b/);
          for (const table of names) expect(bound).toContain(`db.${table.replace('.', '_')}`);
        }
      }),
      { numRuns: 20 },
    );
  });
});
