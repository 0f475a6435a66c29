import { instantText } from './calendar.ts';
import { cents, code, instantColumn, integerColumn, money, moneyColumn, optional, textColumn } from './columns.ts';
import { negativeAmount } from './payments.ts';
import { Timed } from './timed.ts';
import type { Cells, SampleDataset, Slice } from './types.ts';

/** Changes of purchases in the shop database: inserted, later updated or deleted, in files that may come in any order. */
export class ShopPurchases extends Timed implements SampleDataset {
  readonly name = 'shop_purchase';
  readonly key = 0;
  readonly columns = [
    textColumn('purchase_id'),
    textColumn('operation', ['upsert', 'DELETE']),
    integerColumn('log_position'),
    optional(textColumn('customer_id')),
    optional(instantColumn('purchased_at')),
    optional(moneyColumn('amount')),
  ];
  readonly findings = [negativeAmount];
  readonly styles = [
    { format: 'csv' },
    { format: 'csv', turn: 2, instant: 'zulu' },
    { format: 'parquet' },
    { format: 'csv', gzip: true, note: true, quotes: true },
    { format: 'csv', crlf: true, bom: true },
    { format: 'csv', turn: 4, instant: 'zulu' },
  ] as const;
  private readonly customers: number;

  constructor(files: readonly Slice[], seed: number, customers: number) {
    super(files, seed, 32);
    this.customers = customers;
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    cells[0] = code('B', index + 1);
    cells[1] = 'insert';
    cells[2] = String(1000 + 10 * index);
    cells[3] = draws.unit() < 0.1 ? null : code('C', 1 + draws.skewed(this.customers));
    cells[4] = instantText(second);
    cells[5] = money(500 + draws.skewed(40_000));
  }

  unusedKey(serial: number): string {
    return code('B', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    const amount = cents(cells[5] ?? '0');
    cells[5] = money(smaller ? Math.floor(amount / 2) : amount + 100);
  }

  /** Later changes to purchases of the file before: one of twelve is updated, one of twelve deleted. */
  *redeliver(file: number, cells: Cells): Iterable<Cells> {
    const before = this.files[file - 1];
    if (before === undefined) return;
    for (let index = before.start; index < before.end; index += 4) {
      const kind = Math.floor((index - before.start) / 4) % 3;
      if (kind === 2) continue;
      this.fill(index, cells);
      cells[1] = kind === 0 ? 'update' : 'delete';
      cells[2] = String(Number(cells[2]) + 5);
      if (kind === 0) cells[5] = money(cents(cells[5] ?? '0') + 250);
      else cells.fill(null, 3);
      yield cells;
    }
  }
}
