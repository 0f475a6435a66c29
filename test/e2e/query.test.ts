import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateSample } from '../../lib/sample/index.ts';
import { runCli } from '../support/cli.ts';
import { lakehouse, temporaryFolder } from './program.ts';

describe('lakehouse query', () => {
  const folder = temporaryFolder();
  const lake = join(folder, 'lake');
  // Most of the cases are called in this process: the same code, without a start for each.
  const query = (sql: string, ...argv: string[]) => runCli(['query', sql, '--lake', lake, ...argv]);
  const json = async (sql: string, ...argv: string[]): Promise<string> => {
    const called = await query(sql, '--format', 'json', ...argv);
    expect(called, sql).toMatchObject({ code: 0, stderr: '' });
    return called.stdout;
  };
  const rows = async (sql: string, ...argv: string[]) =>
    JSON.parse(await json(sql, ...argv)) as Record<string, unknown>[];

  beforeAll(async () => {
    await generateSample({ out: join(folder, 'raw'), rows: 200, seed: 1, dirt: 0 });
    const argv = ['run', '-q', '--raw', join(folder, 'raw'), '--lake', lake, '--as-of', '2026-06-30'];
    expect(await runCli(argv)).toMatchObject({ code: 0, stderr: '' });
  });

  it.each<[string, string, string]>([
    [
      'integers within 2^53 as numbers',
      'select 9007199254740991 as x, -9007199254740991 as y',
      '{"x":9007199254740991,"y":-9007199254740991}',
    ],
    [
      'integers beyond as strings',
      'select 9007199254740992 as x, -9007199254740992 as y, cast(9223372036854775807 as bigint) as z',
      '{"x":"9007199254740992","y":"-9007199254740992","z":"9223372036854775807"}',
    ],
    ['counts as numbers', 'select count(*) as n from purchase', '{"n":200}'],
    [
      'decimals as strings with every digit',
      "select cast('1.10' as decimal(12, 2)) as a, cast('-0.0000000000000000000000000000000001' as decimal(38, 34)) as b, cast(0 as decimal(5, 2)) as c, cast('12345678901234567890123456789012345678' as decimal(38, 0)) as d",
      '{"a":"1.10","b":"-0.0000000000000000000000000000000001","c":"0.00","d":"12345678901234567890123456789012345678"}',
    ],
    ['a decimal literal as a decimal', 'select 1.50 as a', '{"a":"1.50"}'],
    ['dates as ISO 8601', "select date '2024-02-29' as d", '{"d":"2024-02-29"}'],
    [
      'times as ISO 8601',
      "select timestamp '2024-01-02 03:04:05' as a, timestamp '2024-01-02 03:04:05.123456' as b",
      '{"a":"2024-01-02T03:04:05","b":"2024-01-02T03:04:05.123456"}',
    ],
    ['a time with a zone in UTC', "select timestamp '2024-01-02 03:04:05 UTC' as a", '{"a":"2024-01-02T03:04:05Z"}'],
    [
      'booleans and null as themselves',
      'select true as t, false as f, cast(null as varchar) as n',
      '{"t":true,"f":false,"n":null}',
    ],
    ['floats as numbers', 'select 1.5e0 as f, cast(1 as double) / 3 as g', '{"f":1.5,"g":0.3333333333333333}'],
    ['text as it is', "select 'a\"b\\c' || chr(10) || 'ü€😀' as t", '{"t":"a\\"b\\\\c\\nü€😀"}'],
    ['arrays as arrays, by the same rules', 'select array[1, 9007199254740992] as a', '{"a":[1,"9007199254740992"]}'],
    [
      "rows by the names of their fields, which are Athena's where they have none",
      "select row(1, 'x') as r, cast(row(1, 'x') as row(a integer, b varchar)) as s, 3 as z",
      '{"r":{"field0":1,"field1":"x"},"s":{"a":1,"b":"x"},"z":3}',
    ],
    [
      'rows within arrays and rows',
      'select array_agg(row(x, row(1.50, null)) order by x) as a from (values 1, 2) as t (x)',
      '{"a":[{"field0":1,"field1":{"field0":"1.50","field1":null}},{"field0":2,"field1":{"field0":"1.50","field1":null}}]}',
    ],
    ['columns in select order', 'select 1 as z, 2 as a, 3 as m', '{"z":1,"a":2,"m":3}'],
    [
      'columns named as numbers in select order',
      'select 1 as "2", 2 as "1", 3 as "x", 4 as "0"',
      '{"2":1,"1":2,"x":3,"0":4}',
    ],
    [
      'columns of difficult names',
      'select 1 as "a""b", 2 as "__proto__", 3 as "ü ,"',
      '{"a\\"b":1,"__proto__":2,"ü ,":3}',
    ],
    ['columns of one name, the second numbered', 'select 1 as a, 2 as a', '{"a":1,"a:1":2}'],
  ])('json prints %s', async (_says, sql, expected) => {
    const text = await json(sql);
    expect(text).toBe(`[\n  ${expected}\n]\n`);
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it('prints nothing as nothing, in every format', async () => {
    const none = 'select 1 as a, 2 as b where false';
    expect((await query(none, '--format', 'json')).stdout).toBe('[]\n');
    expect((await query(none, '--format', 'ndjson')).stdout).toBe('');
    expect((await query(none, '--format', 'csv')).stdout).toBe('a,b\n');
    expect((await query(none)).stdout).toContain('a  b');
  });

  it('csv has a header, prints null as empty, quotes by RFC 4180 and defuses nothing', async () => {
    const sql =
      "select 'a,b' as \"x,y\", cast(null as varchar) as n, '' as e, '=1+1' as f, '@sum' as g, '-2' as h, 'q\"q' as q, 'l' || chr(10) || 'm' as l, 1.10 as d, date '2024-01-02' as t, true as b";
    expect((await query(sql, '--format', 'csv')).stdout).toBe(
      '"x,y",n,e,f,g,h,q,l,d,t,b\n"a,b",,,=1+1,@sum,-2,"q""q","l\nm",1.10,2024-01-02,true\n',
    );
  });

  it('ndjson is a row a line', async () => {
    const { stdout } = await query('select id, amount from purchase order by id limit 3', '--format', 'ndjson');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(Object.keys(JSON.parse(line) as object)).toEqual(['id', 'amount']);
  });

  it('as a program, takes SQL as an argument, from a file and from standard input, with comments, a semicolon and line ends', async () => {
    writeFileSync(join(folder, 'question.sql'), '-- how many\r\nselect count(*) as n\r\nfrom purchase;\r\n');
    const asked = await lakehouse(['query', 'select 1 as "2", 2.50 as "1"', '--format', 'json'], { cwd: folder });
    expect(asked).toMatchObject({ code: 0, stdout: '[\n  {"2":1,"1":"2.50"}\n]\n', stderr: '' });
    const file = await lakehouse(['query', '-f', 'question.sql', '--format', 'csv'], { cwd: folder });
    expect(file).toMatchObject({ code: 0, stdout: 'n\n200\n' });
    const input = await lakehouse(['query', '-f', '-', '--format', 'csv'], { cwd: folder, input: 'select 5 as five;' });
    expect(input).toMatchObject({ code: 0, stdout: 'five\n5\n' });
  });

  it('knows the saved questions by name, and what they depend on', async () => {
    for (const name of [
      'refunds-by-month',
      'refunds-by-merchant',
      'refund-rate',
      'best-products',
      'orders-on-holidays',
    ])
      expect((await rows(name)).length, name).toBeGreaterThan(0);
    const lost = await rows('undelivered-items', '--as-of', '2026-06-30');
    expect(lost.length).toBeGreaterThan((await rows('undelivered-items', '--as-of', '2025-01-31')).length);
    expect(await rows('select count(*) as n from purchase where timestamp > :as_of', '--as-of', '2026-12-31')).toEqual([
      { n: 0 },
    ]);
  });

  it('takes bare names in any case, names of steps before tables, and qualified names', async () => {
    expect(await rows('select count(*) as n from PURCHASE')).toEqual([{ n: 200 }]);
    expect(await rows('select count(*) as n from base.purchase as p, mart.agg_shipments as s')).toEqual([{ n: 200 }]);
    expect(await rows('with purchase as (select 1 as one) select one from purchase')).toEqual([{ one: 1 }]);
    expect(await rows("select count(*) as n from ops.run where status = 'ok'")).toEqual([{ n: 1 }]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["select date_diff('month', date '2024-01-15', date '2024-02-14') as x", { x: 0 }],
    ["select date_diff('day', date '2024-01-31', date '2024-03-01') as x", { x: 30 }],
    ["select cast(date_add('month', 1, date '2024-01-31') as date) as x", { x: '2024-02-29' }],
    ["select date_trunc('month', timestamp '2024-02-29 12:00:00') as x", { x: '2024-02-01T00:00:00' }],
    ['select approx_distinct(id) > 150 as x from purchase', { x: true }],
    ['select approx_percentile(x, 0.5) as x from (values 1, 2, 3) as t (x)', { x: 2 }],
    ['select 7 / 2 as x', { x: 3 }],
    ["select strpos('lakehouse', 'house') as x", { x: 5 }],
    ["select split_part('a-b-c', '-', 2) as x", { x: 'b' }],
    ['select json_extract_scalar(\'{"a": {"b": 7}}\', \'$.a.b\') as x', { x: '7' }],
    ['select sum(x) as x from unnest(array[1, 2, 3]) as t (x)', { x: 6 }],
    ["select regexp_like('abc', '^a') as x", { x: true }],
    ["select try_cast('12.7x' as integer) as x", { x: null }],
    ['select coalesce(null, 4) as x', { x: 4 }],
  ])('spells as Athena does: %s', async (sql, expected) => {
    expect(await rows(sql)).toEqual([expected]);
  });

  it.each<[string[], number, RegExp]>([
    [['select * from purchas'], 1, /1:15 unknown-table: No table is called purchas. Did you mean base.purchase\?/],
    [['select * from base.void_'], 1, /Did you mean base.void\?/],
    [['select amnt from purchase'], 1, /"amnt" not found[\s\S]*"amount"/],
    [['selec 1'], 1, /query:1:\d+ syntax/],
    [['delete from purchase'], 1, /delete does not only read. Begin with select/],
    [['drop table base.purchase'], 1, /does not only read/],
    [["copy (select 1) to 'x.csv'"], 1, /does not only read|syntax/],
    [['select 1; select 2'], 1, /query:/],
    [['refunds-by-moon'], 2, /there is no saved question refunds-by-moon\. Did you mean refunds-by-month\?/],
    [[], 2, /wants either SQL .* or -f FILE/],
    [['select 1', '-f', 'q.sql'], 2, /wants either SQL/],
    [['-f', 'nothing.sql'], 1, /nothing.sql/],
    [['select 1', '--lake', 'nowhere'], 1, /there is no lake in nowhere; make one with: lakehouse run/],
    [['select 1', '--as-of', '2025-02-29'], 2, /"2025-02-29" is not a date/],
  ])('%j is refused, with the way out', async (argv, code, message) => {
    const called = await runCli(['query', '--lake', lake, ...argv]);
    expect(called).toMatchObject({ code, stdout: '' });
    expect(called.stderr).toMatch(message);
    expect(called.stderr).not.toMatch(/crashed|\n\s+at /);
  });

  it.each([
    ['select count(*) as n from orders', 'base.orders'],
    ['late-shipments', 'base.shipment_deliveries, base.orders'],
  ])('%s on a lake without such tables says which, and what makes them', async (sql, missing) => {
    const small = join(folder, 'small');
    const argv = ['run', '-q', '--raw', join(folder, 'raw'), '--lake', small, '--as-of', '2026-06-30'];
    await runCli([...argv, '--only', 'payments']);
    expect(await runCli(['query', sql, '--lake', small])).toEqual({
      code: 1,
      stdout: '',
      stderr: `lakehouse: the lake ${small} has no ${missing} yet; make it with: lakehouse run --lake ${small}\n`,
    });
  });

  it('writes nothing: the same lake, byte by byte of its tables', async () => {
    const before = await json('select * from purchase order by id');
    await query('create table base.mine as select 1 as a');
    await query("select * from purchase where id = ''; drop table base.purchase");
    expect(await json('select * from purchase order by id')).toBe(before);
  });

  it('ends clean when its reader leaves early', async () => {
    const sql = 'select p.*, q.id as other from purchase as p cross join purchase as q';
    for (const format of ['csv', 'json']) {
      const called = await lakehouse(['query', sql, '--format', format], {
        cwd: folder,
        meanwhile: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
      });
      expect(called, format).toMatchObject({ code: 0, signal: null });
      expect(called.stderr).not.toMatch(/EPIPE|crashed|\n\s+at /);
    }
  });
});
