import { DIRT, irregularValues, struckColumns } from './dirt.ts';
import type { Planting } from './plan-dirt.ts';
import type { SampleFile, Spoil } from './text-format.ts';
import { TODAY_EVERY, TODAY_OFFSET } from './timeline.ts';
import type { Cells, FileStyle, SampleDataset, Slice } from './types.ts';

/*
 * Which clean records take part in what is told by their offset in their file, so that nothing meets twice:
 * 1 of 4 are patterns of planted records, 2 of 4 are copied, 3 of 8 are superseded from their own file, 7 of 8 from another.
 */
const COPIED = { every: 4, offset: 2 };
const SUPERSEDED = { every: 8, own: 3, other: 7 };

const places = (length: number, every: number, offset: number): number => Math.floor((length - 1 - offset) / every) + 1;

/** Plants what is no clean record into the files of one dataset. Every planted record that is no copy has a key of its own. */
export class Planter {
  private readonly dataset: SampleDataset;
  private readonly styles: readonly FileStyle[];
  private readonly cells: Cells;
  private readonly turns = new Map<string, number>();
  private serial = 0;

  constructor(dataset: SampleDataset, styles: readonly FileStyle[]) {
    this.dataset = dataset;
    this.styles = styles;
    this.cells = dataset.columns.map(() => null);
  }

  /** Plants one and says how it is spoilt; `nth` counts the plantings of its kind in this file, from 0. */
  plant(planting: Planting, file: number, nth: number, into: SampleFile): Spoil | null {
    const turn = this.turns.get(planting.name) ?? 0;
    this.turns.set(planting.name, turn + 1);
    const spoil = this.prepare(planting, file, nth, turn);
    into.plant(this.cells, spoil);
    return spoil;
  }

  /** A record like the clean ones of a file, with a key that no record has; in the last file it happens on the last day. */
  pattern(file: number): Cells {
    const { start, end } = this.slice(file);
    const nth = this.serial++ % places(end - start, TODAY_EVERY, TODAY_OFFSET);
    this.fill(file, start + TODAY_OFFSET + nth * TODAY_EVERY);
    if (this.dataset.key !== null) this.cells[this.dataset.key] = this.dataset.unusedKey(this.serial - 1);
    this.dataset.renew?.(this.cells, this.serial - 1);
    return this.cells;
  }

  /** Writes the record into `cells`; what they cannot say is returned. */
  private prepare(planting: Planting, file: number, nth: number, turn: number): Spoil | null {
    switch (planting.fate) {
      case 'quarantined':
        return this.spoiled(planting, file, turn);
      case 'duplicate':
        this.copy(planting.name === 'duplicate_same_file' ? file : this.other(file), turn);
        break;
      case 'superseded':
        this.rival(file, nth);
        break;
      case 'accepted':
        this.pattern(file);
        if ('irregular' in planting) return this.irregular(planting.irregular, file, turn);
        this.cells[this.place(planting.finding.column)] = planting.finding.value(turn);
    }
    return null;
  }

  private spoiled(planting: Planting & { fate: 'quarantined' }, file: number, turn: number): Spoil | null {
    const cells = this.pattern(file);
    const style = this.styles[file] ?? { format: 'csv' };
    const struck = struckColumns(planting.name, this.dataset, style);
    const at = struck[turn % struck.length] ?? 0;
    const column = this.dataset.columns[at];
    if (column === undefined) throw new RangeError(`${this.dataset.name} has no column ${at}`);
    // Variants go on when all columns had the one before, so that every pair comes up.
    const variant = Math.floor(turn / struck.length) + turn;
    const xml = style.format === 'xml';
    const json = !xml && !['csv', 'log', 'parquet'].includes(style.format);
    return DIRT[planting.name].spoil({ cells, at, column, json, xml, turn: variant });
  }

  private irregular(column: number, file: number, turn: number): Spoil {
    const values = irregularValues(this.dataset, column, this.styles[file] ?? { format: 'csv' });
    return { how: 'raw', column, text: values[turn % values.length] ?? '' };
  }

  private copy(from: number, turn: number): void {
    const { start, end } = this.slice(from);
    const choices = places(end - start, COPIED.every, COPIED.offset);
    this.fill(from, start + COPIED.offset + COPIED.every * ((turn * 7919) % choices));
  }

  /** Other content for the key of a clean record, each of which is used once. */
  private rival(file: number, nth: number): void {
    const own = nth % 2 === 0;
    const from = own ? file : this.other(file);
    const { start, end } = this.slice(from);
    const offset = own ? SUPERSEDED.own : SUPERSEDED.other;
    const place = Math.floor(nth / 2);
    if (place >= places(end - start, SUPERSEDED.every, offset)) {
      throw new RangeError(`${this.dataset.name}: too few records to supersede; make less dirt or more rows`);
    }
    this.fill(from, start + offset + SUPERSEDED.every * place);
    this.dataset.vary(this.cells, nth % 4 < 2);
  }

  private fill(file: number, index: number): void {
    this.dataset.fill(index, this.cells, this.styles[file]?.quotes ?? false);
  }

  private other(file: number): number {
    return (file + 1) % this.styles.length;
  }

  private place(column: string): number {
    return this.dataset.columns.findIndex(({ name }) => name === column);
  }

  private slice(file: number): Slice {
    const slice = this.dataset.files[file];
    if (slice === undefined) throw new RangeError(`${this.dataset.name} has no file ${file}`);
    return slice;
  }
}
