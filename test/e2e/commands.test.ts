import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../lib/cli/commands.ts';
import type { main } from '../../lib/cli/main.ts';
import { products } from '../../lib/products/index.ts';
import { generateSample } from '../../lib/sample/index.ts';
import { runCli } from '../support/cli.ts';
import { lakehouse, node, ROOT, temporaryFolder } from './program.ts';

/** The tables of every product. */
const OUR_TABLES = products.flatMap(({ datasets }) => datasets);
/** Tables that are loaded from raw files: the others are made of tables. */
const isLoaded = (table: (typeof OUR_TABLES)[number]) =>
  table.layer === 'raw' || (table.layer === 'base' && !('events' in table));

const commands = COMMANDS.map((define) => define({} as Parameters<typeof main>[1], () => undefined));
/** The names of all commands. */
const names = commands.map((command) => command.name());
/** What can be called: `contract` stands for those below it. */
const callable = commands.flatMap((command) =>
  command.commands.length === 0
    ? [command.name()]
    : command.commands.map((below) => `${command.name()} ${below.name()}`),
);

/** Every file below a folder, with a digest of its bytes. */
function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  const digest = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex');
  return Object.fromEntries(files.sort().map((path) => [path, digest(path)]));
}

const json = <T>(text: string): T => JSON.parse(text) as T;

