import { instantText } from './calendar.ts';
import { code, instantColumn, integerColumn, optional, textColumn } from './columns.ts';
import { Timed } from './timed.ts';
import type { Cells, SampleDataset, Slice } from './types.ts';

const NAMES = ['Ada', 'Björn', 'Chidi', 'Dolores', 'Émile', 'Fatma', 'Grzegorz', 'Hana', '伊藤', 'Jürgen'] as const;
/** The address that a customer gives, in one spelling or another. */
const addressOf = (customer: number, shouting: boolean): string =>
  shouting ? `C${customer}@Mail.Example` : `c${customer}@mail.example`;

/** Contacts of the customer relations system: most are customers, some of them twice. */
export class Contacts extends Timed implements SampleDataset {
  readonly name = 'crm_contact';
  readonly key = 0;
  readonly columns = [
    textColumn('contact_id'),
    optional(textColumn('customer_id')),
    optional(textColumn('name')),
    optional(textColumn('email')),
    instantColumn('updated_at'),
  ];
  readonly findings = [];
  readonly styles = [
    { format: 'csv', quotes: true },
    { format: 'jsonl', instant: 'zulu' },
    { format: 'csv', gzip: true, turn: 3, note: true, instant: 'offset' },
  ] as const;
  private readonly customers: number;

  constructor(files: readonly Slice[], seed: number, customers: number) {
    super(files, seed, 33);
    this.customers = customers;
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    const customer = 1 + (index % this.customers);
    cells[0] = code('K', index + 1);
    cells[1] = draws.unit() < 0.15 ? null : code('C', customer);
    cells[2] = draws.unit() < 0.05 ? null : `${NAMES[draws.below(NAMES.length)] ?? ''} ${customer}`;
    cells[3] = draws.unit() < 0.1 ? null : addressOf(customer, draws.unit() < 0.3);
    cells[4] = instantText(second);
  }

  unusedKey(serial: number): string {
    return code('K', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    if (smaller) cells[2] = 'A';
    else cells[4] = `${cells[4]}.5`;
  }
}

/** Answers of customers, half of them signed in, most with an address. */
export class Feedback extends Timed implements SampleDataset {
  readonly name = 'feedback';
  readonly key = 0;
  readonly columns = [
    textColumn('feedback_id'),
    optional(textColumn('customer_id')),
    optional(textColumn('email')),
    integerColumn('score', ['11', '-1', '100']),
    optional(textColumn('comment')),
    instantColumn('given_at'),
  ];
  readonly findings = [];
  readonly styles = [
    { format: 'jsonl', instant: 'zulu' },
    { format: 'jsonl', turn: 2, blank: true },
    { format: 'jsonl', gzip: true, note: true, instant: 'offset' },
  ] as const;
  private readonly customers: number;

  constructor(files: readonly Slice[], seed: number, customers: number) {
    super(files, seed, 34);
    this.customers = customers;
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    const customer = 1 + draws.skewed(this.customers);
    cells[0] = code('F', index + 1);
    cells[1] = draws.unit() < 0.5 ? code('C', customer) : null;
    cells[2] = draws.unit() < 0.7 ? addressOf(customer, draws.unit() < 0.2) : null;
    cells[3] = String(10 - draws.skewed(11));
    cells[4] = draws.unit() < 0.3 ? 'fast and friendly — 再见' : null;
    cells[5] = instantText(second);
  }

  unusedKey(serial: number): string {
    return code('F', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    if (smaller) cells[4] = 'A';
    else cells[5] = `${cells[5]}.5`;
  }
}
