import { readFileSync, renameSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { base, boolean, date, decimal, instant, integer, merge, type Product, text } from '../../lib/contract/index.ts';
import { DuckDb } from '../../lib/engines/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { needsAttention } from '../../lib/run/index.ts';
import { quarantined } from '../../lib/run/quarantine.ts';
import { lakeStatus } from '../../lib/run/status.ts';
import { parquetOf } from '../support/parquet.ts';
import { fileResult, ourPlan, paymentsPlan, tableResult, tempFolder, Workshop } from '../support/run-lake.ts';

const HEADER = 'id,timestamp,customer_id,merchant_id,amount';
const purchase = (id: string, rest = '2024-01-31T10:00:00Z,ann,m,1.00'): string => `${HEADER}\n${id},${rest}\n`;
const ids = async (shop: Workshop): Promise<string[]> =>
  (await shop.query('select id from base.purchase order by id')).map((row) => String(row.id));

const databaseOf = (shop: Workshop): Buffer => readFileSync(join(shop.lake, 'lake.duckdb'));

/** The refused files of a lake's status. */
async function refusedFiles(shop: Workshop): Promise<string[][]> {
  const status = await lakeStatus(shop.lake, shop.plan);
  if (status.state !== 'idle') throw new Error('the lake is held');
  const ofTables = status.tables.reduce((sum, table) => sum + table.refused_files, 0);
  expect(ofTables).toBe(status.refused.length);
  return status.refused.map(({ path, reason }) => [path, reason]);
}

describe('a file that the ledger knows', () => {
  /** A payments lake with one file, older than any clock's grain. */
  async function loaded(): Promise<Workshop> {
    const shop = new Workshop(paymentsPlan());
    const path = shop.put('purchase/a.csv', purchase('a'));
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    await shop.run();
    return shop;
  }

  test('is not opened again, and a run with nothing new leaves the database as it is, byte for byte', async () => {
    const shop = await loaded();
    const path = join(shop.raw, 'purchase/a.csv');
    const opened = statSync(path, { bigint: true }).atimeNs;
    const before = databaseOf(shop);
    const report = await shop.run();
    expect(report.result).toMatchObject({
      status: 'nothing_new',
      files: [{ path: 'purchase/a.csv', dataset: 'purchase', rows: 0, status: 'known' }],
    });
    expect(tableResult(report, 'base.purchase')).toMatchObject({ read: 0, accepted: 0, rows: 1 });
    expect(statSync(path, { bigint: true }).atimeNs).toBe(opened);
    expect(databaseOf(shop).equals(before)).toBe(true);
  });

  test('is judged by its stamp alone: size, times and inode', async () => {
    const shop = await loaded();
    // What a reader would refuse at once stands there, with the stamp that the ledger has.
    shop.put('purchase/a.csv', '\0'.repeat(30));
    const now = statSync(join(shop.raw, 'purchase/a.csv'), { bigint: true });
    const stamp = [now.size, now.mtimeNs, now.ctimeNs, now.ino].join(':');
    const db = await DuckDb.open({ path: join(shop.lake, 'lake.duckdb') });
    await db.run(`update ops.file set stamp = '${stamp}'`);
    db.close();
    expect(fileResult(await shop.run(), 'purchase/a.csv').status).toBe('known');
  });

  test('that was only touched is known, and remembered by its new stamp', async () => {
    const shop = await loaded();
    utimesSync(join(shop.raw, 'purchase/a.csv'), 1_650_000_000, 1_650_000_000);
    const report = await shop.run();
    expect(report.result.status).toBe('nothing_new');
    expect(fileResult(report, 'purchase/a.csv').status).toBe('known');
    const before = databaseOf(shop);
    await shop.run();
    expect(databaseOf(shop).equals(before)).toBe(true);
    expect(await shop.query('select count(*) as n from ops.file')).toEqual([{ n: 1n }]);
  });

  test.each([
    ['renamed', (shop: Workshop) => renameSync(join(shop.raw, 'purchase/a.csv'), join(shop.raw, 'purchase/b.csv'))],
    ['copied', (shop: Workshop) => shop.put('purchase/b.csv', purchase('a'))],
    ['compressed', (shop: Workshop) => shop.put('purchase/b.csv.gz', gzipSync(purchase('a')))],
  ] as const)('that was %s is a duplicate, at once and later', async (_, change) => {
    const shop = await loaded();
    change(shop);
    for (const attempt of [1, 2]) {
      const report = await shop.run();
      const b = report.result.files.find((file) => file.path.startsWith('purchase/b.'));
      expect({ attempt, status: b?.status, rows: b?.rows }).toEqual({ attempt, status: 'duplicate', rows: 0 });
      expect(report.result.status).toBe('nothing_new');
    }
    expect(await ids(shop)).toEqual(['a']);
  });

  test('that changed at its path is a new delivery where rows have a key; going back and forth settles', async () => {
    const shop = await loaded();
    shop.put('purchase/a.csv', purchase('b'));
    expect(fileResult(await shop.run(), 'purchase/a.csv').status).toBe('loaded');
    expect(await ids(shop)).toEqual(['a', 'b']);
    // The first content once more, at the same path: known, and after one look known by its stamp.
    shop.put('purchase/a.csv', purchase('a'));
    expect(fileResult(await shop.run(), 'purchase/a.csv').status).toBe('known');
    const before = databaseOf(shop);
    expect((await shop.run()).result.status).toBe('nothing_new');
    expect(databaseOf(shop).equals(before)).toBe(true);
  });

  test('that changed at its path is refused where rows have no key; under another name it is taken', async () => {
    const shop = new Workshop();
    shop.put('reviews/a.csv', 'review,product_id\n5,1\n');
    await shop.run({ only: ['base.reviews'] });
    shop.put('reviews/a.csv', 'review,product_id\n5,1\n4,1\n');
    const report = await shop.run({ only: ['base.reviews'] });
    expect(fileResult(report, 'reviews/a.csv')).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('deliver a new file instead'),
    });
    expect(needsAttention(report.result)).toBe(true);
    renameSync(join(shop.raw, 'reviews/a.csv'), join(shop.raw, 'reviews/b.csv'));
    expect(fileResult(await shop.run({ only: ['base.reviews'] }), 'reviews/b.csv').status).toBe('loaded');
    expect(await shop.query('select count(*) as n from base.reviews')).toEqual([{ n: 3n }]);
  });

  test('is refused there too when its path carried a copy of another file in between', async () => {
    const shop = new Workshop();
    const put = (path: string, stars: number) => shop.put(path, `review,product_id\n${stars},1\n`);
    const only = ['base.reviews'];
    put('reviews/a.csv', 5);
    put('reviews/b.csv', 4);
    await shop.run({ only });
    put('reviews/a.csv', 4);
    expect(fileResult(await shop.run({ only }), 'reviews/a.csv').status).toBe('duplicate');
    put('reviews/a.csv', 3);
    expect(fileResult(await shop.run({ only }), 'reviews/a.csv').status).toBe('refused');
    expect(await shop.query('select count(*) as n from base.reviews')).toEqual([{ n: 2n }]);
  });
});

