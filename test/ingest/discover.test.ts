import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover, identify, UnreadableFolder } from '../../lib/ingest/index.ts';
import { workshop } from './harness.ts';

const shop = workshop();
const raw = join(shop.dir, 'raw');
const put = (path: string | Buffer, text = 'id\n1\n') => writeFileSync(path, text);

beforeAll(() => {
  const paths = [
    'orders/a.csv',
    'orders/dt=2024-02-29/b.csv.gz',
    'orders/dt=2024-02-30x/c.jsonl',
    'orders/dt=2024-02-31/o.csv',
    'orders/dt=2024-02-31/dt=2024-02-29/q.csv',
    'orders/x/dt=2024-03-01/y/d.jsonl.gz',
    'orders/B.json',
    'orders/é.json.gz',
    'payments/p.parquet',
    'payments/with \' " space\n.csv',
    'payments/日本/e.csv',
    'orders/f.csv.tmp',
    'orders/g.tmp',
    'orders/.hidden.csv',
    'orders/_SUCCESS',
    'orders/h.txt',
    'orders/noending',
    'orders/.csv',
    'orders/I.CSV',
    'orders/_temporary/0/j.csv',
    'orders/.staging/k.csv',
    'orders/half.tmp/n.csv',
    '_meta/l.csv',
    'top.csv',
    'orders/csv',
    'orders/j.xls.gz',
    'orders/x.xml',
    'orders/x.xml.gz',
  ];
  for (const path of paths) {
    mkdirSync(dirname(join(raw, path)), { recursive: true });
    put(join(raw, path));
  }
  mkdirSync(join(raw, 'orders/empty.csv'));
  mkdirSync(join(shop.dir, 'outside'));
  put(join(shop.dir, 'outside/m.csv'));
  symlinkSync(join(raw, 'orders/a.csv'), join(raw, 'orders/link.csv'));
  symlinkSync(join(shop.dir, 'outside'), join(raw, 'orders/linked'));
  symlinkSync(join(raw, 'nowhere'), join(raw, 'orders/broken.csv'));
  put(Buffer.concat([Buffer.from(`${raw}/orders/`), Buffer.from([0x63, 0xe9]), Buffer.from('.csv')]));
});
afterAll(shop.end);

describe('discovering the raw zone', () => {
  it('finds every data file at any depth, in the order of code units', async () => {
    const { files } = await discover(raw);
    expect(
      files.map(({ path, dataset, format, gzip, arrivalDay }) => [path, dataset, format, gzip, arrivalDay]),
    ).toEqual([
      ['orders/B.json', 'orders', 'json', false, null],
      ['orders/a.csv', 'orders', 'csv', false, null],
      ['orders/c\\xe9.csv', 'orders', 'csv', false, null],
      ['orders/dt=2024-02-29/b.csv.gz', 'orders', 'csv', true, '2024-02-29'],
      ['orders/dt=2024-02-30x/c.jsonl', 'orders', 'jsonl', false, null],
      ['orders/dt=2024-02-31/dt=2024-02-29/q.csv', 'orders', 'csv', false, '2024-02-29'],
      ['orders/dt=2024-02-31/o.csv', 'orders', 'csv', false, null],
      ['orders/x.xml', 'orders', 'xml', false, null],
      ['orders/x.xml.gz', 'orders', 'xml', true, null],
      ['orders/x/dt=2024-03-01/y/d.jsonl.gz', 'orders', 'jsonl', true, '2024-03-01'],
      ['orders/é.json.gz', 'orders', 'json', true, null],
      ['payments/p.parquet', 'payments', 'parquet', false, null],
      ['payments/with \' " space\n.csv', 'payments', 'csv', false, null],
      ['payments/日本/e.csv', 'payments', 'csv', false, null],
    ]);
    expect(files[1]).toMatchObject({ size: 5, absolute: join(raw, 'orders/a.csv') });
    expect(files[1]?.mtimeNs).toMatch(/^\d{19}$/);
  });

  it('says what it leaves alone, and why', async () => {
    const { ignored } = await discover(raw);
    const reasons = ignored.map(({ path, reason }) => [path, reason.split(/[ ;:]/)[0]]);
    expect(reasons).toEqual([
      ['_meta', 'begins'],
      ['orders/.csv', 'hidden'],
      ['orders/.hidden.csv', 'hidden'],
      ['orders/.staging', 'hidden'],
      ['orders/I.CSV', 'unknown'],
      ['orders/_SUCCESS', 'begins'],
      ['orders/_temporary', 'begins'],
      ['orders/broken.csv', 'a'],
      ['orders/csv', 'unknown'],
      ['orders/f.csv.tmp', 'temporary'],
      ['orders/g.tmp', 'temporary'],
      ['orders/h.txt', 'unknown'],
      ['orders/half.tmp', 'temporary'],
      ['orders/j.xls.gz', 'unknown'],
      ['orders/link.csv', 'a'],
      ['orders/linked', 'a'],
      ['orders/noending', 'unknown'],
      ['top.csv', 'in'],
    ]);
    expect(ignored.find(({ path }) => path === 'orders/link.csv')?.reason).toContain('symbolic link');
  });

  it('gives a file whose name is no text a content with a name that is', async () => {
    const file = (await discover(raw)).files.find(({ path }) => path.includes('\\xe9'));
    if (file === undefined) throw new Error('not found');
    const { content, bytes } = await identify(file, join(shop.dir, 'scratch'));
    expect([bytes, content.startsWith(join(shop.dir, 'scratch'))]).toEqual([5, true]);
  });

  it('names the next step when there is no raw zone, or no folder', async () => {
    await expect(discover(join(shop.dir, 'nowhere'))).rejects.toThrow(/nowhere: cannot list .*lakehouse sample/);
    await expect(discover(join(raw, 'top.csv'))).rejects.toThrow(UnreadableFolder);
  });
});
