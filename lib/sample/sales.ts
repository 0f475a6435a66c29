import { dayOf, dayText } from './calendar.ts';
import { cents, dateColumn, integerColumn, money, moneyColumn } from './columns.ts';
import { Draws } from './random.ts';
import { Timed } from './timed.ts';
import type { Cells, Finding, SampleDataset, Slice } from './types.ts';

const FIRST_ORDER = 100_001;
const unknown = (column: string): Finding => ({
  kind: 'refers_to',
  column,
  value: (serial) => String(900_000_000 + serial),
});
/** A day long before the calendar begins. */
const beforeCalendar: Finding = {
  kind: 'refers_to',
  column: 'order_date',
  value: (serial) => dayText(-1000 - (serial % 3000)),
};
const below = (column: string, value: string): Finding => ({ kind: 'between', column, value: () => value });

/** Orders of two years, and when each was placed. */
export class Orders extends Timed implements SampleDataset {
  readonly name = 'orders';
  readonly key = 0;
  readonly columns = [
    integerColumn('order_id'),
    integerColumn('customer_id'),
    dateColumn('order_date'),
    integerColumn('product_id'),
    moneyColumn('unit_price'),
    integerColumn('quantity'),
    moneyColumn('total_price'),
  ];
  readonly findings = [
    unknown('product_id'),
    unknown('customer_id'),
    beforeCalendar,
    below('quantity', '0'),
    below('unit_price', '-9.99'),
  ];
  readonly styles = [
    { format: 'csv' },
    { format: 'csv', turn: 3, crlf: true },
    { format: 'parquet' },
    { format: 'csv', turn: 1, note: true, quotes: true, bom: true },
    { format: 'csv', gzip: true, turn: 5 },
    { format: 'csv', blank: true },
  ] as const;
  private readonly products: number;
  private readonly customers: number;

  constructor(files: readonly Slice[], seed: number, products: number, customers: number) {
    super(files, seed, 4);
    this.products = products;
    this.customers = customers;
  }

  fill(index: number, cells: Cells): void {
    const day = this.day(index);
    const draws = this.draws;
    const product = draws.skewed(this.products);
    const price = 199 + ((product * 7919) % 24_000);
    const quantity = 1 + draws.skewed(5);
    cells[0] = this.id(index);
    cells[1] = String(1001 + draws.skewed(this.customers));
    cells[2] = dayText(day);
    cells[3] = String(product + 1);
    cells[4] = money(price);
    cells[5] = String(quantity);
    cells[6] = money(price * quantity);
  }

  id(index: number): string {
    return String(FIRST_ORDER + index);
  }

  /** The day of an order; its own draws go on from here. */
  day(index: number): number {
    return dayOf(this.timeline.second(index, this.draws.at(index)));
  }

  unusedKey(serial: number): string {
    return this.id(this.count + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    const total = cents(cells[6] ?? '0');
    cells[6] = money(smaller ? Math.floor(total / 2) : total + 100);
  }
}

const STARS = ['5', '5', '5', '5', '5', '4', '4', '4', '3', '3', '2', '1', '1'] as const;

/** Reviews, mostly kind; products of low numbers have most of them. */
export class Reviews implements SampleDataset {
  readonly name = 'reviews';
  readonly key = null;
  readonly columns = [integerColumn('review', ['0', '6', '-1', '10']), integerColumn('product_id')];
  readonly findings = [unknown('product_id')];
  readonly styles = [
    { format: 'parquet' },
    { format: 'csv', turn: 1, crlf: true },
    { format: 'parquet', turn: 1 },
    { format: 'csv', note: true, quotes: true },
    { format: 'csv', gzip: true },
    { format: 'csv' },
  ] as const;
  readonly files: readonly Slice[];
  readonly count: number;
  private readonly draws: Draws;
  private readonly products: number;

  constructor(files: readonly Slice[], seed: number, products: number) {
    this.files = files;
    this.count = files.at(-1)?.end ?? 0;
    this.draws = new Draws(seed, 5);
    this.products = products;
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    cells[0] = STARS[draws.below(STARS.length)] ?? '5';
    cells[1] = String(1 + draws.skewed(this.products));
  }

  /** Without a key there is none to be unused; a review is told by its place. */
  unusedKey(serial: number): string {
    return String(serial);
  }

  vary(): void {}
}
