import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { Workshop } from '../support/run-lake.ts';

const purchases = (id: string, column: string): string =>
  `id,timestamp,customer_id,merchant_id,amount,${column}\n${id},2026-01-05T10:00:00Z,c1,m1,10.00,x\n`;

describe('notes of a run', () => {
  it('say once what is the same in several files, and all of it when asked to', async () => {
    const said: string[][] = [];
    for (const more of [[], ['-v']]) {
      const shop = new Workshop();
      for (const id of ['p1', 'p2', 'p3']) shop.put(`purchase/${id}.csv`, purchases(id, 'colour'));
      shop.put('purchase/p4.csv', purchases('p4', 'size'));
      for (const id of ['p5', 'p6']) shop.put(`purchase/${id}.csv.tmp`, '');
      const folders = ['--raw', shop.raw, '--lake', shop.lake];
      const { stderr } = await runCli(['run', ...folders, '--as-of', '2026-01-31', '--only', 'payments', ...more]);
      said.push(stderr.split('\n').filter((line) => /columns|left alone/.test(line)));
    }
    const ignored = (id: string, column: string) =>
      `note: purchase/${id}.csv: columns that no contract knows were ignored: ${column}`;
    expect(said).toEqual([
      [
        `${ignored('p1', 'colour')}; the same in 2 more files (-v lists them)`,
        ignored('p4', 'size'),
        'note: 2 entries of the raw zone were left alone (-v lists them)',
      ],
      [
        ...['p5', 'p6'].map((id) => `note: purchase/${id}.csv.tmp is left alone: temporary`),
        ...['p1', 'p2', 'p3'].map((id) => ignored(id, 'colour')),
        ignored('p4', 'size'),
      ],
    ]);
  });
});
