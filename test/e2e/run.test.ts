import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DuckDb } from '../../lib/engines/index.ts';
import { products } from '../../lib/products/index.ts';
import { generateSample } from '../../lib/sample/index.ts';
import { type Called, lakehouse, node, PROGRAM, ROOT, temporaryFolder, until } from './program.ts';

/** The tables of every product. */
const OUR_TABLES = products.flatMap(({ datasets }) => datasets);

const ESCAPE = '\u001b';
const RUN = ['run_id', 'as_of', 'status', 'seconds', 'tables', 'checks', 'files', 'critical_path'];
const TABLE = ['name', 'layer', 'read', 'accepted', 'duplicate', 'superseded', 'quarantined', 'rows', 'seconds'];
const CHECK = ['table', 'check', 'severity', 'verdict', 'failed', 'total'];
const FILE = ['path', 'dataset', 'rows', 'status'];

interface RunJson {
  readonly status: string;
  readonly as_of: string;
  readonly error?: string;
  readonly tables: readonly Record<string, unknown>[];
  readonly checks: readonly Record<string, unknown>[];
  readonly files: readonly Record<string, unknown>[];
  readonly critical_path: readonly string[];
}

const parse = ({ stdout }: Called): RunJson => JSON.parse(stdout) as RunJson;

const HEADER = 'id,timestamp,customer_id,merchant_id,amount\n';
const clean = (folder: string): void => {
  mkdirSync(join(folder, 'purchase'), { recursive: true });
  writeFileSync(join(folder, 'purchase', 'a.csv'), `${HEADER}p,2026-06-30T10:00:00Z,c,m,1.00\n`);
};

