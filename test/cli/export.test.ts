import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DuckDb } from '../../lib/engines/index.ts';
import { runCli } from '../support/cli.ts';
import { ourPlan } from '../support/run-lake.ts';

const RAW: Record<string, string> = {
  'purchase/a.csv': `id,timestamp,customer_id,merchant_id,amount
p1,2026-01-05T10:00:00Z,c1,m1,10.00
p2,2026-01-31T23:59:59.999999Z,=1+1,m1,20.50
p3,2026-02-01T00:00:00Z,,m2,-0.01
p4,2026-03-01 12:00:00,"+x, ""y""",m2,1234567890.12
`,
  'refund/a.csv': `id,timestamp,parent_id,amount
r1,2026-02-05T10:00:00Z,p1,4.00
r2,2026-02-05T10:00:00Z,p2,5.00
r3,2026-01-06T10:00:00Z,p1,1.00
`,
  'void/a.csv': 'id,timestamp,parent_id,amount\n',
  'dim_products/a.csv':
    'product_id,product_category,product_name\n1,-cat,@home\n2,a=b,"\tTab"\n3,1.5,"\rReturn"\n4,plain,=HYPERLINK("x")\n'.replace(
      '=HYPERLINK("x")',
      '"=HYPERLINK(""x"")"',
    ),
  'shipment_deliveries/a.csv': 'shipment_id,order_id,shipment_date,delivery_date\n1,1,2026-01-05,\n2,1,,\n',
};

let folder = '';
let lake = '';
let out = '';
const listed = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((each) => /\.(parquet|csv|json|txt)$/.test(each))
    .sort();

async function rows(sql: string) {
  const db = await DuckDb.open();
  try {
    return await db.query(sql);
  } finally {
    db.close();
  }
}

async function exported(...argv: string[]) {
  const result = await runCli(['export', ...argv, '--lake', lake, '--out', out, '--format', 'json']);
  return { ...result, data: result.code === 0 ? JSON.parse(result.stdout) : null };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'export-'));
  lake = join(folder, 'lake');
  for (const [path, text] of Object.entries(RAW)) {
    mkdirSync(dirname(join(folder, 'raw', path)), { recursive: true });
    writeFileSync(join(folder, 'raw', path), text);
  }
  const run = await runCli(['run', '--raw', join(folder, 'raw'), '--lake', lake, '--as-of', '2026-03-02', '-q']);
  // An empty table of answers fails a check; that is not what these tests are about.
  expect(run.stdout, run.stderr).toContain('published');
});
beforeEach(() => {
  out = join(folder, 'out');
  rmSync(out, { recursive: true, force: true });
});

