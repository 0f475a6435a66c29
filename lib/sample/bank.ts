import { instantText } from './calendar.ts';
import { code, instantColumn, money, moneyColumn, optional, textColumn, under } from './columns.ts';
import { applicant } from './mortgages.ts';
import { Timed } from './timed.ts';
import type { Cells, SampleDataset, Slice } from './types.ts';

/** How many transactions a statement has. */
const STATEMENT = 12;

/** Who pays an applicant: some change their employer. */
export const EMPLOYERS: readonly string[] = [
  'Nordwind AG',
  'Müller & Söhne',
  'Café <Central>',
  'Ōkawa K.K.',
  'City of Ely',
];

/** The employer of an applicant. */
export const employer = (who: number): string => EMPLOYERS[who % EMPLOYERS.length] ?? '';

const KINDS = [
  { kind: 'salary', until: 0.12, least: 220_000, most: 540_000, sign: 1 },
  { kind: 'rent', until: 0.2, least: 60_000, most: 190_000, sign: -1 },
  { kind: 'loan', until: 0.27, least: 8_000, most: 70_000, sign: -1 },
  { kind: 'transfer', until: 0.5, least: 500, most: 40_000, sign: -1 },
  { kind: 'other', until: 1, least: 150, most: 30_000, sign: -1 },
] as const;

/** Transactions of bank statements: the head of a statement stands once, its transactions below it. */
export class BankTransactions extends Timed implements SampleDataset {
  readonly name = 'bank_transaction';
  readonly key = 4;
  readonly xml = {
    record: 'BankStatements.BankStatement.Transactions.Transaction',
    namespace: 'urn:example:bank-statement:1',
  };
  readonly columns = [
    under('/BankStatements.BankStatement.@id', textColumn('statement_id')),
    under('/BankStatements.BankStatement.Account.Number', textColumn('account_id')),
    under('/BankStatements.BankStatement.Account.Holder', textColumn('applicant_id')),
    under('/BankStatements.BankStatement.Account.@currency', textColumn('currency', ['EURO', 'eur', '€'])),
    under('@id', textColumn('transaction_id')),
    under('BookedAt', instantColumn('booked_at')),
    under('Amount', moneyColumn('amount')),
    under('Kind', textColumn('kind', ['Salary', 'gift', 'wages'])),
    under('Counterparty.Name', optional(textColumn('counterparty'))),
  ];
  readonly findings = [];
  readonly styles = [
    { format: 'xml', instant: 'zulu' },
    { format: 'xml', gzip: true, note: true, instant: 'offset' },
    { format: 'xml', crlf: true },
    { format: 'xml', instant: 'zulu' },
    { format: 'xml', gzip: true, instant: 'zulu' },
    { format: 'xml' },
  ] as const;
  private readonly applicants: number;

  constructor(files: readonly Slice[], seed: number, applicants: number) {
    super(files, seed, 32);
    this.applicants = applicants;
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    const statement = Math.floor(index / STATEMENT);
    const who = statement % this.applicants;
    const unit = draws.unit();
    const found = KINDS.find(({ until }) => unit < until) ?? KINDS[4];
    const change = statement > 3 * this.applicants && who % 4 === 1 ? 1 : 0;
    cells[0] = code('S', statement + 1);
    cells[1] = code('G', who + 1);
    cells[2] = applicant(who);
    cells[3] = 'EUR';
    cells[4] = code('Y', index + 1);
    cells[5] = instantText(second);
    const amount = money(found.least + draws.below(found.most - found.least));
    cells[6] = found.sign < 0 ? `-${amount}` : amount;
    cells[7] = found.kind;
    cells[8] = found.kind === 'salary' ? employer(who + change) : draws.unit() < 0.3 ? null : `Shop ${draws.below(40)}`;
  }

  unusedKey(serial: number): string {
    return code('Y', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    const amount = Number(cells[6]) + (smaller ? -1 : 1);
    cells[6] = amount.toFixed(2);
  }
}
