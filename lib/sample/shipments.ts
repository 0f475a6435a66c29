import { dayText, plusDays } from './calendar.ts';
import { dateColumn, integerColumn, optional } from './columns.ts';
import { Draws } from './random.ts';
import type { Orders } from './sales.ts';
import type { Cells, Finding, SampleDataset, Slice } from './types.ts';

const FIRST_SHIPMENT = 500_001;
const orphan: Finding = { kind: 'refers_to', column: 'order_id', value: (serial) => String(900_000_000 + serial) };

/** The days on which a shipment left and arrived; null while that has not happened. */
interface Journey {
  readonly left: number | null;
  readonly arrived: number | null;
}

/** Shipments of orders: early, late, lost. What a file does not know yet may follow in the next. */
export class Shipments implements SampleDataset {
  readonly name = 'shipment_deliveries';
  readonly key = 0;
  readonly columns = [
    integerColumn('shipment_id'),
    integerColumn('order_id'),
    optional(dateColumn('shipment_date')),
    optional(dateColumn('delivery_date')),
  ];
  readonly findings = [orphan];
  readonly styles = [
    { format: 'csv' },
    { format: 'csv', turn: 2 },
    { format: 'jsonl' },
    { format: 'csv', gzip: true, note: true, quotes: true },
    { format: 'parquet' },
    { format: 'csv', crlf: true },
  ] as const;
  readonly files: readonly Slice[];
  readonly count: number;
  private readonly orders: Orders;
  private readonly draws: Draws;

  constructor(orders: Orders, files: readonly Slice[], seed: number) {
    this.orders = orders;
    this.files = files;
    this.count = files.at(-1)?.end ?? 0;
    this.draws = new Draws(seed, 6);
  }

  fill(index: number, cells: Cells): void {
    const file = this.files.find((slice) => index < slice.end);
    this.write(index, this.journey(index, file?.arrival ?? 0), cells);
  }

  unusedKey(serial: number): string {
    return String(FIRST_SHIPMENT + this.count + serial);
  }

  /** A missing date sorts last, so a record with more dates is smaller. */
  vary(cells: Cells, smaller: boolean): void {
    const shipped = cells[2] ?? null;
    if (shipped === null) {
      cells[2] = dayText(700);
      return;
    }
    cells[2] = smaller ? plusDays(shipped, -1) : null;
    if (!smaller) cells[3] = null;
  }

  /** Shipments of the file before whose dates became known since; half of the shipments are never told anew. */
  *redeliver(file: number, cells: Cells): Iterable<Cells> {
    const [before, now] = [this.files[file - 1], this.files[file]];
    if (before === undefined || now === undefined) return;
    for (let index = before.start; index < before.end; index++) {
      if ((index - before.start) % 4 > 1) continue;
      const [then, known] = [this.journey(index, before.arrival), this.journey(index, now.arrival)];
      if (then.left === known.left && then.arrived === known.arrived) continue;
      yield this.write(index, known, cells);
    }
  }

  private write(index: number, { left, arrived }: Journey, cells: Cells): Cells {
    cells[0] = String(FIRST_SHIPMENT + index);
    cells[1] = this.orders.id(this.order(index));
    cells[2] = left === null ? null : dayText(left);
    cells[3] = arrived === null ? null : dayText(arrived);
    return cells;
  }

  private order(index: number): number {
    return Math.floor((index * this.orders.count) / this.count);
  }

  /** As far as it is known on day `today`: 6 % are lost, 12 % leave late, of those half never arrive. */
  private journey(index: number, today: number): Journey {
    const ordered = this.orders.day(this.order(index));
    const draws = this.draws.at(index);
    const kind = draws.unit();
    if (kind < 0.06) return { left: null, arrived: null };
    const left = ordered + (kind < 0.18 ? 6 + draws.below(12) : 1 + draws.below(5));
    if (left > today) return { left: null, arrived: null };
    const arrived = left + 1 + draws.below(6);
    return { left, arrived: kind < 0.12 || arrived > today ? null : arrived };
  }
}
