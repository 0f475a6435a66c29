import { employer } from './bank.ts';
import { instantText } from './calendar.ts';
import { code, confidenceColumn, instantColumn, integerColumn, money, optional, textColumn, under } from './columns.ts';
import { applicant } from './mortgages.ts';
import { Timed } from './timed.ts';
import type { Cells, SampleDataset, Slice } from './types.ts';

/** How many fields a form has, how many lines a picture. */
const FIELDS = 4;
const LINES = 3;

const about = [
  textColumn('applicant_id'),
  textColumn('document_type', ['Payslip', 'invoice']),
  instantColumn('extracted_at'),
];

/** What is shared by documents: some records of each are of one document. */
abstract class Documents extends Timed {
  readonly key = 0;
  readonly findings = [];
  private readonly applicants: number;

  constructor(files: readonly Slice[], seed: number, applicants: number, stream: number) {
    super(files, seed, stream);
    this.applicants = applicants;
  }

  unusedKey(serial: number): string {
    return code('D', this.count + 1 + serial);
  }

  /** Fills what all records of a document share, and says whose it is. */
  protected document(first: number, number: number, cells: Cells): number {
    const who = number % this.applicants;
    cells[0] = code('D', number + 1);
    cells[1] = applicant(who);
    cells[3] = instantText(this.timeline.second(first, this.draws.at(first)));
    return who;
  }

  protected confidence(index: number): string {
    const [whole, part] = [90 + this.draws.at(index).below(10), this.draws.below(100)];
    return `${whole}.${String(part).padStart(2, '0')}`;
  }
}

/** Fields of payslips, as Textract finds them. */
export class DocumentFields extends Documents implements SampleDataset {
  readonly name = 'document_field';
  readonly columns = [
    textColumn('document_id'),
    ...about,
    under('$id', textColumn('field_id')),
    under('$page', integerColumn('page')),
    under('$key', textColumn('field_name')),
    under('$value', optional(textColumn('field_value'))),
    under('$confidence', confidenceColumn(['89.99', '12.50', '0.00'])),
  ];
  readonly styles = [
    { format: 'textract', instant: 'zulu' },
    { format: 'textract', gzip: true, note: true },
    { format: 'textract', turn: 2, instant: 'offset' },
  ] as const;

  constructor(files: readonly Slice[], seed: number, applicants: number) {
    super(files, seed, applicants, 33);
  }

  fill(index: number, cells: Cells): void {
    const place = index % FIELDS;
    const who = this.document(index - place, Math.floor(index / FIELDS), cells);
    const confidence = this.confidence(index);
    const values = [employer(who), money(200_000 + this.draws.below(300_000)), `0${1 + (index % 9)}/2026`, null];
    cells[2] = 'payslip';
    cells[4] = `b${index}`;
    cells[5] = '1';
    cells[6] = ['Employer', 'Gross pay', 'Period', 'Remarks'][place] ?? '';
    cells[7] = values[place] ?? null;
    cells[8] = confidence;
  }

  vary(cells: Cells, smaller: boolean): void {
    cells[6] = smaller ? 'A' : 'z';
  }
}

/** Lines of identity documents, as Rekognition reads them. */
export class DocumentLines extends Documents implements SampleDataset {
  readonly name = 'document_line';
  readonly columns = [
    textColumn('document_id'),
    ...about,
    under('$id', integerColumn('line_number')),
    under('$value', textColumn('line_text')),
    under('$confidence', confidenceColumn(['79.99', '3.10'])),
  ];
  readonly styles = [
    { format: 'rekognition', instant: 'zulu' },
    { format: 'rekognition', gzip: true },
    { format: 'rekognition', note: true },
  ] as const;

  constructor(files: readonly Slice[], seed: number, applicants: number) {
    super(files, seed, applicants, 34);
  }

  fill(index: number, cells: Cells): void {
    const place = index % LINES;
    const who = this.document(index - place, Math.floor(index / LINES), cells);
    cells[2] = who % 3 === 0 ? 'identity_card' : 'passport';
    cells[4] = String(place);
    cells[5] = ['PASSPORT / PASSEPORT', `HOLDER ${applicant(who)}`, `P<UTO${applicant(who)}<<<<`][place] ?? '';
    cells[6] = this.confidence(index);
  }

  vary(cells: Cells, smaller: boolean): void {
    cells[5] = smaller ? '!' : '~';
  }
}
