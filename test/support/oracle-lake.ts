/** A lake of a test: folders, runs, and rows read straight from its database file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSqlFiles } from '../../lib/cli/plan-files.ts';
import { DuckDb, type Row } from '../../lib/engines/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { products } from '../../lib/products/index.ts';
import { type RunReport, run } from '../../lib/run/index.ts';
import type { Orders, Payments } from './oracle-answers.ts';
import { micros } from './oracle-values.ts';

/** The project's own plan. */
export const PLAN: Plan = compile(products, readSqlFiles(fileURLToPath(new URL('../../sql/', import.meta.url))));

/** Raw files by path below the raw zone. */
export type RawFiles = Readonly<Record<string, string | Uint8Array>>;

/** A raw zone and a lake in a folder of their own. */
export class Lake {
  readonly folder: string;
  readonly raw: string;
  readonly lake: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'lakehouse-oracle-'));
    this.raw = join(this.folder, 'raw');
    this.lake = join(this.folder, 'lake');
    mkdirSync(this.raw);
  }

  write(files: RawFiles): this {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.raw, path)), { recursive: true });
      writeFileSync(join(this.raw, path), content);
    }
    return this;
  }

  async run(asOf: string, only: readonly string[] = [], rebuild: readonly string[] = []): Promise<RunReport> {
    return run(this.lake, { plan: PLAN, raw: this.raw, asOf, only, rebuild, onEvent: () => undefined });
  }

  /** Rows of one or more plain selects, read past all of the project's query machinery. */
  async rows<const Q extends readonly string[]>(...selects: Q): Promise<{ [I in keyof Q]: readonly Row[] }> {
    const db = await DuckDb.open({ path: join(this.lake, 'lake.duckdb'), readOnly: true });
    try {
      const results: (readonly Row[])[] = [];
      for (const select of selects) results.push((await db.query(select)).rows);
      return results as { [I in keyof Q]: readonly Row[] };
    } finally {
      db.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Does something with a lake of its own, and removes it. */
export async function withLake<T>(work: (lake: Lake) => Promise<T>): Promise<T> {
  const lake = new Lake();
  try {
    return await work(lake);
  } finally {
    lake.remove();
  }
}

/** A CSV file of these columns; every value quoted where it must be, null as nothing. */
export function csv(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const cell = (value: string | null) =>
    value !== null && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : (value ?? '');
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

const CENTS = (column: string) => `cast(${column} * 100 as bigint) as ${column}`;

/** The payments in the base tables, for the oracle. */
export async function storedPayments(lake: Lake): Promise<Payments> {
  const child = (table: string) => `select id, timestamp, parent_id, ${CENTS('amount')} from base."${table}"`;
  const [purchase, refund, voids] = await lake.rows(
    `select id, timestamp, customer_id, merchant_id, ${CENTS('amount')} from base.purchase`,
    child('refund'),
    child('void'),
  );
  const moments = (rows: readonly Row[]) =>
    rows.map((row) => ({ ...row, timestamp: micros(String(row.timestamp)) })) as never;
  return { purchase: moments(purchase), refund: moments(refund), void: moments(voids) };
}

/** The orders and what belongs to them in the base tables, for the oracle. */
export async function storedOrders(lake: Lake): Promise<Orders> {
  const [orders, reviews, shipments, named, dates] = await lake.rows(
    'select order_id, order_date, product_id from base.orders',
    'select review, product_id from base.reviews',
    'select order_id, shipment_date, delivery_date from base.shipment_deliveries',
    'select product_id, product_name from base.dim_products',
    'select calendar_dt, day_of_the_week_num, working_day from base.dim_dates',
  );
  return { orders, reviews, shipments, products: named, dates } as unknown as Orders;
}

/** `mart.refunds_by_customer` as it stands in the lake. */
export async function storedRefunds(lake: Lake): Promise<readonly Row[]> {
  const [rows] = await lake.rows('select customer_id, total_refund from mart.refunds_by_customer order by customer_id');
  return rows;
}

/** The three order answers as they stand in the lake for one as-of date. */
export async function storedOrderAnswers(lake: Lake, asOf: string) {
  const at = `where ingestion_date = date '${asOf}'`;
  const [holidays, shipments, best] = await lake.rows(
    `select * from mart.agg_public_holiday ${at}`,
    `select * from mart.agg_shipments ${at}`,
    `select * from mart.best_performing_product ${at}`,
  );
  return { holidays, shipments, best };
}
