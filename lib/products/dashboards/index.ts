import type { Dashboard } from '../../contract/index.ts';
import { bestProduct } from './best-product.ts';
import { dataQuality } from './data-quality.ts';
import { refunds } from './refunds.ts';
import { fraudCases, riskMonitor } from './risk.ts';
import { shipmentsAndHolidays } from './shipments-and-holidays.ts';
import { customerView, funnel, servers } from './site.ts';
import { stock } from './stock.ts';

/** Every dashboard of this lakehouse. A new one is a file beside this and a line here. */
export const dashboards: readonly Dashboard[] = [
  refunds,
  shipmentsAndHolidays,
  bestProduct,
  dataQuality,
  funnel,
  servers,
  customerView,
  stock,
  fraudCases,
  riskMonitor,
];
