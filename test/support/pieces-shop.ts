import { type Column, integer, mart, type Product, replace, text } from '../../lib/contract/index.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { csv } from './run-lake.ts';
import { SALE, shopPlan } from './run-shop.ts';

/** The most pieces that a column can say. */
export const MOST = String(2n ** 63n - 1n);

/** Sales `id:pieces`. */
export const pieces = (...given: readonly string[]): string =>
  csv(
    ['id', 'sold_on', 'amount', 'pieces', 'buyer'],
    given.map((each) => {
      const [id = '', sold = '1'] = each.split(':');
      return [id, '2024-06-28', '1', sold, `${id} Smith`];
    }),
  );

/** The small shop with `mart.counted`, a number for each sale, and `mart.recounted`, which reads it. */
export function countingPlan(number: string, type: Column = integer()): Plan {
  const row = { id: text(), number: type };
  const table = (name: string) =>
    mart({
      name,
      product: 'counting',
      owner: 'shop',
      description: 'One row per sale.',
      row,
      grain: ['id'],
      write: replace(),
    });
  const counting: Product = {
    name: 'counting',
    description: 'Pieces sold.',
    datasets: [table('counted'), table('recounted')],
    exposures: [],
  };
  const sql = {
    'mart/counted.sql': `-- one row per sale.\n-- grain: id\nselect s.id, ${number} as number\nfrom base.sale as s\n`,
    'mart/recounted.sql': '-- one row per sale.\n-- grain: id\nselect c.id, c.number\nfrom mart.counted as c\n',
  };
  return shopPlan({ row: { ...SALE, pieces: integer().nullable() }, more: [counting], sql });
}
