import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSqlFiles } from '../../lib/cli/plan-files.ts';
import { DuckDb } from '../../lib/engines/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { products } from '../../lib/products/index.ts';
import { queryLake, run } from '../../lib/run/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'lakehouse-parquet-'));
const plan = compile(products, readSqlFiles(new URL('../../sql/', import.meta.url).pathname));

/** Loads one Parquet file of purchases that a select makes. */
async function load(name: string, select: string) {
  const [raw, lake] = [join(folder, name, 'raw'), join(folder, name, 'lake')];
  mkdirSync(join(raw, 'purchase'), { recursive: true });
  const db = await DuckDb.open();
  await db.run(`copy (${select}) to '${join(raw, 'purchase', 'p.parquet')}'`);
  db.close();
  const request = { plan, raw, asOf: '2026-06-30', only: ['payments'], rebuild: [], onEvent: () => undefined };
  const { result } = await run(lake, request);
  const query = (sql: string) => queryLake(lake, plan, { sql: { duckdb: sql } }, '2026-06-30').then(({ rows }) => rows);
  return { file: result.files[0], purchase: result.tables.find((table) => table.name === 'base.purchase'), query };
}

const ROW = "'p1' as id, timestamp '2026-01-01' as \"timestamp\", 'm' as merchant_id, 1.50::decimal(12,2) as amount";

describe('Parquet that typed readers trip over', () => {
  it('takes a nullable column without any value, whatever type its writer gave it', async () => {
    const { file, purchase } = await load('all-null', `select ${ROW}, null as customer_id`);
    expect(file?.status).toBe('loaded');
    expect(purchase).toMatchObject({ read: 1, accepted: 1 });
  });

  it('refuses the same type once there is a value in it', async () => {
    const { file } = await load('not-null', `select ${ROW}, 5 as customer_id`);
    expect(file).toMatchObject({ status: 'refused', reason: expect.stringContaining('column_type') });
  });

  it('quarantines text with a NUL, as every other format does', async () => {
    const { purchase, query } = await load('nul', `select ${ROW}, 'a' || chr(0) || 'b' as customer_id`);
    expect(purchase).toMatchObject({ read: 1, quarantined: 1 });
    expect(await query('select reasons from ops.quarantine')).toEqual([{ reasons: ['customer_id:nul'] }]);
  });

  it('takes microseconds with a zone as UTC', async () => {
    const { purchase, query } = await load(
      'zone',
      `select 'p1' as id, timestamptz '2026-01-01 01:00:00.123456+02' as "timestamp", 'c' as customer_id, 'm' as merchant_id, 1.5::decimal(3,1) as amount`,
    );
    expect(purchase).toMatchObject({ accepted: 1 });
    expect(await query('select "timestamp" as t, amount from {{base.purchase}}')).toEqual([
      { t: '2025-12-31T23:00:00.123456', amount: '1.50' },
    ]);
  });
});
