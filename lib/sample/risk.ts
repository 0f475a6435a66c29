import { instantText, startOf } from './calendar.ts';
import { code, instantColumn, integerColumn, lenient, money, optional, textColumn, under } from './columns.ts';
import { Timed } from './timed.ts';
import type { Cells, SampleColumn, SampleDataset, Slice } from './types.ts';

/** Every so many-eth event of a file happened before the file in front of it arrived: it lands inside the history. */
const LATE_EVERY = 50;
const LATE_OFFSET = 7;
const LATE_SECONDS = 20 * 86_400;

const PLACES = ['Bergen', 'Graz', 'Leuven', 'Oslo', 'Porto', 'São Paulo', 'Turku'];
const STREETS = ['Harbour Road', 'Königsweg', 'Mill Lane', 'Rua Augusta'];
const LEVELS = ['Low', 'Medium', 'High'];
const STATUSES = ['Approved', 'Pending', 'Pending Investigation', 'Rejected'];

const emptyText = { json: ['""', '7', '["x"]', '{"a":1}'], csv: [] };
const email = lenient(textColumn('email'), {
  json: ['""', '"nobody"', '"a@b@c"', '"@x"', '5'],
  csv: ['nobody', 'a@b@c', '@x', 'x@'],
});
const rating = lenient(integerColumn('credit_rating'), {
  json: ['1001', '-1', '"720"', '2.5', 'true', '1e30'],
  csv: ['1001', '-1', '7.5', 'good'],
});
const decimal = (name: string, precision: number): SampleColumn => ({
  name,
  type: { kind: 'decimal', precision, scale: 2 },
  nullable: false,
});
const named = (column: SampleColumn, name: string): SampleColumn => ({ ...column, name });
const words = (name: string): SampleColumn => lenient(textColumn(name), emptyText);

/** Events of risk decisions: habits per client and company, parts of the event missing now and then, some that arrive late. */
export class RiskEvents extends Timed implements SampleDataset {
  readonly name = 'risk_event';
  readonly layer = 'raw';
  readonly key = 0;
  readonly columns = [
    textColumn('transaction_id'),
    instantColumn('timestamp'),
    words('transaction_location'),
    under('company.company_id', words('company_id')),
    under('company.company_name', words('company_name')),
    under('company.address', words('company_address')),
    under('company.email', named(email, 'company_email')),
    under('company.credit_rating', named(rating, 'company_credit_rating')),
    under('client.client_id', textColumn('client_id')),
    under('client.name', words('client_name')),
    under('client.email', named(email, 'client_email')),
    under('client.credit_rating', named(rating, 'client_credit_rating')),
    under(
      'client.total_cost',
      lenient(decimal('total_cost', 14), { json: ['-0.01', '0.001', '"12"'], csv: ['-1', '0.001'] }),
    ),
    under('risk_assessment.client_id', words('assessed_client_id')),
    under(
      'risk_assessment.risk_score',
      lenient(decimal('risk_score', 5), { json: ['100.01', '-1', '"95"'], csv: ['100.01', 'x'] }),
    ),
    under(
      'risk_assessment.risk_level',
      lenient(textColumn('risk_level'), { json: ['"low"', '""', '1'], csv: ['low'] }),
    ),
    under(
      'risk_assessment.approval_status',
      lenient(textColumn('approval_status'), { json: ['"approved"', '""', 'false'], csv: ['Maybe'] }),
    ),
  ].map((column) => (column.irregular ? optional(column) : column));
  readonly findings = [];
  readonly styles = [
    { format: 'jsonl', instant: 'zulu' },
    { format: 'jsonl', turn: 8, instant: 'offset' },
    { format: 'jsonl', gzip: true, note: true, instant: 'zulu' },
    { format: 'jsonl', crlf: true, blank: true },
    { format: 'jsonl', turn: 3, instant: 'zulu' },
    { format: 'jsonl', gzip: true, instant: 'zulu' },
  ] as const;
  private readonly clients: number;
  private readonly companies: number;

  constructor(files: readonly Slice[], seed: number) {
    super(files, seed, 30);
    this.clients = Math.max(6, Math.round(this.count / 10));
    this.companies = Math.max(3, Math.round(this.count / 50));
  }

  fill(index: number, cells: Cells): void {
    const second = this.second(index);
    const draws = this.draws.at(index);
    const told = (cell: string, share: number): string | null => (draws.unit() < share ? cell : null);
    const client = draws.skewed(this.clients);
    const company = draws.skewed(this.companies);
    const contact = draws.below(3);
    cells[0] = this.id(index);
    cells[1] = instantText(second);
    cells[2] = PLACES[draws.below(PLACES.length)] ?? '';
    cells[3] = told(code('F', company + 1), 0.92);
    cells[4] = told(`Company ${company + 1}`, 0.7);
    cells[5] = told(`${STREETS[(company + contact) % STREETS.length]} ${1 + (company % 90)}`, 0.6);
    cells[6] = told(`office${contact}@company${company + 1}.example`, 0.6);
    cells[7] = told(String(300 + ((company * 37 + draws.below(5) * 20) % 700)), 0.7);
    cells[8] = code('L', client + 1);
    cells[9] = told(`Client ${client + 1}`, 0.8);
    cells[10] = told(`client${client + 1}@mail${contact}.example`, 0.7);
    cells[11] = told(String(250 + ((client * 53 + draws.below(4) * 25) % 700)), 0.6);
    cells[12] = told(money(draws.below(2_000) * 2_500), 0.5);
    // Every so often the assessment is another client's, and must not count.
    const other = draws.unit() < 0.03 ? client + 1 : client;
    cells[13] = told(code('L', (other % this.clients) + 1), 0.9);
    cells[14] = told(money(draws.below(10_001)), 0.7);
    cells[15] = told(LEVELS[draws.below(LEVELS.length)] ?? '', 0.7);
    cells[16] = told(STATUSES[draws.below(STATUSES.length)] ?? '', 0.7);
  }

  unusedKey(serial: number): string {
    return this.id(this.count + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    cells[2] = smaller ? 'Aachen' : 'Zwolle';
  }

  private id(index: number): string {
    return code('D', index + 1);
  }

  private second(index: number): number {
    const { start, from } = this.timeline.slice(this.timeline.fileOf(index));
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    if (from === 0 || (index - start) % LATE_EVERY !== LATE_OFFSET) return second;
    return Math.floor(startOf(from) - draws.unit() * Math.min(LATE_SECONDS, startOf(from)));
  }
}
