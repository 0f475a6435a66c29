import { HISTORY_DAYS, instantText, startOf } from './calendar.ts';
import { code, instantColumn, optional, textColumn } from './columns.ts';
import { Timed } from './timed.ts';
import type { Cells, SampleDataset, Slice } from './types.ts';
import { PAGES } from './words.ts';

/** Events that a visit has at most; the pauses between them now and then end the session. */
const VISIT = 5;
const STEPS = ['view', 'search', 'view', 'basket', 'purchase'] as const;
const last = startOf(HISTORY_DAYS) - 1;

/** Site events: visits of a few steps, some of them signed in, some events late or a session apart. */
export class SiteEvents extends Timed implements SampleDataset {
  readonly name = 'site_event';
  readonly key = 0;
  readonly columns = [
    textColumn('event_id'),
    textColumn('visitor_id'),
    optional(textColumn('customer_id')),
    textColumn('type', ['click', 'View', 'purchases']),
    textColumn('url'),
    instantColumn('occurred_at'),
  ];
  readonly findings = [];
  readonly styles = [
    { format: 'jsonl', instant: 'zulu' },
    { format: 'jsonl', gzip: true, turn: 2, instant: 'zulu' },
    { format: 'jsonl', note: true, instant: 'offset' },
    { format: 'jsonl', crlf: true, blank: true },
    { format: 'jsonl', gzip: true, instant: 'zulu' },
    { format: 'jsonl', turn: 4, instant: 'zulu' },
  ] as const;
  private readonly customers: number;

  constructor(files: readonly Slice[], seed: number, customers: number) {
    super(files, seed, 30);
    this.customers = customers;
  }

  fill(index: number, cells: Cells): void {
    const step = index % VISIT;
    const draws = this.draws.at(index - step);
    const start = this.timeline.second(index - step, draws);
    const visitor = draws.skewed(Math.max(20, Math.ceil(this.count / 12)));
    // A third of the visitors sign in; a few share their browser.
    const customer =
      visitor % 3 === 0 ? 1 + ((visitor + (visitor % 21 === 0 ? draws.below(2) : 0)) % this.customers) : null;
    const pace = 40 + draws.below(2600);
    const own = this.draws.at(index);
    cells[0] = code('W', index + 1);
    cells[1] = code('V', visitor + 1);
    cells[2] = customer !== null && step > 2 ? code('C', customer) : null;
    cells[3] = own.unit() < 0.55 ? 'view' : (STEPS[step] ?? 'view');
    cells[4] = PAGES[own.below(PAGES.length)] ?? '/';
    cells[5] = instantText(Math.min(last, start + step * pace + own.below(600))) + (index % 4 === 0 ? '.125' : '');
  }

  unusedKey(serial: number): string {
    return code('W', this.count + 1 + serial);
  }

  vary(cells: Cells, smaller: boolean): void {
    cells[4] = smaller ? '-' : `${cells[4]}?again`;
  }
}
