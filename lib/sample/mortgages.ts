import { HISTORY_DAYS, instantText } from './calendar.ts';
import { code, instantColumn, integerColumn, money, moneyColumn, optional, textColumn, under } from './columns.ts';
import { varyAmount } from './payments.ts';
import { Timed } from './timed.ts';
import type { Cells, Finding, SampleDataset, Slice } from './types.ts';

/** The number of an applicant. */
export const applicant = (number: number): string => code('A', number + 1);

/** Applications: every applicant once, some again with other amounts. */
export class MortgageApplications extends Timed implements SampleDataset {
  readonly name = 'mortgage_application';
  readonly key = 0;
  readonly columns = [
    textColumn('application_id'),
    textColumn('applicant_id'),
    optional(textColumn('customer_id')),
    instantColumn('applied_at'),
    moneyColumn('requested_amount'),
    moneyColumn('property_value'),
    integerColumn('term_months', ['0', '11', '481']),
  ];
  readonly findings: readonly Finding[] = [
    { kind: 'between', column: 'requested_amount', value: (serial) => `-${1 + serial}.00` },
  ];
  readonly styles = [
    { format: 'jsonl', instant: 'zulu' },
    { format: 'jsonl', gzip: true, note: true, turn: 3 },
    { format: 'jsonl', crlf: true, blank: true, instant: 'offset' },
  ] as const;
  private readonly applicants: number;

  constructor(files: readonly Slice[], seed: number, applicants: number) {
    super(files, seed, 30);
    this.applicants = applicants;
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    const who = index % this.applicants;
    const value = 12_000_000 + draws.below(60_000_000);
    cells[0] = code('M', index + 1);
    cells[1] = applicant(who);
    cells[2] = who % 9 === 4 ? null : code('C', who + 1);
    cells[3] = instantText(second);
    cells[4] = money(Math.floor(value * (0.4 + 0.6 * draws.unit())));
    cells[5] = money(value);
    cells[6] = String(120 + 60 * draws.below(5));
  }

  unusedKey(serial: number): string {
    return code('M', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    varyAmount(cells, 5, smaller);
  }
}

/** Tax returns: one a year and applicant; now and then an amended one for the same year. */
export class TaxReturns extends Timed implements SampleDataset {
  readonly name = 'tax_return';
  readonly key = 0;
  readonly xml = { record: 'TaxReturns.TaxReturn', namespace: 'urn:example:tax-return:1' };
  readonly columns = [
    under('@id', textColumn('return_id')),
    under('Taxpayer.Id', textColumn('applicant_id')),
    under('TaxYear', integerColumn('tax_year', ['1899', '2101'])),
    under('FiledAt', instantColumn('filed_at')),
    under('Income.Gross', moneyColumn('gross_income')),
    under('Income.SelfEmployed', optional(moneyColumn('self_employed_income'))),
    under('Tax.Paid', moneyColumn('tax_paid')),
  ];
  readonly findings: readonly Finding[] = [
    { kind: 'between', column: 'gross_income', value: (serial) => `-${1 + serial}.00` },
  ];
  readonly styles = [
    { format: 'xml', instant: 'zulu' },
    { format: 'xml', gzip: true, note: true },
    { format: 'xml', crlf: true, instant: 'offset' },
  ] as const;
  private readonly applicants: number;

  constructor(files: readonly Slice[], seed: number, applicants: number) {
    super(files, seed, 31);
    this.applicants = applicants;
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    const who = index % this.applicants;
    const gross = 2_400_000 + (who % 13) * 400_000 + draws.below(600_000);
    cells[0] = code('R', index + 1);
    cells[1] = applicant(who);
    // Filed in the year after, at times two years after.
    cells[2] = String(2024 + Math.floor(second / 86_400 / HISTORY_DAYS + 0.5) - 1 - draws.below(2));
    cells[3] = instantText(second);
    cells[4] = money(gross);
    cells[5] = draws.unit() < 0.7 ? null : money(draws.below(gross));
    cells[6] = money(Math.floor(gross * (0.15 + 0.2 * draws.unit())));
  }

  unusedKey(serial: number): string {
    return code('R', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    varyAmount(cells, 4, smaller);
  }
}