describe('what is left alone', () => {
  test.each([
    ['purchase/b.csv.tmp', 'temporary'],
    ['purchase/.hidden.csv', 'hidden'],
    ['purchase/_temporary/b.csv', "begins with '_'"],
    ['purchase/_SUCCESS', "begins with '_'"],
    ['purchase/b.txt', 'unknown ending'],
    ['b.csv', 'in no dataset'],
  ])('%s', async (path, reason) => {
    const shop = new Workshop(paymentsPlan());
    shop.put('purchase/a.csv', purchase('a'));
    shop.put(path, purchase('b'));
    const report = await shop.run();
    expect(report.result.files.map((file) => file.path)).toEqual(['purchase/a.csv']);
    expect(report.notes.join('\n')).toContain(`left alone: ${reason}`);
    expect(needsAttention(report.result)).toBe(false);
    expect(await ids(shop)).toEqual(['a']);
  });

  test('a symbolic link, and a dataset that no contract reads', async () => {
    const shop = new Workshop(paymentsPlan());
    symlinkSync(shop.put('purchase/a.csv', purchase('a')), join(shop.raw, 'purchase/link.csv'));
    shop.put('stranger/a.csv', 'x\n1\n');
    const report = await shop.run();
    expect(report.result.files.map((file) => file.path)).toEqual(['purchase/a.csv']);
    expect(report.notes.join('\n')).toMatch(
      /stranger is ignored: no contract reads it[\s\S]*link\.csv is left alone: a symbolic link/,
    );
  });
});