describe('the command line', () => {
  it('has the commands that were promised', () => {
    const promised =
      'sample calendar run stream validate query lineage paths status quarantine plan docs compile export features cost doctor demo contract parity training-set';
    expect([...names].sort()).toEqual(promised.split(' ').sort());
  });

  it('as a program, lists them in its help and exits 0, saying nothing else', async () => {
    const called = await lakehouse(['--help']);
    expect(called).toMatchObject({ code: 0, signal: null, stderr: '' });
    for (const name of names) expect(called.stdout).toMatch(new RegExp(`^ {2}${name}( |$)`, 'm'));
    expect(called.stdout).toContain('Exit codes: 0 fine, 1 a handled failure, 2 usage or a crash, 130 interrupted.');
  });

  it.each(callable)('%s --help has an example of itself', async (name) => {
    const called = await runCli([...name.split(' '), '--help']);
    expect(called).toMatchObject({ code: 0, stderr: '' });
    expect(called.stdout).toMatch(new RegExp(`Example:\\n {2}lakehouse ${name}\\b`));
    for (const option of ['--format <format>', '-q, --quiet', '-v, --verbose']) expect(called.stdout).toContain(option);
  });

  it('says its version', async () => {
    const { version } = json<{ version: string }>(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await lakehouse(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it.each<[string[], RegExp]>([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run/],
    [['run', '--frob'], /unknown option '--frob'[\s\S]*lakehouse run --help explains it/],
    [['run', '--format', 'xml'], /Allowed choices are table, json, ndjson, csv/],
    [['run', 'now'], /too many arguments/],
    [['run', '--as-of', '2025-02-30'], /"2025-02-30" is not a date; expected a real day as YYYY-MM-DD/],
    [['run', '--as-of', '20250101'], /is not a date/],
    [['run', '--as-of', '0000-01-01'], /is not a date/],
    [['run', '--as-of'], /argument missing/],
    [['validate', '--date', '2026-13-01'], /"2026-13-01" is not a date/],
    [['sample'], /required option '--out <dir>' not specified/],
    [['sample', '--out', 'x', '--rows', '0'], /"0" is not a whole number of at least 1/],
    [['sample', '--out', 'x', '--rows', '5'], /rows is 5; it must be a whole number from 10/],
    [['sample', '--out', 'x', '--rows', '1e99'], /not a whole number/],
    [['sample', '--out', 'x', '--dirt', '1.5'], /"1.5" is not a share; expected a number from 0 to 1/],
    [['sample', '--out', 'x', '--seed', '-1'], /not a whole number of at least 0/],
    [['quarantine', 'base.nobody'], /there is no loaded table base\.nobody\. (Did you mean|Known:) base\.[a-z_]+/],
    [
      ['quarantine', 'mart.refunds_by_customer'],
      /there is no loaded table mart\.refunds_by_customer\. Known: base\.[a-z_]+, /,
    ],
    [['quarantine', '--limit', '-1'], /not a whole number/],
    [['plan', '--only', 'nobody', '--raw', ROOT], /there is no product or table nobody/],
  ])('%j is called wrongly: exit 2, with a word on how', async (argv, message) => {
    const called = await runCli(argv);
    expect(called).toMatchObject({ code: 2, stdout: '' });
    expect(called.stderr).toMatch(message);
    expect(called.stderr).not.toMatch(/crashed|\n\s+at /);
  });

  it('gives lib/dag to scripts in the checkout as commerce-lakehouse/dag, types included', async () => {
    const script = `
      import { buildDag, countPaths } from 'commerce-lakehouse/dag';
      const dag = buildDag([{ from: 'a', to: 'b', weight: 1 }, { from: 'b', to: 'c', weight: 1 }, { from: 'a', to: 'c', weight: 1 }]);
      console.log(String(countPaths(dag, 'a', 'c')));`;
    expect(await node(['--input-type=module', '-e', script])).toMatchObject({ code: 0, stdout: '2\n', stderr: '' });
    type Exports = { exports: Record<string, { types: string }> };
    const { exports } = json<Exports>(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(statSync(join(ROOT, exports['./dag']?.types ?? '')).isFile()).toBe(true);
  });
});

describe('lakehouse sample', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  const sample = (out: string, ...argv: string[]) => runCli(['sample', '--out', at(out), '--rows', '60', ...argv]);

  it('writes the same bytes for the same options, other records for another seed', async () => {
    expect(await sample('a', '--seed', '3', '--dirt', '0.1')).toMatchObject({ code: 0 });
    expect(await lakehouse(['sample', '--out', at('b'), '--rows', '60', '--seed', '3', '--dirt', '0.1'])).toMatchObject(
      { code: 0 },
    );
    expect(await sample('c', '--seed', '4', '--dirt', '0.1')).toMatchObject({ code: 0 });
    expect(digests(at('b'))).toEqual(digests(at('a')));
    expect(Object.keys(digests(at('a'))).length).toBeGreaterThan(30);
    expect(digests(at('c'))).not.toEqual(digests(at('a')));
  });

  it('says what it wrote, in every format, and what to do next', async () => {
    const called = await sample('d', '--format', 'json');
    const rows = json<{ dataset: string; records: number }[]>(called.stdout);
    expect(rows.find(({ dataset }) => dataset === 'purchase')?.records).toBeGreaterThanOrEqual(60);
    expect(called.stderr).toContain('next: lakehouse run --raw');
    expect((await sample('d', '-q')).stderr).toBe('');
  });

  it('touches no folder that holds something else', async () => {
    mkdirSync(at('mine'));
    writeFileSync(at('mine/notes.txt'), 'mine');
    expect(await sample('mine')).toMatchObject({ code: 1, stdout: '' });
    expect(digests(at('mine'))).toHaveProperty('notes.txt');
    expect(readdirSync(at('mine'))).toEqual(['notes.txt']);
  });
});

describe('lakehouse validate, plan, status, quarantine', () => {
  const folder = temporaryFolder();
  const raw = join(folder, 'raw');
  const lake = join(folder, 'lake');
  const HEADER = 'id,timestamp,customer_id,merchant_id,amount\n';

  beforeAll(async () => {
    await generateSample({ out: raw, rows: 200, seed: 1, dirt: 0.05 });
    expect(await runCli(['run', '--raw', raw, '--lake', lake, '--as-of', '2026-06-30', '-q'])).toMatchObject({
      code: 0,
    });
  });

  it('validate exits 1 on a dirty day and 0 on a clean one, and prints what it found', async () => {
    const argv = ['validate', '--raw', raw, '--format', 'json', '--date'];
    const dirty = await runCli([...argv, '2026-06-30']);
    expect(dirty).toMatchObject({ code: 1, stderr: '' });
    const found = json<Record<string, unknown>>(dirty.stdout);
    expect(Object.keys(found)).toEqual(['date', 'status', 'seconds', 'tables', 'checks', 'files']);
    expect(found).toMatchObject({ date: '2026-06-30', status: 'fail' });
    const nothing = await runCli([...argv, '2030-01-01', '--only', 'base.reviews']);
    expect(nothing.code).toBe(0);
    expect(json(nothing.stdout)).toMatchObject({ status: 'pass' });
    const said = await runCli(['validate', '--raw', raw, '--date', '2026-06-30']);
    expect(said).toMatchObject({ code: 1 });
    expect(said.stdout).toContain('every record keeps the contract');
    expect(said.stdout).toMatch(/^base.purchase {2}reaches .*mart.refunds_by_customer/m);
    expect(said.stdout).toMatch(/not clean: source data of 2026-06-30, \d+ records/);
  });

  it('validate judges yesterday unless it is told', async () => {
    const { stdout } = await runCli(['validate', '--raw', raw, '--format', 'json', '--only', 'base.reviews']);
    const yesterday = (now: number) => new Date(now - 86_400_000).toISOString().slice(0, 10);
    expect([yesterday(Date.now()), yesterday(Date.now() - 60_000)]).toContain(json<{ date: string }>(stdout).date);
  });

  it('quarantine gives file, record, reasons and the record itself', async () => {
    const all = json<
      { table: string; file: string; record: number; reasons: string[]; raw: string; field: string | null }[]
    >((await runCli(['quarantine', '--lake', lake, '--format', 'json', '--limit', '0'])).stdout);
    const { quarantined, refused } = json<Record<'quarantined' | 'refused', Record<string, Record<string, number[]>>>>(
      readFileSync(join(raw, '_manifest.json'), 'utf8'),
    );
    const placesIn = (planted: Record<string, Record<string, number[]>>) =>
      Object.entries(planted).flatMap(([file, kinds]) =>
        Object.values(kinds)
          .flat()
          .map((record) => `${file}#${record}`),
      );
    const placesOf = (rows: readonly { file: string; record: number | string }[]) =>
      rows.map(({ file, record }) => `${file}#${record}`).sort();
    expect(placesOf(all.filter(({ field }) => field === null))).toEqual(placesIn(quarantined).sort());
    expect(placesOf(all.filter(({ field }) => field !== null))).toEqual(placesIn(refused).sort());
    for (const row of all) {
      expect(row.table.replace(/^(raw|base)[.]/, '')).toBe(row.file.slice(0, row.file.indexOf('/')));
      expect(row.reasons.length).toBeGreaterThan(0);
    }
    const some = await runCli(['quarantine', 'purchase', '--lake', lake, '--format', 'csv', '--limit', '2']);
    expect(some.stdout.split('\n')[0]).toBe('table,file,record,reasons,raw');
    expect(some.stderr).toMatch(/^2 of \d+ records; --limit 0 gives all/);
  });

  it('status tells runs, tables and freshness; without a lake it says how to make one', async () => {
    const { code, stdout } = await runCli(['status', '--lake', lake, '--format', 'json']);
    expect(code).toBe(0);
    const status = json<{ state: string; runs: Record<string, unknown>[]; tables: Record<string, unknown>[] }>(stdout);
    expect(status.state).toBe('idle');
    expect(status.runs).toMatchObject([{ status: 'ok', as_of: '2026-06-30', error: null }]);
    expect(status.tables.find(({ name }) => name === 'base.purchase')).toMatchObject({ newest_file: '2026-06-30' });
    const none = await runCli(['status', '--lake', join(folder, 'none')]);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain('make one with: lakehouse run');
  });

  it('plan shows what a run would do, and touches nothing', async () => {
    interface Planned {
      files: { new: number; known: number };
      tables: { table: string; action: string; new_files: number; read_by: string[] }[];
    }
    const plan = async (of: string): Promise<Planned> => {
      const called = await runCli(['plan', '--raw', raw, '--lake', of, '--as-of', '2026-06-30', '--format', 'json']);
      expect(called).toMatchObject({ code: 0, stderr: '' });
      return json<Planned>(called.stdout);
    };
    const none = await plan(join(folder, 'none'));
    expect(none.tables).toHaveLength(OUR_TABLES.length);
    expect(new Set(none.tables.map(({ action }) => action))).toEqual(new Set(['make']));
    expect(statSync(join(folder, 'none'), { throwIfNoEntry: false })).toBeUndefined();
    expect((await plan(lake)).tables).toEqual([]);
    const before = digests(lake);
    writeFileSync(join(raw, 'purchase', 'late.csv'), `${HEADER}late,2026-06-30T10:00:00Z,c,m,1.00\n`);
    const { files, tables } = await plan(lake);
    expect(files.new).toBe(1);
    expect(tables.map(({ table, action, new_files: n }) => [table, action, n])).toEqual([
      ['base.purchase', 'load', 1],
      ['mart.refunds_by_customer', 'build', 0],
    ]);
    expect(tables[0]?.read_by).toContain('dashboard.refunds');
    expect(digests(lake)).toEqual(before);
  });
});

describe('what a newcomer does', () => {
  const folder = temporaryFolder();

  it('npm start: sample, run, answers; again, nothing is new', async () => {
    const { scripts } = json<{ scripts: { start: string } }>(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(scripts.start).toBe('node dist/bin/lakehouse.js demo');
    const first = await lakehouse(['demo', '--rows', '200'], { cwd: folder });
    expect(first).toMatchObject({ code: 0, signal: null });
    expect(readdirSync(folder).sort()).toEqual(['lake', 'raw']);
    for (const shown of [
      'base.purchase',
      'mart.best_performing_product',
      'checks',
      'quarantined',
      'top refunds by customer',
      'orders on public holidays',
      'shipments',
      'best performing product',
      'critical path',
      'try next',
    ])
      expect(first.stdout, shown).toContain(shown);
    expect(first.stdout).toMatch(/\w+\/dt=\d{4}-\d{2}-\d{2}\/part-0001[.\w]+ record \d+/);
    expect(first.stderr).toContain(`level 0  ${OUR_TABLES.filter(isLoaded).length} tables`);
    const before = digests(join(folder, 'raw'));
    const again = await lakehouse(['demo', '--rows', '200'], { cwd: folder });
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/^nothing new: \d+ files are known, nothing was changed/);
    expect(digests(join(folder, 'raw'))).toEqual(before);
    const answers = (text: string) => text.slice(text.indexOf('top refunds by customer'), text.indexOf('try next'));
    expect(answers(again.stdout)).toBe(answers(first.stdout));
  });

  it('every line of "try next" works', async () => {
    const { stdout } = await lakehouse(['demo', '--rows', '200'], { cwd: folder });
    const lines = stdout.slice(stdout.indexOf('try next')).matchAll(/^ {2}npx lakehouse (.*?) {2}#/gm);
    const argvs = [...lines].map(([, line = '']) =>
      [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((word) => word[1] ?? word[2] ?? ''),
    );
    expect(argvs.length).toBeGreaterThanOrEqual(6);
    for (const argv of argvs) {
      const called = await runCli(argv, { cwd: folder });
      expect(called.stdout.length, argv.join(' ')).toBeGreaterThan(0);
      expect(called.code, argv.join(' ')).toBe(argv[0] === 'validate' ? 1 : 0);
    }
  });
});
