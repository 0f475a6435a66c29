import type { Product } from '../contract/index.ts';

/** The lakehouse watching itself: its tables are the ledger of runs, which no contract declares. */
export const operations: Product = {
  name: 'operations',
  description: 'How the lakehouse itself does: what its runs read, made, checked and refused.',
  datasets: [],
  exposures: [],
};
