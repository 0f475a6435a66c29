import { PRICES } from './prices.ts';

/** What every query is billed for at least. */
const LEAST_BYTES = 10_000_000;
const TERABYTE = 1e12;

/** Dollars of a query on Athena that scanned so many bytes. */
export const scanDollars = (bytes: number): number =>
  (Math.max(bytes, LEAST_BYTES) / TERABYTE) * PRICES.athenaScan.dollars;
