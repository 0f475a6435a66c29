import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSample } from '../lib/sample/index.ts';

/** Where benchmarks keep their data: what was made once is taken again. */
export const DATA = join(tmpdir(), 'lakehouse-bench');

/** A folder for what this process writes, gone with it. */
export function scratch(): string {
  mkdirSync(DATA, { recursive: true });
  const folder = mkdtempSync(join(DATA, 'run-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The raw tables of the products that whole runs are compared by. */
const DATASETS = {
  payments: ['purchase', 'refund', 'void'],
  orders: ['orders', 'reviews', 'shipment_deliveries', 'dim_products', 'dim_customers', 'dim_dates'],
} as const;
/** A product that whole runs are compared by. */
export type ProductName = keyof typeof DATASETS;

/** No dirt, or one per cent of every kind. */
const DIRT = { clean: 0, dirty: 0.01 } as const;
/** Of raw files. */
export type Kind = keyof typeof DIRT;

/** The folder of a product's raw CSV files. */
export const rawOf = (product: ProductName, kind: Kind, rows: number): string =>
  join(DATA, `${product}-${kind}-${rows}`);

/** Makes the raw files of a product where they are not there yet. */
export async function makeSample(product: ProductName, kind: Kind, rows: number): Promise<void> {
  const out = rawOf(product, kind, rows);
  const manifest = join(out, '_manifest.json');
  if (existsSync(manifest) && /"complete": true/.test(readFileSync(manifest, 'utf8'))) return;
  await generateSample({ out, rows, dirt: DIRT[kind], plain: true, datasets: DATASETS[product] });
}
