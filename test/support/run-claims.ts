import { csv } from './run-lake.ts';

/** A column of a generated dataset: its kind and the written forms that its values take. */
export interface ColumnSpec {
  readonly name: string;
  readonly kind: 'text' | 'integer' | 'decimal' | 'instant' | 'date';
  /** Digits after the point, for decimals. */
  readonly scale?: number;
  readonly nullable?: boolean;
  /** Written forms; several may be one value. Null is a missing value. */
  readonly forms: readonly (string | null)[];
}

/** A generated dataset: what the second reading of fates needs to know of its contract. */
export interface DatasetSpec {
  /** The raw dataset, and the base table's bare name. */
  readonly name: string;
  readonly columns: readonly ColumnSpec[];
  readonly key: string | null;
  readonly version: string | null;
}

/** A record as written: its values in column order. */
export type Written = readonly (string | null)[];

/** A typed value that compares as the contract says; null is missing. */
type Typed = bigint | string | null;

/** What became of a load's records. */
export interface FateCounts {
  read: number;
  accepted: number;
  duplicate: number;
  superseded: number;
  quarantined: number;
}

const micros = (text: string): bigint => {
  const iso = /[Zz]|[+-]\d\d:\d\d$/.test(text.slice(11)) ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`;
  return BigInt(Date.parse(iso)) * 1000n;
};

function typed(column: ColumnSpec, text: string | null): { ok: boolean; value: Typed } {
  if (text === null || text === '') return { ok: column.nullable === true, value: null };
  switch (column.kind) {
    case 'text':
      return { ok: true, value: text };
    case 'date':
      return { ok: /^\d{4}-\d\d-\d\d$/.test(text), value: text };
    case 'instant':
      return { ok: !Number.isNaN(Date.parse(text.replace(' ', 'T'))), value: safeMicros(text) };
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? { ok: true, value: BigInt(text.replace('+', '')) } : { ok: false, value: null };
    case 'decimal': {
      const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
      if (!match) return { ok: false, value: null };
      const value = BigInt(`${match[2]}${(match[3] ?? '').padEnd(column.scale ?? 0, '0')}`);
      return { ok: true, value: match[1] === '-' ? -value : value };
    }
  }
}

const safeMicros = (text: string): bigint | null =>
  Number.isNaN(Date.parse(text.replace(' ', 'T'))) ? null : micros(text);

/** By code point, which is not how JavaScript compares text beyond the basic plane. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function compare(a: Typed, b: Typed): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'string' && typeof b === 'string') return byCodePoint(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareContent(a: readonly Typed[], b: readonly Typed[]): number {
  for (const [index, value] of a.entries()) {
    const order = compare(value, b[index] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * The law of claims, read a second time without any SQL: of all records with a key, the greatest version stands, then
 * the smallest content; a load's records that equal it are duplicates beyond the first, the others are superseded.
 */
export class Claims {
  readonly #spec: DatasetSpec;
  readonly #standing = new Map<string, readonly Typed[]>();
  readonly #keyless: (readonly Typed[])[] = [];
  readonly #contested = new Set<string>();

  constructor(spec: DatasetSpec) {
    this.#spec = spec;
  }

  /** Keys whose row stands although no version decided for it. */
  get contested(): number {
    return this.#contested.size;
  }

  /** Takes the records of one load. */
  load(records: readonly Written[]): FateCounts {
    const counts = { read: records.length, accepted: 0, duplicate: 0, superseded: 0, quarantined: 0 };
    const byKey = new Map<string, (readonly Typed[])[]>();
    for (const record of records) {
      const values = this.#spec.columns.map((column, index) => typed(column, record[index] ?? null));
      if (values.some((value) => !value.ok)) {
        counts.quarantined += 1;
        continue;
      }
      const content = values.map((value) => value.value);
      if (this.#spec.key === null) {
        this.#keyless.push(content);
        counts.accepted += 1;
        continue;
      }
      const key = String(content[this.#at(this.#spec.key)]);
      byKey.set(key, [...(byKey.get(key) ?? []), content]);
    }
    for (const [key, fresh] of byKey) {
      const stored = this.#standing.get(key);
      const claims = stored ? [stored, ...fresh] : fresh;
      const winner = claims.reduce((best, claim) => (this.#claim(claim, best) < 0 ? claim : best));
      const equal = fresh.filter((content) => compareContent(content, winner) === 0).length;
      const taken = stored && compareContent(stored, winner) === 0 ? 0 : 1;
      counts.accepted += taken;
      counts.duplicate += equal - taken;
      counts.superseded += fresh.length - equal;
      if (stored && this.#version(stored, winner) !== 0) this.#contested.delete(key);
      if (claims.some((claim) => this.#version(claim, winner) === 0 && compareContent(claim, winner) !== 0))
        this.#contested.add(key);
      this.#standing.set(key, winner);
    }
    return counts;
  }

  /** The rows that stand, by column, typed. */
  get rows(): Record<string, Typed>[] {
    const contents = this.#spec.key === null ? this.#keyless : [...this.#standing.values()];
    return contents.map((content) =>
      Object.fromEntries(this.#spec.columns.map((column, index) => [column.name, content[index] ?? null])),
    );
  }

  /** The rows that stand, written as the lake's own rows are in `Workshop.tables`. */
  get tableText(): string[] {
    return this.rows
      .map((row) =>
        JSON.stringify(Object.fromEntries(this.#spec.columns.map((c) => [c.name, shown(c, row[c.name] ?? null)]))),
      )
      .sort();
  }

  #at(name: string): number {
    return this.#spec.columns.findIndex((column) => column.name === name);
  }

  #version(a: readonly Typed[], b: readonly Typed[]): number {
    if (this.#spec.version === null) return 0;
    const at = this.#at(this.#spec.version);
    const [one, two] = [a[at] ?? null, b[at] ?? null];
    // Greatest first, a missing one last.
    return one === null || two === null ? compare(one, two) : compare(two, one);
  }

  #claim(a: readonly Typed[], b: readonly Typed[]): number {
    return this.#version(a, b) || compareContent(a, b);
  }
}

/** A typed value as the lake's rows show it. */
function shown(column: ColumnSpec, value: Typed): string | null {
  if (value === null) return null;
  switch (column.kind) {
    case 'integer':
      return `${value}n`;
    case 'decimal': {
      const scale = column.scale ?? 0;
      const digits = String(value)
        .replace('-', '')
        .padStart(scale + 1, '0');
      const sign = BigInt(value) < 0n ? '-' : '';
      return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    }
    case 'instant':
      return new Date(Number(BigInt(value) / 1000n)).toISOString().replace(/\.000Z$|0*Z$/, '');
    default:
      return String(value);
  }
}

/** A file of records as CSV. */
export const asCsv = (spec: DatasetSpec, records: readonly Written[]): string =>
  csv(
    spec.columns.map((column) => column.name),
    records,
  );

/** A file of records as JSON lines: values with the JSON type that the contract wants. */
export function asJsonLines(spec: DatasetSpec, records: readonly Written[]): string {
  const token = (column: ColumnSpec, value: string | null): string => {
    if (value === null || value === '') return 'null';
    const numeric = column.kind === 'integer' || column.kind === 'decimal';
    return numeric && typed(column, value).ok
      ? value.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1')
      : JSON.stringify(value);
  };
  return records
    .map((record) => {
      const members = spec.columns.map((column, index) => `"${column.name}":${token(column, record[index] ?? null)}`);
      return `{${members.join(',')}}\n`;
    })
    .join('');
}