describe('a folder dt= that names no real day', () => {
  test('is a folder like any other: its files arrived when they last changed', async () => {
    const shop = new Workshop(paymentsPlan());
    utimesSync(shop.put('purchase/dt=2026-02-31/a.csv', purchase('a')), 1_700_000_000, 1_700_000_000);
    expect(fileResult(await shop.run(), 'purchase/dt=2026-02-31/a.csv')).toMatchObject({ status: 'loaded', rows: 1 });
    expect(
      await shop.query(
        'select cast(arrived_on as varchar) as day, cast(_known_from as varchar) as known from ops.file, base.purchase',
      ),
    ).toEqual([{ day: '2023-11-14', known: '2023-11-15 00:00:00' }]);
  });
});

describe('a file that is refused', () => {
  const good = purchase('a');
  const cases: readonly (readonly [what: string, path: string, content: string | Buffer, reason: RegExp])[] = [
    [
      'lacks a required column',
      'bad.csv',
      'id,timestamp,customer_id,merchant_id\nb,2024-01-31T10:00:00Z,ann,m\n',
      /missing_column: .*amount/,
    ],
    ['has no header', 'bad.csv', `${good.split('\n')[1]}\n`, /amount; found 5 others: is the header missing\?$/],
    [
      'is separated by semicolons',
      'bad.csv',
      good.replaceAll(',', ';'),
      /amount; found 1 other with semicolons in it: is the file separated by semicolons\? Expected commas$/,
    ],
    [
      'is separated by tabs',
      'bad.csv',
      good.replaceAll(',', '\t'),
      /amount; found 1 other with tabs in it: is the file separated by tabs\? Expected commas$/,
    ],
    ['has two columns of one name', 'bad.csv', `${HEADER},id\n`, /duplicate_header/],
    ['is empty', 'bad.csv', '', /empty_file/],
    ['is UTF-16', 'bad.csv', Buffer.from(`\ufeff${good}`, 'utf16le'), /not_utf8/],
    ['is gzip cut short', 'bad.csv.gz', gzipSync(good.repeat(50)).subarray(0, 60), /corrupt_gzip/],
    ['is gzip with a wrong checksum', 'bad.csv.gz', withWrongChecksum(gzipSync(good)), /corrupt_gzip/],
    ['is no Parquet', 'bad.parquet', good, /corrupt_parquet/],
    ['is half a JSON array', 'bad.json', '[{"id":"b"', /invalid_json/],
  ];

  test.each(cases)(
    '%s: whole, with a reason, in every run, and costs nobody else a row',
    async (_, name, content, reason) => {
      const shop = new Workshop(paymentsPlan());
      shop.put('purchase/a.csv', good);
      shop.put(`purchase/${name}`, content);
      shop.put('purchase/c.csv', purchase('c'));
      for (const status of ['ok', 'nothing_new']) {
        const report = await shop.run();
        expect(report.result.status).toBe(status);
        expect(fileResult(report, `purchase/${name}`)).toMatchObject({
          status: 'refused',
          rows: 0,
          reason: expect.stringMatching(reason),
        });
        expect(needsAttention(report.result)).toBe(true);
      }
      expect(await ids(shop)).toEqual(['a', 'c']);
      expect(await refusedFiles(shop)).toEqual([[`purchase/${name}`, expect.stringMatching(reason)]]);
      expect(await shop.query('select count(*) as n from ops.file')).toEqual([{ n: 2n }]);
      shop.put(`purchase/${name.replace(/\..*/, '.csv')}`, purchase('b'));
      if (name !== 'bad.csv') shop.remove(`purchase/${name}`);
      expect(needsAttention((await shop.run()).result)).toBe(false);
      expect(await refusedFiles(shop)).toEqual([]);
      expect(await ids(shop)).toEqual(['a', 'b', 'c']);
    },
  );
});

function withWrongChecksum(gzip: Buffer): Buffer {
  const bytes = Buffer.from(gzip);
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 0xff;
  return bytes;
}

describe('a quarantined record', () => {
  test('keeps what stood in the place of a value: an object, an array, cut to 200 characters', async () => {
    const shop = new Workshop(paymentsPlan());
    const long = `[${'1,'.repeat(200)}1]`;
    const values = ['{"name": "ann", "of": [1, {"a": "}"}]}', '[ ]', '["a\\"b"]', long];
    const lines = values.map(
      (value, at) =>
        `{"id":"p${at}","timestamp":"2024-01-31T10:00:00Z","customer_id":${value},"merchant_id":"m","amount":1.5}`,
    );
    shop.put('purchase/a.jsonl', `${lines.join('\n')}\n`);
    await shop.run();
    const rows = await shop.query('select reasons, raw from ops.quarantine order by record');
    expect(rows.map(({ reasons }) => reasons)).toEqual(values.map(() => ['customer_id:json_type']));
    expect(rows.map(({ raw }) => JSON.parse(String(raw)))).toEqual(
      values.map((value, at) => ({
        id: `p${at}`,
        timestamp: '2024-01-31T10:00:00Z',
        customer_id: value.slice(0, 200),
        merchant_id: 'm',
        amount: '1.5',
      })),
    );
  });
});

