import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSqlFiles } from '../../lib/cli/plan-files.ts';
import { compile } from '../../lib/plan/compile.ts';
import { products } from '../../lib/products/index.ts';
import { queryLake, run } from '../../lib/run/index.ts';
import { quarantined } from '../../lib/run/quarantine.ts';

const plan = compile(products, readSqlFiles(new URL('../../sql/', import.meta.url).pathname));
const AS_OF = '2026-06-30';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakehouse-bounds-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const load = (only: string) =>
  run(join(folder, 'lake'), {
    plan,
    raw: join(folder, 'raw'),
    asOf: AS_OF,
    only: [only],
    rebuild: [],
    onEvent: () => undefined,
  });

describe('what a lake leaves alone and what it keeps', () => {
  it('touches no folder in the lake that is not its own', async () => {
    put('raw/void/a.csv', 'id,timestamp,parent_id,amount\nv1,2026-01-01T00:00:00Z,,1.00\n');
    put('lake/scratch/thesis.txt', 'precious');
    await load('base.void');
    expect(readFileSync(join(folder, 'lake/scratch/thesis.txt'), 'utf8')).toBe('precious');
  });

  it.each([
    ['a text file', (path: string) => `select * from read_text('${path}')`],
    ['a CSV file', (path: string) => `select * from read_csv('${path}')`],
  ])('lets a query read the lake, but not %s of the machine', async (_, sql) => {
    put('raw/void/a.csv', 'id,timestamp,parent_id,amount\nv1,2026-01-01T00:00:00Z,,1.00\n');
    put('secret.csv', 'a\n1\n');
    await load('base.void');
    const lake = join(folder, 'lake');
    await expect(queryLake(lake, plan, 'select count(*) as n from void', AS_OF)).resolves.toMatchObject({
      rows: [{ n: 1n }],
    });
    await expect(queryLake(lake, plan, sql(join(folder, 'secret.csv')), AS_OF)).rejects.toThrow();
  });

  it('keeps a JSON value of the wrong type, for whoever mends the record', async () => {
    put('raw/void/a.jsonl', '{"id":"v1","timestamp":"2026-01-01T00:00:00Z","parent_id":null,"amount":"30.00"}\n');
    await load('base.void');
    const { rows } = await quarantined(join(folder, 'lake'), plan.tables, 0);
    expect(rows).toMatchObject([{ record: 1n, reasons: ['amount has another JSON type than the contract'] }]);
    expect(JSON.parse(String(rows[0]?.raw))).toMatchObject({ id: 'v1', amount: '30.00' });
  });

  it('says that equal files of a dataset without a key count once', async () => {
    for (const day of ['2026-01-01', '2026-01-02']) put(`raw/reviews/dt=${day}/a.csv`, 'review,product_id\n5,1\n');
    const { notes, result } = await load('base.reviews');
    expect(result.tables.find((table) => table.name === 'base.reviews')).toMatchObject({ read: 1, rows: 1 });
    expect(notes).toContainEqual(expect.stringContaining('reviews/dt=2026-01-02/a.csv has the very content'));
  });
});
