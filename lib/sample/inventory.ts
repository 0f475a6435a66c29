import { instantText } from './calendar.ts';
import { code, instantColumn, integerColumn, textColumn } from './columns.ts';
import { Timed } from './timed.ts';
import { TODAY_EVERY, TODAY_OFFSET } from './timeline.ts';
import type { Cells, Finding, SampleDataset, Slice } from './types.ts';

/** Kinds of events with their share and the range of their quantity. */
const KINDS = [
  { type: 'receipt', until: 0.28, least: 6, most: 40 },
  { type: 'pick', until: 0.8, least: 1, most: 6 },
  { type: 'transfer_in', until: 0.85, least: 1, most: 9 },
  { type: 'transfer_out', until: 0.9, least: 1, most: 9 },
  { type: 'count', until: 0.95, least: 0, most: 60 },
  { type: 'adjust', until: 1, least: -3, most: 3 },
] as const;
const MOST_LOCATIONS = 12;

/** A sequence that its location has given before. */
const sameSequence: Finding = { kind: 'unique', column: 'sequence', value: (serial) => String(serial + 1) };

/** Inventory events; at every other location neighbours arrive in the wrong order. */
export class InventoryEvents extends Timed implements SampleDataset {
  readonly name = 'inventory_event';
  readonly key = 0;
  readonly columns = [
    textColumn('event_id'),
    textColumn('location_id'),
    textColumn('sku'),
    integerColumn('sequence'),
    textColumn('type', ['return', 'PICK', 'transfer']),
    integerColumn('quantity', ['-1', '-40']),
    instantColumn('occurred_at'),
  ];
  readonly findings = [sameSequence];
  readonly styles = [
    { format: 'jsonl', instant: 'zulu' },
    { format: 'jsonl', turn: 1, instant: 'offset' },
    { format: 'jsonl', gzip: true, note: true, instant: 'zulu' },
    { format: 'jsonl', crlf: true, blank: true },
    { format: 'jsonl', gzip: true, turn: 4, instant: 'zulu' },
    { format: 'jsonl', instant: 'zulu' },
  ] as const;
  private readonly locations: number;
  private readonly skus: number;

  constructor(files: readonly Slice[], seed: number) {
    super(files, seed, 20);
    this.locations = Math.min(MOST_LOCATIONS, Math.max(2, Math.floor(this.count / 200)));
    this.skus = Math.min(20_000, Math.max(5, Math.floor(this.count / (20 * this.locations))));
  }

  fill(index: number, cells: Cells): void {
    const draws = this.draws.at(index);
    const second = this.timeline.second(index, draws);
    const location = index % this.locations;
    const kind = this.kind(index, draws.unit());
    cells[0] = code('E', index + 1);
    cells[1] = `L${location + 1}`;
    cells[2] = code('S', 1 + draws.skewed(this.skus));
    cells[3] = String(this.sequence(index, location));
    cells[4] = kind.type;
    cells[5] = String(kind.least + draws.below(kind.most - kind.least + 1));
    cells[6] = instantText(second);
  }

  unusedKey(serial: number): string {
    return code('E', this.count + 1 + serial);
  }

  renew(cells: Cells, serial: number): void {
    cells[3] = String(this.count + 1 + serial);
  }

  /** Another quantity: below zero only for an adjustment, so a count of nothing grows. */
  vary(cells: Cells, smaller: boolean): void {
    const quantity = Number(cells[5]);
    const shrinks = smaller && (cells[4] === 'adjust' || quantity > 0);
    cells[5] = String(quantity + (shrinks ? -1 : 1));
  }

  /** Patterns of planted records are no adjustments: of those a negative quantity would be right. */
  private kind(index: number, unit: number): (typeof KINDS)[number] {
    const { start } = this.timeline.slice(this.timeline.fileOf(index));
    const pattern = (index - start) % TODAY_EVERY === TODAY_OFFSET;
    return KINDS.find(({ until }) => (pattern ? unit * 0.9 : unit) < until) ?? KINDS[0];
  }

  private sequence(index: number, location: number): number {
    const place = Math.floor(index / this.locations);
    const events = Math.floor((this.count - 1 - location) / this.locations) + 1;
    const swapped = place ^ 1;
    return 1 + (location % 2 === 0 && swapped < events ? swapped : place);
  }
}
