import { describe, expect, it } from 'vitest';
import { parseModel, SqlError } from '../../../lib/plan/sql/index.ts';

describe('parseModel names the tables that are read', () => {
  const cases: readonly (readonly [what: string, references: readonly string[], sql: string])[] = [
    ['in from and join', ['base.a', 'mart.b'], 'select a.x from base.a as a left join mart.b as b on b.x = a.x'],
    [
      'once, sorted',
      ['base.a', 'base.b'],
      'select b.x from base.b as b join base.a as a on a.x = b.x join base.b as c on c.x = a.x',
    ],
    [
      'in exists',
      ['base.a', 'base.b'],
      'select a.x from base.a as a where not exists (select 1 as one from base.b as b)',
    ],
    ['in in', ['base.a', 'base.b'], 'select a.x from base.a as a where a.x in (select b.x from base.b as b)'],
    [
      'in a scalar subquery',
      ['base.a', 'base.b'],
      'select (select max(b.x) as m from base.b as b) as m from base.a as a',
    ],
    ['in a derived table', ['base.a'], 'select s.x from (select a.x from base.a as a) as s'],
    [
      'in a join condition',
      ['base.a', 'base.b', 'base.c'],
      'select a.x from base.a as a join base.b as b on b.x in (select c.x from base.c as c)',
    ],
    [
      'in having',
      ['base.a', 'base.b'],
      'select a.x from base.a as a group by a.x having count(*) > (select max(b.n) as n from base.b as b)',
    ],
    [
      'in every part of a union',
      ['base.a', 'base.b', 'base.c'],
      'select a.x from base.a as a union all select b.x from base.b as b union select c.x from base.c as c',
    ],
    [
      'not its steps',
      ['base.a'],
      'with s as (select a.x from base.a as a), t as (select s.x from s) select t.x from t join s on s.x = t.x',
    ],
    [
      'a step that hides a table of its name',
      ['base.purchase'],
      'with purchase as (select p.x from base.purchase as p) select purchase.x from purchase',
    ],
    [
      'a hidden name that is qualified',
      ['base.a', 'base.purchase'],
      'with purchase as (select a.x from base.a as a) select p.x from purchase as p join base.purchase as q on q.x = p.x',
    ],
    [
      'a step of an inner with, only there',
      ['base.a', 'base.b'],
      'with s as (with t as (select a.x from base.a as a) select t.x from t) select s.x from s join base.b as b on b.x = s.x',
    ],
    [
      'a step seen from a subquery',
      ['base.a', 'base.b'],
      'with s as (select a.x from base.a as a) select b.x from base.b as b where exists (select 1 as one from s where s.x = b.x)',
    ],
    [
      'steps of a union',
      ['base.a'],
      'with s as (select a.x from base.a as a) select s.x from s union all select s.x from s',
    ],
    ['none', [], 'select 1 as x'],
  ];
  it.each(cases)('%s', (_what, expected, sql) => {
    expect(parseModel(sql, 'x.sql').references).toEqual(expected);
  });

  it('refuses a bare name outside the step that makes it', () => {
    const sql = 'with s as (with t as (select a.x from base.a as a) select t.x from t) select t.x from t';
    expect(() => parseModel(sql, 'x.sql')).toThrow(/x\.sql:1:87 unqualified: t is neither/);
  });
  it('refuses a step that is read before it is made', () => {
    expect(() => parseModel('with a as (select b.x from b), b as (select 1 as x) select a.x from a', 'x.sql')).toThrow(
      /unqualified: b /,
    );
  });
  it('takes the name inside a step of that name for a table, which is unqualified', () => {
    expect(() => parseModel('with a as (select a.x from a) select a.x from a', 'x.sql')).toThrow(
      /x\.sql:1:28 unqualified/,
    );
  });
});

describe('parseModel reads the rest', () => {
  it('gives columns in order, parameters and the first sentence of the header', () => {
    const sql = [
      '-- one row per purchase, with',
      '-- its amount. A second sentence.',
      '-- grain: id',
      'select p.id, :as_of as day, p.amount + 1 as more -- not :this',
      "from base.purchase as p where p.text = ':nor_this'",
    ].join('\n');
    expect(parseModel(sql, 'x.sql')).toEqual({
      references: ['base.purchase'],
      parameters: ['as_of'],
      columns: ['id', 'day', 'more'],
      description: 'one row per purchase, with its amount',
    });
  });
  it('names the columns of a union after its first part', () => {
    const sql = 'select a.x as y, a.z from base.a as a union all select 1 as p, 2 as q union all select 3 as r, 4 as s';
    expect(parseModel(sql, 'x.sql').columns).toEqual(['y', 'z']);
  });
  it('has neither parameters nor description where there are none', () => {
    expect(parseModel('select 1 as x', 'x.sql')).toMatchObject({ parameters: [], description: '' });
  });
});

describe('parseModel refuses', () => {
  const cases: readonly (readonly [code: string, line: number, column: number, sql: string])[] = [
    ['syntax', 2, 3, 'select 1 as x\n  fromm where'],
    ['syntax', 1, 8, "select 'x"],
    ['one-select', 1, 1, 'select 1 as x; select 2 as y'],
    ['one-select', 1, 1, '-- nothing'],
    ['parameter', 1, 8, 'select :since as x'],
    ['unnamed', 1, 12, 'select max(a.x) from base.a as a'],
    ['unqualified', 1, 17, 'select a.x from a'],
    ['unknown-table', 1, 17, 'select a.x from base.zzz as a'],
    ['unknown-column', 1, 8, 'select a.zzz from base.a as a'],
  ];
  it.each(cases)('%s at %i:%i', (code, line, column, sql) => {
    try {
      parseModel(sql, 'x.sql', { 'base.a': ['x'] });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SqlError);
      expect(error).toMatchObject({ file: 'x.sql', code });
      if (code !== 'syntax') expect([(error as SqlError).line, (error as SqlError).column]).toEqual([line, column]);
      expect((error as SqlError).message).toContain((error as SqlError).suggestion);
    }
  });
});
