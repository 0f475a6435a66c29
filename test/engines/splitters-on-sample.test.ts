import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../lib/ingest/index.ts';
import type { Load } from '../../lib/plan/index.ts';
import { generateSample, type Manifest } from '../../lib/sample/index.ts';
import { PLAN } from '../support/oracle-lake.ts';
import { SplitterThere, splitHere } from './two-splitters.ts';

const there = await SplitterThere.start();
const out = mkdtempSync(join(tmpdir(), 'splitters-sample-'));
let manifest: Manifest;
beforeAll(async () => {
  manifest = await generateSample({ out, rows: 3000 });
});
afterAll(() => {
  there.end();
  rmSync(out, { recursive: true });
});

const loads = new Map(
  PLAN.tables.flatMap(({ making, columns }) =>
    making.kind === 'load' ? [[making.source, { columns, making: making satisfies Load }]] : [],
  ),
);

describe('the sample, with all of its dirt', () => {
  it('is read alike by both splitters, file by file', async () => {
    const formats = new Set<string>();
    for (const { path, dataset } of manifest.files) {
      const load = loads.get(dataset);
      if (load === undefined || path.endsWith('.parquet')) continue;
      const bytes = readFileSync(join(out, path));
      // The header of a CSV file says its columns; which of them a table takes is settled behind the splitter.
      const columns = /[.]csv/.test(path) ? null : load.columns;
      const one = { name: basename(path), bytes, columns, recordsIn: load.making.records };
      const found = await there.split(one);
      expect(found, path).toEqual(await splitHere(one));
      expect('records' in found, path).toBe(true);
      formats.add(path.replace(/^[^.]*[.]/, ''));
    }
    expect([...formats].sort()).toEqual([
      'csv',
      'csv.gz',
      'json',
      'jsonl',
      'jsonl.gz',
      'log',
      'log.gz',
      'xml',
      'xml.gz',
    ]);
  });
});

describe('the paths of a raw zone', () => {
  const paths = [
    'orders/a.csv',
    'orders/dt=2024-02-29/b.csv.gz',
    'orders/dt=2024-02-30x/c.jsonl',
    'orders/dt=2024-13-01/c.jsonl',
    'orders/dt=2024-02-31/o.csv',
    'orders/dt=2023-02-29/dt=2024-02-29/q.csv',
    'orders/dt=0000-01-01/r.csv',
    'orders/dt=9999-12-31/r.csv',
    'orders/x/dt=2024-03-01/y/d.jsonl.gz',
    'orders/B.json',
    'orders/é.json.gz',
    'payments/p.parquet',
    'payments/日本/e.csv',
    'orders/f.csv.tmp',
    'orders/.hidden.csv',
    'orders/_SUCCESS',
    'orders/h.txt',
    'orders/noending',
    'orders/I.CSV',
    'orders/_temporary/0/j.csv',
    'orders/.staging/k.csv',
    'orders/half.tmp/n.csv',
    '_meta/l.csv',
    'top.csv',
    'orders/csv',
    'orders/j.xls.gz',
    'orders/x.xml.gz',
    'orders/x.log',
  ];

  /** A raw zone with these files. */
  const rawZone = (): string => {
    const raw = mkdtempSync(join(tmpdir(), 'splitters-paths-'));
    for (const path of paths) {
      mkdirSync(join(raw, dirname(path)), { recursive: true });
      writeFileSync(join(raw, path), '');
    }
    return raw;
  };

  it('are raw files, or left alone for the same reason', async () => {
    const { files, ignored } = await discover(rawZone());
    const found = await there.rawFiles(paths);
    paths.forEach((path, n) => {
      const file = files.find((one) => one.path === path);
      // A folder that is left alone is not listed: the reason stands at the folder.
      const reason = ignored.find((one) => path === one.path || path.startsWith(`${one.path}/`))?.reason;
      const { dataset, format, gzip, arrivalDay } = file ?? {};
      expect(found[n], path).toEqual(file ? { dataset, path, format, gzip, arrival_day: arrivalDay } : reason);
    });
  });

  it('are listed alike in a folder, with what is no file; one whose name is no text, which only this machine reads, is left alone there', async () => {
    const raw = rawZone();
    for (const [target, link] of [
      ['orders/B.json', 'orders/link.json'],
      ['orders/x', 'linked'],
      ['nowhere', 'orders/broken.csv'],
      ['orders/x', 'orders/linked.tmp'],
      ['orders/x', 'orders/_linked'],
    ] as const)
      symlinkSync(join(raw, target), join(raw, link));
    execFileSync('mkfifo', [join(raw, 'orders/pipe.csv')]);
    writeFileSync(Buffer.concat([Buffer.from(`${raw}/orders/c`), Buffer.from([0xe9]), Buffer.from('.csv')]), '');
    const { files, ignored } = await discover(raw);
    const here = [...files.map(({ path }) => [path, null]), ...ignored.map(({ path, reason }) => [path, reason])];
    expect(await there.listed(raw)).toEqual({
      ...Object.fromEntries(here),
      'orders/c\\xe9.csv': 'its name is not UTF-8, by which Spark finds it: rename it',
    });
  });
});