describe('export', () => {
  it('writes all marts as Parquet by default, and says what it wrote', async () => {
    const { code, data } = await exported();
    expect(code).toBe(0);
    const marts = ourPlan().tables.filter((table) => table.layer === 'mart');
    expect(data.map(({ table }: { table: string }) => table)).toEqual(marts.map((table) => table.name));
    const refunds = data.find(({ table }: { table: string }) => table === 'mart.refunds_by_customer');
    const path = join(out, 'mart/refunds_by_customer');
    expect(refunds).toEqual({ table: 'mart.refunds_by_customer', rows: 2, files: 1, bytes: expect.any(Number), path });
    expect(refunds.bytes).toBe(readFileSync(join(path, 'part-0.parquet')).length);
    expect((await rows(`select * from '${path}/*.parquet'`)).rows).toEqual([
      { customer_id: '=1+1', total_refund: '5.00' },
      { customer_id: 'c1', total_refund: '4.00' },
    ]);
    expect(readdirSync(out)).toEqual(['mart']);
  });

  it('partitions by the month that the contract says, with the exact types of the contract', async () => {
    const { data } = await exported('purchase');
    expect(data[0]).toMatchObject({ table: 'base.purchase', rows: 4, files: 3 });
    expect(listed(join(out, 'base/purchase'))).toEqual([
      '.export.json',
      'month=2026-01/part-0.parquet',
      'month=2026-02/part-0.parquet',
      'month=2026-03/part-0.parquet',
    ]);
    const files = join(out, 'base/purchase/*/*.parquet');
    const read = await rows(`select * from read_parquet('${files}', hive_partitioning = false) order by id`);
    expect(read.columns).toEqual([
      { name: 'id', type: 'VARCHAR' },
      { name: 'timestamp', type: 'TIMESTAMP' },
      { name: 'customer_id', type: 'VARCHAR' },
      { name: 'merchant_id', type: 'VARCHAR' },
      { name: 'amount', type: 'DECIMAL(12,2)' },
    ]);
    // Parquet does not defuse: the bytes are the lake's.
    expect(read.rows[1]).toMatchObject({ id: 'p2', timestamp: '2026-01-31T23:59:59.999999', customer_id: '=1+1' });
    const hive = await rows(`select count(*) as n from read_parquet('${files}') where month = '2026-01'`);
    expect(hive.rows).toEqual([{ n: 2n }]);
  });

  it('carries where rows came from only when asked', async () => {
    await exported('refund', '--provenance', '--partition', 'none');
    const read = await rows(`select _raw_file, _record from '${out}/base/refund/part-0.parquet' order by id`);
    expect(read.rows[2]).toEqual({ _raw_file: 'refund/a.csv', _record: 3n });
  });

  it.each([
    ['a text', 'purchase', 'merchant_id', ['merchant_id=m1', 'merchant_id=m2']],
    [
      'a text with odd signs',
      'purchase',
      'customer_id',
      [
        'customer_id=%2Bx%2C%20%22y%22',
        'customer_id=%3D1%2B1',
        'customer_id=__HIVE_DEFAULT_PARTITION__',
        'customer_id=c1',
      ],
    ],
    [
      'a date that may be empty, by month',
      'shipment_deliveries',
      'shipment_date',
      ['month=2026-01', 'month=__HIVE_DEFAULT_PARTITION__'],
    ],
  ])('partitions by %s', async (_, table, column, folders) => {
    await exported(table, '--partition', column);
    const path = join(out, 'base', table);
    expect(readdirSync(path).sort()).toEqual(['.export.json', ...folders]);
    const read = await rows(`select * from read_parquet('${path}/*/*.parquet', hive_partitioning = true)`);
    expect(read.rows).toHaveLength(table === 'purchase' ? 4 : 2);
  });

  it('writes one file with the columns of a table without rows', async () => {
    const { data } = await exported('void');
    expect(data[0]).toMatchObject({ rows: 0, files: 1 });
    expect((await rows(`select * from '${out}/base/void/part-0.parquet'`)).columns[3]?.type).toBe('DECIMAL(12,2)');
  });

  it('is the same for the same lake', async () => {
    await exported('purchase');
    const file = join(out, 'base/purchase/month=2026-01/part-0.parquet');
    const first = readFileSync(file);
    await exported('purchase');
    expect(readFileSync(file).equals(first)).toBe(true);
  });
});

describe('export to CSV', () => {
  it('defuses formulas in text, leaves numbers, writes null as empty and times as ISO 8601', async () => {
    await exported('purchase', '--file-format', 'csv');
    const january = readFileSync(join(out, 'base/purchase/month=2026-01/part-0.csv'), 'utf8');
    expect(january).toBe(
      "id,timestamp,customer_id,merchant_id,amount\np1,2026-01-05T10:00:00,c1,m1,10.00\np2,2026-01-31T23:59:59.999999,'=1+1,m1,20.50\n",
    );
    expect(readFileSync(join(out, 'base/purchase/month=2026-02/part-0.csv'), 'utf8')).toContain(
      'p3,2026-02-01T00:00:00,,m2,-0.01\n',
    );
    expect(readFileSync(join(out, 'base/purchase/month=2026-03/part-0.csv'), 'utf8')).toContain(
      `"'+x, ""y""",m2,1234567890.12\n`,
    );
  });

  it('knows all signs that begin a formula', async () => {
    await exported('dim_products', '--file-format', 'csv');
    const lines = readFileSync(join(out, 'base/dim_products/part-0.csv'), 'utf8').split('\n');
    expect(lines.slice(1, 5)).toEqual([
      "1,'-cat,'@home",
      "2,a=b,'\tTab",
      `3,1.5,"'\rReturn"`,
      `4,plain,"'=HYPERLINK(""x"")"`,
    ]);
  });
});

