import { canonicalNumber } from './json-number.ts';
import { type JsonColumn, type JsonKind, type Shape, typeFaults, wantedKind } from './json-shape.ts';
import type { ColumnFault } from './record.ts';

/** Characters kept of a value that cannot be taken. */
const MAX_FOUND = 200;

/** How many names of unknown members are kept. */
const MAX_EXTRA = 20;

/** The values that one JSON record gives to the columns, and the faults of those that it cannot. */
export class ColumnValues {
  /** In column order; null where missing, null, empty or faulty. Fresh for every record. */
  values: (string | null)[] = [];
  faults: ColumnFault[] = [];
  /** Dotted names of members that no column wants, over all records. */
  readonly extra = new Set<string>();
  readonly #columns: readonly JsonColumn[];
  readonly #wanted: readonly JsonKind[];

  constructor(columns: readonly JsonColumn[]) {
    this.#columns = columns;
    this.#wanted = columns.map((column) => wantedKind(column.type));
  }

  /** For the next record. */
  reset(): void {
    this.values = new Array<string | null>(this.#columns.length).fill(null);
    this.faults = [];
  }

  /** Hands a value to the columns that want it, or a fault to those that want something else. */
  give(shape: Shape, kind: JsonKind, text: string): void {
    let wrongKind = shape.below.length > 0;
    for (const index of shape.columns) {
      if (this.#wanted[index] !== kind) {
        wrongKind = true;
        continue;
      }
      const value = kind === 'a number' ? canonicalNumber(text) : text;
      if (value === null) this.#outOfRange(index, shape.path, text);
      else if (value !== '') this.values[index] = value;
      else if (this.#columns[index]?.lenient) this.#empty(index, shape.path);
    }
    if (wrongKind) this.faults.push(...typeFaults(this.#columns, shape, kind, text.slice(0, MAX_FOUND)));
  }

  /** Notes what some faults found: an object or an array, once it is read. */
  sayFound(from: number, to: number, text: string): void {
    const found = text.slice(0, MAX_FOUND);
    this.faults.splice(from, to - from, ...this.faults.slice(from, to).map((fault) => ({ ...fault, found })));
  }

  /** Remembers the name of a member that no column wants. */
  unknown(shape: Shape, name: string): null {
    if (this.extra.size < MAX_EXTRA) this.extra.add(shape.path === '' ? name : `${shape.path}.${name}`);
    return null;
  }

  #empty(index: number, path: string): void {
    const detail = `found empty text at ${path}, expected some or no member`;
    this.faults.push({ column: this.#columns[index]?.name ?? '', code: 'empty', detail, found: '' });
  }

  #outOfRange(index: number, path: string, text: string): void {
    const detail = `found ${text.slice(0, 40)} at ${path}, expected a number that can be written out`;
    this.faults.push({
      column: this.#columns[index]?.name ?? '',
      code: 'number_range',
      detail,
      found: text.slice(0, MAX_FOUND),
    });
  }
}