describe('lakehouse run', () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const run = (...argv: string[]) => lakehouse(['run', '--as-of', '2026-06-30', ...argv], { cwd: folder });

  beforeAll(async () => {
    await generateSample({ out: at('raw'), rows: 200, seed: 1, dirt: 0.02 });
    clean(at('clean'));
    clean(at('refused'));
    writeFileSync(at('refused/purchase/b.csv'), 'id,amount\n1,2\n');
    mkdirSync(at('empty'));
  });

  it('prints one object with the documented keys, and nothing else on stdout', async () => {
    const called = await run('--format', 'json', '--raw', 'raw', '--lake', 'lake');
    expect(called).toMatchObject({ code: 0, signal: null });
    const result = parse(called);
    expect(Object.keys(result)).toEqual(RUN);
    expect(result.tables).toHaveLength(OUR_TABLES.length);
    for (const table of result.tables) expect(Object.keys(table)).toEqual(TABLE);
    for (const check of result.checks) expect(Object.keys(check)).toEqual(CHECK);
    for (const file of result.files) expect(Object.keys(file)).toEqual(FILE);
    expect(result).toMatchObject({ status: 'ok', as_of: '2026-06-30' });
    for (const table of result.tables) {
      const { read, accepted, duplicate, superseded, quarantined } = table as Record<string, number>;
      expect(read).toBe((accepted ?? 0) + (duplicate ?? 0) + (superseded ?? 0) + (quarantined ?? 0));
    }
    expect(new Set(result.files.map(({ status }) => status))).toEqual(new Set(['loaded', 'duplicate']));
    expect(result.critical_path.at(-1)).toMatch(/^(mart|feature)\./);
    expect(called.stderr).toContain('base.purchase');
    expect(called.stdout + called.stderr).not.toContain(ESCAPE);
  });

  it('run again it says that nothing is new', async () => {
    const again = parse(await run('--format', 'json', '--raw', 'raw', '--lake', 'lake'));
    expect(again.status).toBe('nothing_new');
    expect(new Set(again.files.map(({ status }) => status))).toEqual(new Set(['known', 'duplicate']));
    const said = await run('--raw', 'raw', '--lake', 'lake');
    expect(said).toMatchObject({ code: 0 });
    expect(said.stdout).toMatch(/^nothing new: \d+ files are known, nothing was changed/);
  });

  it('exits 1 when a file was refused, and says which and why; the rest is published', async () => {
    const called = await run('--format', 'json', '--raw', 'refused', '--lake', 'lake-refused');
    const { status, files } = parse(called);
    expect(called.code).toBe(1);
    expect(status).toBe('ok');
    expect(files.map((file) => [file.path, file.status, file.rows])).toEqual([
      ['purchase/a.csv', 'loaded', 1],
      ['purchase/b.csv', 'refused', 0],
    ]);
    expect(Object.keys(files[1] ?? {})).toEqual([...FILE, 'reason']);
    expect(called.stderr).toContain('purchase/b.csv: missing_column: required columns are missing: timestamp');
    // Even when it is asked to be quiet.
    expect((await run('-q', '--raw', 'refused', '--lake', 'lake-refused')).stderr).toContain('refused  purchase/b.csv');
  });

  it('works on an empty raw zone', async () => {
    const called = await run('--format', 'json', '--raw', 'empty', '--lake', 'lake-empty');
    expect(called.code).toBe(0);
    const { tables } = parse(called);
    const rows = Object.fromEntries(tables.map(({ name, rows: n }) => [name, n]));
    expect(rows).toMatchObject({ 'base.purchase': 0, 'mart.agg_shipments': 1, 'mart.best_performing_product': 0 });
  });

  it.each([
    [['--raw', 'nowhere'], 1, /nowhere: cannot list this folder/],
    [
      ['--raw', 'clean', '--only', 'base.nobody'],
      2,
      /there is no product or table base\.nobody\. (Did you mean|Known:) base\.[a-z_]+/,
    ],
    [
      ['--raw', 'clean', '--rebuild', 'base.purchas'],
      2,
      /there is no product or table base\.purchas\. Did you mean base\.purchase\?/,
    ],
    [['--raw', 'clean', '--lake', 'clean/purchase/a.csv'], 1, /clean\/purchase\/a.csv/],
  ])('%j prints the object with the error, and exits %d', async (argv, code, message) => {
    const called = await run('--format', 'json', '--lake', 'lake-failed', ...argv);
    expect(called.code).toBe(code);
    const result = parse(called);
    expect(Object.keys(result)).toEqual([...RUN, 'error']);
    expect(result).toMatchObject({ status: 'failed', tables: [], checks: [], files: [], critical_path: [] });
    expect(result.error).toMatch(message);
    expect(called.stderr).toMatch(message);
    expect(called.stderr).not.toMatch(/\n\s+at /);
  });

  it('fails in one line as ndjson, too', async () => {
    const called = await run('--format', 'ndjson', '--raw', 'nowhere', '--lake', 'lake-failed');
    expect(called.stdout.trimEnd()).not.toContain('\n');
    expect(Object.keys(parse(called))).toEqual([...RUN, 'error']);
  });

  it('prints the object even when contracts and SQL make no plan', async () => {
    const checkout = at('checkout');
    mkdirSync(checkout);
    for (const name of ['dist', 'sql']) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
    for (const name of ['node_modules', 'package.json']) symlinkSync(join(ROOT, name), join(checkout, name));
    writeFileSync(join(checkout, 'sql', 'mart', 'refunds_by_customer.sql'), 'select 1');
    const called = await node([join(checkout, 'dist/bin/lakehouse.js'), 'run', '--format', 'json', '--raw', 'clean'], {
      cwd: folder,
    });
    expect(called.code).toBe(1);
    expect(Object.keys(parse(called))).toEqual([...RUN, 'error']);
    expect(parse(called).error).toContain('sql/mart/refunds_by_customer.sql');
    expect(existsSync(at('lake/heartbeat.json'))).toBe(false);
  });

  it('names the holder of a lake and exits 1; status says that it is held, query gives up', async () => {
    await run('--raw', 'clean', '--lake', 'lake-held');
    const holder = await DuckDb.open({ path: at('lake-held/lake.duckdb') });
    try {
      const [second, status, query] = await Promise.all([
        run('--format', 'json', '--raw', 'clean', '--lake', 'lake-held'),
        lakehouse(['status', '--lake', 'lake-held', '--format', 'json'], { cwd: folder }),
        lakehouse(['query', 'select 1 as one', '--lake', 'lake-held'], { cwd: folder }),
      ]);
      expect(second.code).toBe(1);
      expect(parse(second).error).toContain(`lake-held is held by process ${process.pid}`);
      expect(status.code).toBe(0);
      expect(JSON.parse(status.stdout)).toMatchObject({ state: 'running', holder: process.pid });
      expect(query).toMatchObject({ code: 1, stdout: '' });
      expect(query.stderr).toContain(`held by process ${process.pid}`);
    } finally {
      holder.close();
    }
  });

  it('interrupted, it exits 130, and the next run does the work', async () => {
    await generateSample({ out: at('large'), rows: 250_000, seed: 1, dirt: 0, plain: true, datasets: ['purchase'] });
    const heartbeat = at('lake-cut/heartbeat.json');
    const cut = await lakehouse(['run', '--raw', 'large', '--lake', 'lake-cut', '--format', 'json'], {
      cwd: folder,
      meanwhile: (child) => void until(() => existsSync(heartbeat), 'a heartbeat').then(() => child.kill('SIGINT')),
    });
    expect(cut).toMatchObject({ code: 130, signal: null, stdout: '' });
    const next = await run('--raw', 'large', '--lake', 'lake-cut', '--format', 'json');
    expect(next.code).toBe(0);
    expect(parse(next).tables.find(({ name }) => name === 'base.purchase')).toMatchObject({ rows: 250_000 });
    expect(existsSync(heartbeat)).toBe(false);
  });

  it('-q says nothing where nothing is wrong; -v lists what was left alone', async () => {
    const quiet = await run('-q', '--raw', 'clean', '--lake', 'lake-quiet', '--format', 'json');
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(at('clean/purchase/b.csv.tmp'), 'x');
    const noted = await run('--raw', 'clean', '--lake', 'lake-quiet');
    expect(noted.stderr).toContain('1 entries of the raw zone were left alone (-v lists them)');
    const verbose = await run('-v', '--raw', 'clean', '--lake', 'lake-quiet');
    expect(verbose.stderr).toContain('purchase/b.csv.tmp is left alone: temporary');
  });

  it('a pipe gets neither colours nor a live region; NO_COLOR wins over FORCE_COLOR', async () => {
    const argv = ['run', '--raw', 'raw', '--as-of', '2026-06-29'];
    const plain = await lakehouse([...argv, '--lake', 'lake-plain'], { cwd: folder });
    expect(plain.code).toBe(0);
    expect(plain.stdout + plain.stderr).not.toContain(ESCAPE);
    expect(plain.stdout + plain.stderr).not.toContain('\r');
    const forced = await lakehouse([...argv, '--lake', 'lake-forced'], { cwd: folder, env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain(`${ESCAPE}[`);
    const both = { FORCE_COLOR: '1', NO_COLOR: '1' };
    const without = await lakehouse([...argv, '--lake', 'lake-both'], { cwd: folder, env: both });
    expect(without.stdout + without.stderr).not.toContain(ESCAPE);
  });

  it('ndjson is a line per table, check and file; csv is the tables', async () => {
    const lines = (await run('--format', 'ndjson', '--raw', 'clean', '--lake', 'lake-lines')).stdout
      .trimEnd()
      .split('\n');
    const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(new Set(kinds)).toEqual(new Set(['table', 'check', 'file']));
    const csv = (await run('--format', 'csv', '--raw', 'clean', '--lake', 'lake-csv')).stdout.trimEnd().split('\n');
    expect(csv[0]).toBe('table,read,accepted,duplicate,superseded,quarantined,rows,seconds');
    expect(csv).toHaveLength(OUR_TABLES.length + 1);
  });

  it('does not mind that nobody reads its words', async () => {
    const called = await lakehouse(['run', '--raw', 'raw', '--lake', 'lake-unheard', '--format', 'json'], {
      cwd: folder,
      meanwhile: (child) => child.stderr?.destroy(),
    });
    expect(called.code).toBe(0);
    expect(parse(called).status).toBe('ok');
  });
});

it('the program is where the package says', () => {
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: { lakehouse: string } };
  expect(join(ROOT, bin.lakehouse)).toBe(PROGRAM);
  expect(readdirSync(join(ROOT, 'dist'))).toContain('plan.json');
});
