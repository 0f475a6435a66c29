import type { Product } from '../contract/index.ts';
import { behaviour } from './behaviour.ts';
import { dashboards } from './dashboards/index.ts';
import { fraud } from './fraud.ts';
import { inventory } from './inventory.ts';
import { lending } from './lending.ts';
import { operations } from './operations.ts';
import { ordersProduct } from './orders.ts';
import { payments } from './payments.ts';
import { risk } from './risk.ts';

/** The data products. A new one is a file beside this and a line here. */
const datasets = [payments, ordersProduct, fraud, inventory, behaviour, risk, lending, operations];

/** Every data product of this lakehouse, with its dashboards: those read what the products declare, so they stand on them. */
export const products: readonly Product[] = datasets.map((product) => ({
  ...product,
  exposures: [...dashboards.filter((dashboard) => dashboard.product === product.name), ...product.exposures],
}));
