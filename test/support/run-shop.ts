import {
  append,
  base,
  type Check,
  type Column,
  type Columns,
  date,
  decimal,
  exposure,
  integer,
  mart,
  merge,
  type Partition,
  type Product,
  type Rule,
  text,
  type WritePolicy,
} from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import type { Plan, SqlFiles } from '../../lib/plan/index.ts';

/** What a test may say of the small shop: a base table of sales, and a mart with a row per as-of date. */
export interface ShopOptions {
  readonly row?: Readonly<Record<string, Column>>;
  readonly grain?: readonly string[];
  readonly write?: WritePolicy;
  readonly source?: string;
  readonly partitionBy?: Partition<string>;
  readonly rules?: readonly Rule[];
  readonly checks?: readonly Check[];
  readonly totalRow?: Readonly<Record<string, Column>>;
  readonly totalSql?: string;
  readonly totalChecks?: readonly Check[];
  readonly more?: readonly Product[];
  readonly sql?: SqlFiles;
}

/** The columns of a sale. */
export const SALE = {
  id: text(),
  sold_on: date(),
  amount: decimal(12, 2),
  pieces: integer(),
  buyer: text().nullable().personal('direct'),
};

const TOTAL = {
  as_of_date: date(),
  sales: integer(),
  total: decimal(38, 2),
};

/** Sales up to the as-of date. */
export const TOTAL_SQL = `-- one row per as-of date: the sales until then.
-- grain: as_of_date
select
  :as_of as as_of_date,
  count(*) as sales,
  cast(coalesce(sum(s.amount), 0) as decimal(38, 2)) as total
from base.sale as s
where s.sold_on <= :as_of
`;

/** The plan of a small shop: quick to compile and to run. */
export function shopPlan(options: ShopOptions = {}): Plan {
  const sale = base<Columns>({
    name: 'sale',
    product: 'shop',
    owner: 'shop',
    description: 'One row per sale.',
    row: options.row ?? SALE,
    grain: options.grain ?? ['id'],
    eventTime: null,
    write: options.write ?? append(),
    ...(options.source === undefined ? {} : { source: options.source }),
    ...(options.partitionBy === undefined ? {} : { partitionBy: options.partitionBy }),
    rules: options.rules ?? [],
    checks: options.checks ?? [],
  });
  const product: Product = {
    name: 'shop',
    description: 'A small shop.',
    datasets: [
      sale,
      mart<Columns>({
        name: 'total',
        product: 'shop',
        owner: 'shop',
        description: 'One row per as-of date.',
        row: options.totalRow ?? TOTAL,
        grain: ['as_of_date'],
        write: merge(),
        checks: options.totalChecks ?? [],
      }),
    ],
    exposures: [
      exposure({
        name: 'sales',
        kind: 'export',
        product: 'shop',
        owner: 'shop',
        description: 'Sales.',
        reads: ['mart.total'],
      }),
    ],
  };
  return compile([product, ...(options.more ?? [])], {
    'mart/total.sql': options.totalSql ?? TOTAL_SQL,
    ...options.sql,
  });
}
