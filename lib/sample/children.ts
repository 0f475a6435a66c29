import { instantText, startOf } from './calendar.ts';
import { code, instantColumn, money, moneyColumn, optional, textColumn } from './columns.ts';
import { lastSecond, negativeAmount, type Parent, type Purchases, varyAmount } from './payments.ts';
import { Timed } from './timed.ts';
import type { Cells, Finding, SampleDataset, Slice } from './types.ts';

const DAY = 86_400;
const columns = [
  textColumn('id'),
  instantColumn('timestamp'),
  optional(textColumn('parent_id')),
  moneyColumn('amount'),
];
const orphan: Finding = { kind: 'refers_to', column: 'parent_id', value: (serial) => code('X', serial + 1) };

/** What refunds and voids share: they follow a purchase. */
abstract class Children extends Timed {
  readonly key = 0;
  readonly columns = columns;
  readonly findings = [negativeAmount, orphan];
  protected readonly purchases: Purchases;

  constructor(purchases: Purchases, files: readonly Slice[], seed: number, stream: number) {
    super(files, seed, stream);
    this.purchases = purchases;
  }

  vary(cells: Cells, smaller: boolean): void {
    varyAmount(cells, 3, smaller);
  }

  /** The purchase made about then, before `second` if there is one. */
  protected purchaseBefore(wanted: number, second: number): Parent {
    let index = this.purchases.timeline.near(wanted);
    let parent = this.purchases.parent(index);
    while (parent.second >= second && index > 0) parent = this.purchases.parent(--index);
    return parent;
  }
}

/** Voids; of every ten, three are of one purchase. */
export class Voids extends Children implements SampleDataset {
  readonly name = 'void';
  readonly styles = [
    { format: 'jsonl', instant: 'zulu' },
    { format: 'jsonl', turn: 1, instant: 'offset' },
    { format: 'jsonl', note: true },
    { format: 'jsonl', gzip: true, instant: 'zulu' },
    { format: 'jsonl', crlf: true, blank: true },
    { format: 'jsonl', turn: 3, instant: 'offset' },
  ] as const;

  constructor(purchases: Purchases, files: readonly Slice[], seed: number) {
    super(purchases, files, seed, 3);
  }

  fill(index: number, cells: Cells): void {
    const parent = this.parent(index);
    const second = this.timeline.second(index, this.draws.at(index));
    cells[0] = code('V', index + 1);
    cells[1] = instantText(Math.max(second, parent.second + 60));
    cells[2] = parent.id;
    cells[3] = money(parent.cents);
  }

  /** The purchase that a void is of: mostly of the last days, some a month or two old. */
  parent(index: number): Parent {
    const place = index % 10;
    const root = place === 1 || place === 2 ? index - place : index;
    const second = this.timeline.second(root, this.draws.at(root));
    const days = this.draws.unit() < 0.15 ? 30 + this.draws.below(30) : this.draws.unit() * 3;
    return this.purchaseBefore(second - days * DAY, second);
  }

  unusedKey(serial: number): string {
    return code('V', this.count + 1 + serial);
  }
}

/** Refunds: in the month of the purchase, months later, a year later; some arrive before their purchase does. */
export class Refunds extends Children implements SampleDataset {
  readonly name = 'refund';
  readonly styles = [
    { format: 'jsonl', gzip: true, instant: 'zulu' },
    { format: 'jsonl', turn: 2 },
    { format: 'parquet' },
    { format: 'jsonl', note: true, blank: true, instant: 'offset' },
    { format: 'jsonl', gzip: true, turn: 1 },
    { format: 'jsonl', instant: 'zulu' },
  ] as const;
  private readonly voids: Voids;

  constructor(purchases: Purchases, voids: Voids, files: readonly Slice[], seed: number) {
    super(purchases, files, seed, 2);
    this.voids = voids;
  }

  fill(index: number, cells: Cells): void {
    const slice = this.timeline.slice(this.timeline.fileOf(index));
    const due = this.timeline.second(index, this.draws.at(index));
    const place = (index - slice.start) % 50;
    const early = place % 25 === 9 ? this.purchases.lateAfter(slice.arrival, this.draws.unit()) : null;
    const voided = place === 5 ? this.voids.parent(Math.floor((index * this.voids.count) / this.count)) : null;
    const parent = early ?? voided ?? this.usual(due);
    const within = Math.max(60, startOf(slice.arrival + 1) - 1 - parent.second);
    const second = early
      ? parent.second + 1 + Math.floor(this.draws.unit() * within)
      : Math.max(due, parent.second + 60);
    cells[0] = code('R', index + 1);
    cells[1] = instantText(Math.min(second, lastSecond)) + (index % 3 === 0 ? '.250' : '');
    cells[2] = this.draws.unit() < 0.02 ? null : parent.id;
    cells[3] = money(this.draws.unit() < 0.6 ? parent.cents : 1 + this.draws.below(parent.cents));
  }

  unusedKey(serial: number): string {
    return code('R', this.count + 1 + serial);
  }

  private usual(due: number): Parent {
    const kind = this.draws.unit();
    const unit = this.draws.unit();
    const days = kind < 0.35 ? unit * 10 : kind < 0.85 ? 10 + unit * 170 : 350 + unit * 30;
    const wanted = due - days * DAY;
    return this.purchaseBefore(wanted < 0 ? due * unit : wanted, due);
  }
}
