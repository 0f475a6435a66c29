import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateSample, type Manifest } from '../../lib/sample/index.ts';
import { contracts } from './judge.ts';

const out = mkdtempSync(join(tmpdir(), 'sample-engine-'));
let manifest: Manifest;
let connection: DuckDBConnection;
beforeAll(async () => {
  manifest = await generateSample({ out, dirt: 0, rows: 5000 });
  connection = await (await DuckDBInstance.create()).connect();
});

const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();

function reader(path: string): string {
  if (path.endsWith('.parquet')) return `read_parquet('${join(out, path)}')`;
  if (/[.]csv/.test(path))
    return `read_csv('${join(out, path)}', all_varchar = true, header = true, parallel = false, delim = ',', quote = '"', escape = '"')`;
  if (/[.]log/.test(path))
    return `(select line from read_csv('${join(out, path)}', auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', columns = {'line': 'VARCHAR'}) where line <> '')`;
  return `read_json('${join(out, path)}')`;
}

/** Trees have readers of their own: `naive-trees.ts`. */
const isTree = (dataset: string): boolean => contracts.get(dataset)?.records !== undefined;

describe('a plain reader of DuckDB', () => {
  it('finds the records of every clean file', async () => {
    for (const { path, dataset, records } of manifest.files) {
      if (isTree(dataset)) continue;
      const [found] = await rows(`select count(*) as n from ${reader(path)}`);
      expect(Number(found?.n), path).toBe(records);
    }
  });

  it('finds the keys of every clean dataset', async () => {
    for (const [name, totals] of Object.entries(manifest.totals)) {
      const column = contracts.get(name)?.grain[0];
      if (column === undefined || isTree(name)) continue;
      const files = manifest.files.filter(({ dataset }) => dataset === name);
      const all = files.map(({ path }) => `select "${column}"::varchar as k from ${reader(path)}`).join(' union all ');
      const [found] = await rows(`select count(distinct k) as n from (${all})`);
      expect(Number(found?.n), name).toBe(totals.accepted);
    }
  });

  it.each([
    ['refund', { id: 'VARCHAR', timestamp: 'TIMESTAMP', parent_id: 'VARCHAR', amount: 'DECIMAL(12,2)' }],
    ['orders', { order_id: 'BIGINT', order_date: 'DATE', unit_price: 'DECIMAL(12,2)', quantity: 'BIGINT' }],
    ['dim_dates', { calendar_dt: 'DATE', year_num: 'BIGINT', working_day: 'BOOLEAN' }],
    ['reviews', { review: 'BIGINT', product_id: 'BIGINT' }],
  ])('sees the types of Parquet files of %s', async (dataset, types) => {
    const path = manifest.files.find((file) => file.dataset === dataset && file.path.endsWith('.parquet'))?.path ?? '';
    const described = await rows(`describe select * from ${reader(path)}`);
    const found = Object.fromEntries(described.map(({ column_name, column_type }) => [column_name, column_type]));
    expect(found).toMatchObject(types);
  });

  it('sees the same orders whatever the format', async () => {
    const files = manifest.files.filter(({ dataset }) => dataset === 'orders');
    const all = files.map(
      ({ path }) =>
        `select order_id::bigint as o, total_price::decimal(12,2) as t, unit_price::decimal(12,2) * quantity::bigint as c from ${reader(path)}`,
    );
    const [found] = await rows(
      `select count(*) as n, min(o) as lo, max(o) as hi, count_if(t <> c) as odd from (${all.join(' union all ')})`,
    );
    expect(found).toEqual({ n: '5000', lo: '100001', hi: '105000', odd: '0' });
  });
});

describe('a large sample', () => {
  it('is written in bounded memory', () => {
    const script = `
      import { generateSample } from '${fileURLToPath(new URL('../../lib/sample/index.ts', import.meta.url))}';
      const manifest = await generateSample({ out: '${join(out, 'large')}', rows: 1_000_000, days: 2, dirt: 0 });
      console.log(JSON.stringify({ read: manifest.totals.purchase.read, peak: process.resourceUsage().maxRSS / 1024 }));`;
    const run = spawnSync(
      process.execPath,
      ['--max-old-space-size=64', '--import', 'tsx', '--input-type=module', '--eval', script],
      { encoding: 'utf8', cwd: fileURLToPath(new URL('../..', import.meta.url)) },
    );
    expect(run.stderr).toBe('');
    const { read, peak } = JSON.parse(run.stdout);
    expect(read).toBe(1_000_000);
    expect(peak).toBeLessThan(400);
  });
});
