import { HISTORY_DAYS, instantText, startOf } from './calendar.ts';
import { code, instantColumn, money, moneyColumn, optional, textColumn } from './columns.ts';
import { lastSecond, negativeAmount, varyAmount } from './payments.ts';
import { Timed } from './timed.ts';
import type { Cells, Finding, SampleDataset, Slice } from './types.ts';
import { CHARGEBACK_REASONS, COUNTRIES, PLAIN_MERCHANTS } from './words.ts';

/** Of every so many transactions of a file, a run of neighbours are one thief's: the same card, minutes apart, abroad. */
const SPREE = { every: 40, offset: 30, length: 6 };
/** Every so many-eth transaction of a file happened before the file in front of it arrived: it comes late. */
const LATE_EVERY = 50;
const LATE_OFFSET = 7;
const DAY = 86_400;

/** Card transactions: habits per card, sprees of thieves, some that arrive late. */
export class CardTransactions extends Timed implements SampleDataset {
  readonly name = 'card_transaction';
  readonly key = 0;
  readonly columns = [
    textColumn('transaction_id'),
    textColumn('card_id'),
    textColumn('customer_id'),
    textColumn('merchant_id'),
    textColumn('merchant_country', ['D', 'DEU', 'de', 'Ä1']),
    moneyColumn('amount'),
    instantColumn('timestamp'),
    textColumn('kind', ['Purchase', 'void']),
  ];
  readonly findings = [negativeAmount];
  readonly styles = [
    { format: 'jsonl' },
    { format: 'jsonl', turn: 2, instant: 'zulu' },
    { format: 'jsonl', gzip: true, note: true },
    { format: 'jsonl', crlf: true, blank: true, instant: 'offset' },
    { format: 'jsonl', turn: 5 },
    { format: 'jsonl', gzip: true, instant: 'zulu' },
  ] as const;
  private readonly cards: number;

  constructor(files: readonly Slice[], seed: number, cards: number) {
    super(files, seed, 7);
    this.cards = cards;
  }

  fill(index: number, cells: Cells): void {
    const root = this.spreeOf(index);
    const card = this.draws.at(root ?? index).below(this.cards);
    const second = this.second(index);
    const draws = this.draws;
    const abroad = root !== null || draws.unit() < 0.06;
    const unit = draws.unit();
    const spent = root === null ? 150 + Math.floor(unit * unit * unit * (4_000 + (card % 9) * 6_000)) : 9_900;
    const merchant =
      root === null ? card * 7 + draws.skewed(PLAIN_MERCHANTS.length) : draws.below(PLAIN_MERCHANTS.length);
    cells[0] = this.id(index);
    cells[1] = code('K', card + 1);
    cells[2] = code('C', 1 + (card % Math.ceil(this.cards * 0.8)));
    cells[3] = PLAIN_MERCHANTS[merchant % PLAIN_MERCHANTS.length] ?? '';
    cells[4] = COUNTRIES[(card + (abroad ? 1 + draws.below(COUNTRIES.length - 1) : 0)) % COUNTRIES.length] ?? '';
    cells[5] = money(spent + (root === null ? 0 : Math.floor(unit * 90_000)));
    cells[6] = instantText(second);
    cells[7] = root === null && draws.unit() < 0.08 ? 'refund' : 'purchase';
  }

  /** When a transaction happened; the draws go on from here. */
  second(index: number): number {
    const root = this.spreeOf(index);
    if (root !== null) {
      const first = this.timeline.second(root, this.draws.at(root));
      return Math.min(lastSecond, first + (index - root) * (60 + this.draws.at(index).below(300)));
    }
    const { start, from } = this.timeline.slice(this.timeline.fileOf(index));
    const second = this.timeline.second(index, this.draws.at(index));
    if (from === 0 || (index - start) % LATE_EVERY !== LATE_OFFSET) return second;
    return Math.floor(startOf(from) - this.draws.unit() * Math.min(20 * DAY, startOf(from)));
  }

  /** The transaction with which the spree began that this one belongs to; null for an honest one. */
  spreeOf(index: number): number | null {
    const { start, end } = this.timeline.slice(this.timeline.fileOf(index));
    const place = (index - start) % SPREE.every;
    const root = index - place + SPREE.offset;
    const whole = root + SPREE.length <= end;
    return whole && place >= SPREE.offset && place < SPREE.offset + SPREE.length ? root : null;
  }

  /** A transaction of the spree nearest before `index` in its file, or `index` where there is none. */
  inSpree(index: number, pick: number): number {
    const { start } = this.timeline.slice(this.timeline.fileOf(index));
    const back = index - ((index - start) % SPREE.every) + SPREE.offset - SPREE.every;
    return back < start ? index : back + Math.floor(pick * SPREE.length);
  }

  id(index: number): string {
    return code('T', index + 1);
  }

  unusedKey(serial: number): string {
    return code('T', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    varyAmount(cells, 5, smaller);
  }
}

const orphan: Finding = { kind: 'refers_to', column: 'transaction_id', value: (serial) => code('X', serial + 1) };

/** Chargebacks: mostly of sprees, days to two months after the transaction. */
export class Chargebacks extends Timed implements SampleDataset {
  readonly name = 'chargeback';
  readonly key = 0;
  readonly columns = [
    textColumn('chargeback_id'),
    textColumn('transaction_id'),
    instantColumn('reported_at'),
    optional(textColumn('reason')),
  ];
  readonly findings = [orphan];
  readonly styles = [
    { format: 'jsonl', instant: 'zulu' },
    { format: 'jsonl', gzip: true },
    { format: 'jsonl', note: true, turn: 1 },
  ] as const;
  private readonly cards: CardTransactions;

  constructor(cards: CardTransactions, files: readonly Slice[], seed: number) {
    super(files, seed, 8);
    this.cards = cards;
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws;
    const due = this.timeline.second(index, draws.at(index));
    const near = this.cards.timeline.near(due - (3 + draws.unit() * 57) * DAY);
    const fraud = draws.unit() < 0.8;
    const of = fraud ? this.cards.inSpree(near, draws.unit()) : near;
    const said = CHARGEBACK_REASONS[draws.below(CHARGEBACK_REASONS.length)] ?? null;
    const { start } = this.timeline.slice(this.timeline.fileOf(index));
    cells[0] = code('B', index + 1);
    cells[1] = this.cards.id(of);
    cells[2] = instantText(Math.min(startOf(HISTORY_DAYS) - 1, Math.max(due, this.cards.second(of) + DAY / 2)));
    cells[3] = (index - start) % 16 === 4 ? null : fraud ? 'fraud' : said;
  }

  unusedKey(serial: number): string {
    return code('B', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    cells[3] = smaller ? 'credit_not_processed' : 'subscription_cancelled';
  }
}