describe('an archive per as-of date', () => {
  const FIRST = '2026-03-02';
  const SECOND = '2026-03-09';
  const archived = (asOf: string, ...argv: string[]) => exported('order_answers', '--as-of', asOf, ...argv);
  const everything = (path: string): string[] =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(path, join(entry.parentPath, entry.name)))
      .sort();

  beforeAll(async () => {
    await runCli(['run', '--raw', join(folder, 'raw'), '--lake', lake, '--as-of', SECOND, '-q']);
  });

  it('has the answer for that day alone, in each format, and nothing else', async () => {
    expect((await archived(FIRST, '--file-format', 'both')).code).toBe(0);
    expect((await archived(SECOND, '--file-format', 'both')).code).toBe(0);
    const answers = ['agg_public_holiday', 'agg_shipments', 'best_performing_product'];
    const files = ['csv', 'parquet'].flatMap((format) =>
      [FIRST, SECOND].flatMap((day) =>
        answers.flatMap((name) => {
          const table = `${format}/dt=${day}/mart/${name}`;
          return [`${table}/.export.json`, `${table}/part-0.${format}`];
        }),
      ),
    );
    expect(everything(out)).toEqual(files.sort());
    for (const day of [FIRST, SECOND]) {
      const csv = readFileSync(join(out, `csv/dt=${day}/mart/agg_shipments/part-0.csv`), 'utf8');
      expect(csv).toMatch(new RegExp(`^ingestion_date,tt_late_shipments,tt_undelivered_items\n${day},0,0\n$`));
      const parquet = await rows(
        `select * exclude dt from '${join(out, `parquet/dt=${day}/mart/agg_shipments/*.parquet`)}'`,
      );
      expect(parquet.rows).toEqual([{ ingestion_date: day, tt_late_shipments: 0n, tt_undelivered_items: 0n }]);
    }
    expect(everything(lake)).toEqual(['lake.duckdb']);
  });

  it('takes any table; one without answers per day goes as it stands', async () => {
    const { data } = await exported('purchase', 'agg_shipments', '--as-of', FIRST);
    expect(data).toMatchObject([
      { table: 'base.purchase', rows: 4, path: join(out, `dt=${FIRST}`, 'base', 'purchase') },
      { table: 'mart.agg_shipments', rows: 1 },
    ]);
  });

  it('of a day that was never answered is refused with the way to it', async () => {
    const { code, stderr } = await archived('2026-01-01');
    expect(stderr).toContain(
      `mart.agg_public_holiday in the lake ${lake} has no answer as of 2026-01-01, but as of ${FIRST}, ${SECOND}; make it with: lakehouse run --lake ${lake} --as-of 2026-01-01`,
    );
    expect({ code, written: existsSync(out) }).toEqual({ code: 1, written: false });
  });
});

describe('an export in place', () => {
  it('is replaced whole, what other tables and people put beside it stays', async () => {
    await exported('purchase', 'refund');
    writeFileSync(join(out, 'notes.txt'), 'mine');
    await exported('purchase', '--partition', 'none');
    expect(listed(out)).toEqual([
      'base/purchase/.export.json',
      'base/purchase/part-0.parquet',
      'base/refund/.export.json',
      'base/refund/month=2026-01/part-0.parquet',
      'base/refund/month=2026-02/part-0.parquet',
      'notes.txt',
    ]);
  });

  it.each([
    ['a file of somebody in it', 'base/purchase/mine.txt'],
    ['a file of somebody deep in it', 'base/purchase/month=2026-01/mine.parquet'],
  ])('with %s is not touched', async (_, path) => {
    await exported('purchase');
    writeFileSync(join(out, path), 'mine');
    const { code, stderr } = await exported('refund', 'purchase', '--partition', 'none');
    expect(stderr).toContain(`${join(out, path)} was not written by an export and would be lost; move it away`);
    expect(code).toBe(1);
    expect(readFileSync(join(out, path), 'utf8')).toBe('mine');
    expect(existsSync(join(out, 'base/purchase/part-0.parquet'))).toBe(false);
    // All or nothing, and nothing left beside.
    expect(existsSync(join(out, 'base/refund'))).toBe(false);
    expect(readdirSync(out)).toEqual(['base']);
  });

  it('survives an export that was killed: what was on its way out comes back, half files go', async () => {
    await exported('refund');
    // No process has this number: it is beyond what Linux gives.
    const dead = join(out, `.tmp-export-${hostname().replaceAll(/[^A-Za-z0-9]/g, '_')}-4194305-abcd`);
    mkdirSync(join(dead, 'new/base/purchase'), { recursive: true });
    writeFileSync(join(dead, 'new/base/purchase/part-0.parquet'), 'half');
    mkdirSync(join(dead, 'old/base/void'), { recursive: true });
    writeFileSync(join(dead, 'old/base/void/part-0.parquet'), 'whole');
    const other = join(out, '.tmp-export-elsewhere-1-abcd');
    mkdirSync(other);
    await exported('refund');
    expect(readdirSync(out).sort()).toEqual(['.tmp-export-elsewhere-1-abcd', 'base']);
    expect(readdirSync(join(out, 'base')).sort()).toEqual(['refund', 'void']);
    expect(readFileSync(join(out, 'base/void/part-0.parquet'), 'utf8')).toBe('whole');
  });
});

describe('export refuses', () => {
  it.each([
    [['purchse'], 'Did you mean base.purchase?', 2],
    [
      ['purchase', '--partition', 'day'],
      'base.purchase has no column day to be partitioned by; it has id, timestamp',
      2,
    ],
    [['--file-format', 'xlsx'], "argument 'xlsx' is invalid", 2],
  ])('%j', async (argv, message, code) => {
    const refused = await exported(...argv);
    expect(refused.stderr).toContain(message);
    expect(refused.code).toBe(code);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    { what: 'the raw zone', path: 'raw' },
    { what: 'a dataset of it', path: 'raw/purchase' },
    { what: 'a folder yet to be made in it', path: 'raw/new/deep' },
    { what: 'a link into it', path: 'link/new' },
  ])('to go into $what', async ({ path }) => {
    const link = join(folder, 'link');
    if (!existsSync(link)) symlinkSync(join(folder, 'raw'), link);
    const before = listed(join(folder, 'raw'));
    const argv = ['export', '--lake', lake, '--raw', join(folder, 'raw'), '--out', join(folder, path)];
    const { code, stderr } = await runCli(argv);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is in the raw zone') });
    expect(listed(join(folder, 'raw'))).toEqual(before);
  });

  it('to go without --out', async () => {
    const { code, stderr } = await runCli(['export', '--lake', lake]);
    expect(stderr).toContain("required option '--out <dir>'");
    expect(code).toBe(2);
  });

  it('a lake that is not there', async () => {
    const none = await runCli(['export', '--lake', join(folder, 'none'), '--out', out]);
    expect(none.stderr).toContain('there is no lake in');
    expect(none.code).toBe(1);
  });

  it('a table that the lake does not have yet; among all marts it is left out', async () => {
    const small = join(folder, 'small');
    await runCli([
      'run',
      '--raw',
      join(folder, 'raw'),
      '--lake',
      small,
      '--as-of',
      '2026-03-02',
      '--only',
      'payments',
      '-q',
    ]);
    const named = await runCli(['export', 'agg_shipments', 'refunds_by_customer', '--lake', small, '--out', out]);
    expect(named.stderr).toContain(`has no mart.agg_shipments yet; make it with: lakehouse run --lake ${small}`);
    expect(named.code).toBe(1);
    const all = await runCli(['export', '--lake', small, '--out', out, '--format', 'csv']);
    expect(all.stderr).toContain('mart.agg_shipments is not in the lake yet and is left out');
    expect(all.stdout.split('\n')[1]).toMatch(/^mart\.refunds_by_customer,2,1,\d+,/);
    expect(all.code).toBe(0);
  });
});

describe('a lake that is held', () => {
  /** Another process that has the lake open to write, for so long. */
  async function hold(ms: number): Promise<ChildProcess> {
    const api = import.meta.resolve('@duckdb/node-api');
    const script = `const { DuckDBInstance } = await import('${api}');
      await DuckDBInstance.create(process.argv[1]); console.log('held'); setTimeout(() => process.exit(), ${ms});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(lake, 'lake.duckdb')]);
    await once(child.stdout, 'data');
    return child;
  }

  it('is waited for, then its holder is named', async () => {
    const long = await hold(60_000);
    const refused = await exported('refund');
    long.kill();
    await once(long, 'exit');
    expect(refused.stderr).toContain(`is held by process ${long.pid}`);
    expect(refused.code).toBe(1);
    await hold(500);
    expect((await exported('refund')).code).toBe(0);
  });
});
