import { BankTransactions } from './bank.ts';
import { SiteEvents } from './behaviour.ts';
import { CardTransactions, Chargebacks } from './cards.ts';
import { Refunds, Voids } from './children.ts';
import { CALENDAR_DAYS, customers, dates, products } from './dimensions.ts';
import { DocumentFields, DocumentLines } from './documents.ts';
import { InventoryEvents } from './inventory.ts';
import { MortgageApplications, TaxReturns } from './mortgages.ts';
import { Purchases } from './payments.ts';
import { Contacts, Feedback } from './people.ts';
import { RiskEvents } from './risk.ts';
import { Orders, Reviews } from './sales.ts';
import { Shipments } from './shipments.ts';
import { ShopPurchases } from './shop.ts';
import { arrivalDays, slices } from './timeline.ts';
import type { SampleDataset } from './types.ts';
import { WebLog } from './web-log.ts';

const share = (rows: number, part: number): number => Math.max(8, Math.round(rows * part));

/** All datasets of a sample of `rows` purchases, in the order in which they are written. */
export function sampleDatasets(rows: number, seed: number, days: number): readonly SampleDataset[] {
  const arrivals = arrivalDays(days);
  const productCount = Math.min(2_000, Math.max(16, Math.round(rows / 40)));
  const customerCount = Math.min(200_000, Math.max(24, Math.round(rows / 10)));
  const purchase = new Purchases(slices(rows, arrivals), seed);
  const voided = new Voids(purchase, slices(share(rows, 0.03), arrivals), seed);
  const orders = new Orders(slices(rows, arrivals), seed, productCount, customerCount);
  const cards = new CardTransactions(slices(rows, arrivals), seed, Math.max(8, Math.round(rows / 50)));
  const applicants = Math.max(8, Math.round(rows / 60));
  return [
    purchase,
    new Refunds(purchase, voided, slices(share(rows, 0.12), arrivals), seed),
    voided,
    orders,
    new Reviews(slices(share(rows, 0.6), arrivals), seed, productCount),
    new Shipments(orders, slices(share(rows, 0.95), arrivals), seed),
    products(slices(productCount, arrivals, 2)),
    customers(slices(customerCount, arrivals, 3), seed),
    dates(slices(CALENDAR_DAYS, arrivals, 3)),
    cards,
    new Chargebacks(cards, slices(share(rows, 0.04), arrivals), seed),
    new InventoryEvents(slices(rows, arrivals), seed),
    new SiteEvents(slices(rows, arrivals), seed, customerCount),
    new WebLog(slices(rows, arrivals), seed),
    new ShopPurchases(slices(share(rows, 0.5), arrivals), seed, customerCount),
    new Contacts(slices(share(rows, 0.12), arrivals, 3), seed, customerCount),
    new Feedback(slices(share(rows, 0.1), arrivals, 3), seed, customerCount),
    new RiskEvents(slices(rows, arrivals), seed),
    new MortgageApplications(slices(share(rows, 0.03), arrivals), seed, applicants),
    new TaxReturns(slices(share(rows, 0.06), arrivals), seed, applicants),
    new BankTransactions(slices(rows, arrivals), seed, applicants),
    new DocumentFields(slices(share(rows, 0.12), arrivals), seed, applicants),
    new DocumentLines(slices(share(rows, 0.06), arrivals), seed, applicants),
  ];
}
