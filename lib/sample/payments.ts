import { HISTORY_DAYS, instantText, startOf } from './calendar.ts';
import { cents, code, instantColumn, money, moneyColumn, optional, textColumn } from './columns.ts';
import { Timed } from './timed.ts';
import type { Cells, Finding, SampleDataset, Slice } from './types.ts';
import { MERCHANTS, PLAIN_MERCHANTS } from './words.ts';

/** Every so many-eth purchase of a file happened before the file in front of it arrived: it comes late. */
const LATE_EVERY = 50;
const LATE_OFFSET = 7;
const LATE_SECONDS = 30 * 86_400;

/** A negative amount, which a check finds. */
export const negativeAmount: Finding = {
  kind: 'between',
  column: 'amount',
  value: (serial) => `-${1 + (serial % 90)}.50`,
};

/** Halves the amount in column `at`, or adds one. */
export function varyAmount(cells: Cells, at: number, smaller: boolean): void {
  const amount = cents(cells[at] ?? '0');
  cells[at] = money(smaller ? Math.floor(amount / 2) : amount + 100);
}

/** What refunds and voids need of their purchase. */
export interface Parent {
  readonly id: string;
  readonly second: number;
  readonly cents: number;
}

/** Purchases: the facts that the rest of the payments refers to. */
export class Purchases extends Timed implements SampleDataset {
  readonly name = 'purchase';
  readonly key = 0;
  readonly columns = [
    textColumn('id'),
    instantColumn('timestamp'),
    optional(textColumn('customer_id')),
    textColumn('merchant_id'),
    moneyColumn('amount'),
  ];
  readonly findings = [negativeAmount];
  readonly styles = [
    { format: 'csv' },
    { format: 'csv', turn: 2, crlf: true, quotes: true },
    { format: 'csv', turn: 1, note: true, quotes: true, instant: 'zulu' },
    { format: 'csv', bom: true, blank: true, instant: 'offset' },
    { format: 'csv', gzip: true, turn: 3, quotes: true },
    { format: 'csv', gzip: true, instant: 'zulu' },
  ] as const;

  constructor(files: readonly Slice[], seed: number) {
    super(files, seed, 1);
  }

  fill(index: number, cells: Cells, quotes: boolean): void {
    const parent = this.parent(index);
    const draws = this.draws;
    cells[0] = parent.id;
    cells[1] = instantText(parent.second);
    cells[2] = draws.unit() < 0.05 ? null : code('C', 1 + draws.skewed(Math.max(20, Math.ceil(this.count / 8))));
    const merchants = quotes ? MERCHANTS : PLAIN_MERCHANTS;
    cells[3] = merchants[draws.skewed(merchants.length)] ?? '';
    cells[4] = money(parent.cents);
  }

  /** The head of a purchase; its own draws go on from here. */
  parent(index: number): Parent {
    const draws = this.draws.at(index);
    const second = this.late(index) ?? this.timeline.second(index, draws);
    const unit = draws.unit();
    return { id: code('P', index + 1), second, cents: 100 + Math.floor(unit * unit * unit * 60_000) };
  }

  /** A purchase that arrives only after day `arrival`, though it was made before; null when nothing arrives later. */
  lateAfter(arrival: number, pick: number): Parent | null {
    const file = this.files.find((slice) => slice.arrival > arrival && slice.from > 0);
    if (file === undefined || file.end - file.start <= LATE_OFFSET) return null;
    const choices = Math.ceil((file.end - file.start - LATE_OFFSET) / LATE_EVERY);
    return this.parent(file.start + LATE_OFFSET + LATE_EVERY * Math.floor(pick * choices));
  }

  unusedKey(serial: number): string {
    return code('P', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    varyAmount(cells, 4, smaller);
  }

  private late(index: number): number | null {
    const { start, from } = this.timeline.slice(this.timeline.fileOf(index));
    if (from === 0 || (index - start) % LATE_EVERY !== LATE_OFFSET) return null;
    return Math.max(0, Math.floor(startOf(from) - this.draws.unit() * Math.min(LATE_SECONDS, startOf(from))));
  }
}

/** The last second of the sample that leaves room for what follows a purchase. */
export const lastSecond = startOf(HISTORY_DAYS) - 1;