describe('columns and names', () => {
  test('are matched by name in any order; an extra one is reported and ignored, a nullable one may be missing', async () => {
    const shop = new Workshop(paymentsPlan());
    shop.put('purchase/a.csv', 'colour,amount,merchant_id,timestamp,id\nred,1.50,m,2024-01-31T10:00:00Z,a\n');
    const report = await shop.run();
    expect(report.notes).toContain('purchase/a.csv: columns that no contract knows were ignored: colour');
    expect(await shop.query('select id, customer_id, amount from base.purchase')).toEqual([
      { id: 'a', customer_id: null, amount: '1.50' },
    ]);
  });

  // The engine's readers take a path for a pattern; browsers and exports name files like this.
  test.each(['a[1]', 'b*', 'what?', "o'clock", 'a b', '(2)', '%20', 'ü', 'x{a,b}', '**', '[!a]', '-', '#', '"'])(
    'a file may be called %s, and only it is read',
    async (name) => {
      const shop = new Workshop(paymentsPlan());
      const parquet = await parquetOf(
        "select 'q' as id, timestamp '2024-01-01' as timestamp, 'm' as merchant_id, 1.5 as amount",
      );
      shop.put(`purchase/${name}.csv`, purchase('x'));
      shop.put(`purchase/${name}.parquet`, parquet);
      // What the pattern would find instead or beside it.
      for (const other of ['a1', 'bb', 'what1', 'b'])
        shop.put(`refund/${other}.csv`, 'id,timestamp,parent_id,amount\nr,2024-01-31T10:00:00Z,x,1.00\n');
      for (const other of ['a1', 'bb', 'what1', 'b']) shop.put(`purchase/${other}.csv`, purchase(`only-${other}`));
      const report = await shop.run();
      expect(
        report.result.files.filter((file) => file.status === 'loaded' && file.dataset === 'purchase'),
      ).toHaveLength(6);
      expect(await shop.query('select id, _raw_file from base.purchase order by id')).toEqual([
        ...['a1', 'b', 'bb', 'what1'].map((other) => ({ id: `only-${other}`, _raw_file: `purchase/${other}.csv` })),
        { id: 'q', _raw_file: `purchase/${name}.parquet` },
        { id: 'x', _raw_file: `purchase/${name}.csv` },
      ]);
    },
  );

  // From 1 MiB on plain lines go through the engine's own reader; below, through the splitter.
  test('large files: the engine reads the right file, and every row knows its file and record', async () => {
    const shop = new Workshop(paymentsPlan());
    const large = (prefix: string, dirty: boolean) => {
      const lines = Array.from({ length: 20_000 }, (_, at) => {
        // Some are quoted, some broken, one line is blank: none of that shifts a number.
        const id = dirty && at % 1000 === 7 ? `"${prefix}${at + 1}"` : `${prefix}${at + 1}`;
        const amount = dirty && at % 5000 === 11 ? '"1.00' : '1.00';
        return `${id},2024-01-31T10:00:00Z,ann,merchant with a long name,${amount}${dirty && at === 100 ? '\n' : ''}`;
      });
      return `${HEADER}\n${lines.join('\n')}\n`;
    };
    // Clean files are read where they stand, dirty ones through a copy.
    const files = [
      ['purchase/a1.csv', 'v', false],
      ['purchase/a[1].csv', 'w', false],
      ['purchase/b*.csv', 'x', false],
      ['purchase/c[1].csv', 'y', true],
      ['purchase/d.csv', 'z', true],
    ] as const;
    for (const [path, prefix, dirty] of files) shop.put(path, large(prefix, dirty));
    const report = await shop.run({ only: ['base.purchase'] });
    expect(tableResult(report, 'base.purchase')).toMatchObject({ read: 100_000, quarantined: 8, accepted: 99_992 });
    expect(
      await shop.query(
        'select _raw_file, left(id, 1) as prefix, count(*) as n, count(case when cast(substr(id, 2) as bigint) <> _record then 1 end) as shifted from base.purchase group by all order by 1',
      ),
    ).toEqual(
      files.map(([path, prefix, dirty]) => ({ _raw_file: path, prefix, n: dirty ? 19_996n : 20_000n, shifted: 0n })),
    );
  });

  test('a lake and a raw zone may lie in a folder with such a name', async () => {
    const shop = new Workshop(paymentsPlan(), join(tempFolder(), 'my [lake] *'));
    shop.put('purchase/a.csv', purchase('a'));
    shop.put('purchase/b.csv.gz', gzipSync(purchase('b')));
    shop.put('purchase/c.csv', `${purchase('c')}"d",2024-01-31T10:00:00Z,ann,m,1.00\n`);
    await shop.run();
    expect(await ids(shop)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('typed Parquet values', () => {
  const facts: Product = {
    name: 'facts',
    description: 'A fact of each type.',
    datasets: [
      base({
        name: 'fact',
        product: 'facts',
        owner: 'facts',
        description: 'One row per fact.',
        row: {
          id: integer(),
          at: instant().nullable(),
          amount: decimal(12, 2).nullable(),
          whole: decimal(20, 0).nullable(),
          day: date().nullable(),
          ok: boolean().nullable(),
          words: text().nullable(),
        },
        grain: ['id'],
        eventTime: null,
        write: merge(),
      }),
    ],
    exposures: [],
  };
  const plan = compile([facts], {});
  const stored = async (select: string) => {
    const shop = new Workshop(plan);
    shop.put('fact/a.parquet', await parquetOf(`select 1 as id, ${select}`));
    const report = await shop.run();
    return { shop, report };
  };

  test.each([
    { select: "timestamp_ns '2024-01-02 03:04:05.123456' as at", column: 'at', value: '2024-01-02T03:04:05.123456' },
    { select: "timestamp_ns '2024-01-02 03:04:05' as at", column: 'at', value: '2024-01-02T03:04:05' },
    { select: "timestamp_ms '2024-01-02 03:04:05.5' as at", column: 'at', value: '2024-01-02T03:04:05.5' },
    { select: "timestamptz '2024-01-02 03:04:05+02' as at", column: 'at', value: '2024-01-02T01:04:05' },
    { select: 'cast(1.5 as decimal(9,4)) as amount', column: 'amount', value: '1.50' },
    { select: 'cast(-0.25 as decimal(38,10)) as amount', column: 'amount', value: '-0.25' },
    { select: 'cast(100 as decimal(9,0)) as amount', column: 'amount', value: '100.00' },
    { select: '100 as amount', column: 'amount', value: '100.00' },
    { select: 'cast(12345678901234567890 as hugeint) as whole', column: 'whole', value: null, refused: true },
    { select: 'cast(18446744073709551615 as ubigint) as whole', column: 'whole', value: '18446744073709551615' },
    { select: 'cast(12.000 as decimal(9,3)) as whole', column: 'whole', value: '12' },
    { select: "date '2024-02-29' as day", column: 'day', value: '2024-02-29' },
    { select: 'true as ok', column: 'ok', value: true },
    { select: "' padded ' as words", column: 'words', value: ' padded ' },
    { select: "'' as words", column: 'words', value: null },
    { select: "'1.25' as amount", column: 'amount', value: '1.25' },
  ])('$select is taken without loss', async ({ select, column, value, refused }) => {
    const { shop, report } = await stored(select);
    if (refused) return expect(fileResult(report, 'fact/a.parquet').status).toBe('refused');
    expect(tableResult(report, 'base.fact')).toMatchObject({ read: 1, accepted: 1 });
    expect(await shop.query(`select "${column}" as v from base.fact`)).toEqual([{ v: value }]);
  });

  test.each([
    { select: "timestamp_ns '2024-01-02 03:04:05.123456789' as at", reason: /at is not a time as/ },
    {
      select: 'cast(1.255 as decimal(9,3)) as amount',
      reason: /amount is not a decimal with at most 10 digits before and 2 after/,
    },
    { select: 'cast(1e11 as decimal(20,2)) as amount', reason: /amount is not a decimal/ },
    { select: 'cast(0.5 as decimal(9,3)) as whole', reason: /whole is not a decimal/ },
  ])('$select would lose something: the record is quarantined', async ({ select, reason }) => {
    const { shop, report } = await stored(select);
    expect(tableResult(report, 'base.fact')).toMatchObject({ read: 1, quarantined: 1 });
    const { rows } = await quarantined(shop.lake, plan.tables, 0);
    expect(rows).toMatchObject([{ file: 'fact/a.parquet', record: 1n, reasons: [expect.stringMatching(reason)] }]);
  });

  test.each([
    'cast(1.5 as double) as amount',
    'cast(1.5 as float) as amount',
    'cast(1 as double) as whole',
    "date '2024-01-01' as at",
    "timestamp '2024-01-01' as day",
    '1 as ok',
    '1 as words',
    '[1] as words',
    "{'a': 1} as words",
  ])('%s could lose something: the file is refused', async (select) => {
    const { report } = await stored(select);
    expect(fileResult(report, 'fact/a.parquet')).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('column_type'),
    });
  });

  test('folders dt= are a delivery, not a column; record numbers count from 1 in each file', async () => {
    const shop = new Workshop(plan);
    shop.put('fact/dt=2024-01-01/a.parquet', await parquetOf("select i as id, 'x' as words from range(1, 4) as t(i)"));
    shop.put('fact/dt=2024-01-02/a.parquet', await parquetOf('select i as id, 7 as dt from range(4, 6) as t(i)'));
    const report = await shop.run();
    expect(report.notes).toContain('fact/dt=2024-01-02/a.parquet: columns that no contract knows were ignored: dt');
    expect(report.notes).toHaveLength(1);
    expect(
      await shop.query(
        'select id, _raw_file, _record, cast(_known_from as varchar) as known from base.fact order by id',
      ),
    ).toEqual(
      [1, 2, 3, 4, 5].map((id) => ({
        id: BigInt(id),
        _raw_file: `fact/dt=2024-01-0${id < 4 ? 1 : 2}/a.parquet`,
        _record: BigInt(id < 4 ? id : id - 3),
        known: `2024-01-0${id < 4 ? 2 : 3} 00:00:00`,
      })),
    );
    expect(await shop.query('select cast(arrived_on as varchar) as day from ops.file order by 1')).toEqual([
      { day: '2024-01-01' },
      { day: '2024-01-02' },
    ]);
  });

  test('a file cut at its end, or in the middle, is refused', async () => {
    const whole = await parquetOf("select i as id, repeat('x', 50) || i as words from range(1, 20000) as t(i)");
    const shop = new Workshop(plan);
    const half = Math.floor(whole.length / 2);
    const middle = Buffer.from(whole);
    middle.fill(0x55, 1000, half);
    shop.put('fact/cut.parquet', whole.subarray(0, half));
    shop.put('fact/middle.parquet', middle);
    shop.put('fact/whole.parquet', await parquetOf('select 1 as id'));
    const report = await shop.run();
    expect(report.result.files.map(({ path, status }) => [path, status])).toEqual([
      ['fact/cut.parquet', 'refused'],
      ['fact/middle.parquet', 'refused'],
      ['fact/whole.parquet', 'loaded'],
    ]);
    expect(tableResult(report, 'base.fact')).toMatchObject({ read: 1, accepted: 1, rows: 1 });
  });
});

describe('one dataset', () => {
  test('may arrive in every format at once: the same record is the same record', async () => {
    const shop = new Workshop(paymentsPlan());
    const json = '{"id":"a","timestamp":"2024-01-31T10:00:00Z","customer_id":"ann","merchant_id":"m","amount":1.00}';
    shop.put('purchase/1.csv', purchase('a'));
    shop.put('purchase/2.jsonl', `${json}\n`);
    shop.put('purchase/3.jsonl.gz', gzipSync(`${json} \n`));
    shop.put('purchase/4.json', `[${json}]`);
    shop.put('purchase/5.json', json);
    shop.put('purchase/6.csv', purchase('a').replaceAll('\n', '\r\n'));
    shop.put(
      'purchase/7.parquet',
      await parquetOf(
        "select 'a' as id, timestamp '2024-01-31 10:00:00' as timestamp, 'ann' as customer_id, 'm' as merchant_id, 1.000 as amount",
      ),
    );
    const report = await shop.run();
    expect(tableResult(report, 'base.purchase')).toMatchObject({
      read: 7,
      accepted: 1,
      duplicate: 6,
      superseded: 0,
      rows: 1,
    });
    expect(await shop.query('select file, fate from ops.discard order by file')).toHaveLength(6);
  });

  test('with no folder at all is an empty table', async () => {
    const report = await new Workshop(ourPlan()).run();
    expect(report.result.status).toBe('ok');
    expect(report.result.tables.every((table) => table.rows <= 1)).toBe(true);
    expect(report.result.files).toEqual([]);
  });
});
