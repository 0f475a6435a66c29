import type { Columns, ColumnType, LoadedDataset, Rule, Unless } from '../../lib/contract/index.ts';
import { products } from '../../lib/products/index.ts';
import type { RawRecord } from './naive-read.ts';

/** A value by which records are compared: numbers by value, text as its bytes. */
export type Typed = bigint | string | null;

/** The base tables by name. */
export const contracts: ReadonlyMap<string, LoadedDataset<Columns>> = new Map(
  products.flatMap(({ datasets }) => datasets.filter(isBase)).map((dataset) => [dataset.name, dataset]),
);

function isBase(dataset: { made: string }): dataset is LoadedDataset<Columns> {
  return dataset.made === 'load';
}

const realDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

/** The value of a text in its written form; undefined when it has none. */
function parse(text: string, type: ColumnType): Typed | undefined {
  switch (type.kind) {
    case 'text':
      return Buffer.from(text).toString('hex');
    case 'boolean':
      return text === 'true' || text === 'false' ? BigInt(text === 'true') : undefined;
    case 'integer': {
      const value = /^[+-]?[0-9]+$/.test(text) ? BigInt(text) : undefined;
      return value !== undefined && BigInt.asIntN(64, value) === value ? value : undefined;
    }
    case 'decimal': {
      const { precision, scale } = type;
      const form = new RegExp(`^([+-]?)([0-9]{1,${precision - scale}})(?:[.]([0-9]{1,${scale}}))?$`);
      const [, sign, whole = '', part = ''] = form.exec(text) ?? [];
      return whole === '' ? undefined : BigInt(whole + part.padEnd(scale, '0')) * (sign === '-' ? -1n : 1n);
    }
    case 'date':
      return realDay(text) ? text : undefined;
    case 'instant': {
      const [, day = '', clock = '', part = '', zone = 'Z'] =
        /^(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:[.](\d{1,6}))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ??
        [];
      if (!realDay(day)) return undefined;
      return BigInt(Date.parse(`${day}T${clock}${zone}`)) * 1000n + BigInt(part.padEnd(6, '0'));
    }
  }
}

/** What a raw value says in writing; undefined when it has the wrong type. */
function written(value: unknown, type: ColumnType, json: boolean): string | null | undefined {
  if (value === null || value === undefined || value === '') return null;
  if (!json) return String(value);
  const number = type.kind === 'integer' || type.kind === 'decimal';
  if (number) return typeof value === 'number' ? String(value) : undefined;
  if (type.kind === 'boolean') return typeof value === 'boolean' ? String(value) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Whether a record keeps a rule, judged on its raw values; what is missing breaks only what wants it. */
function keeps(rule: Rule | Unless['wants'], of: (column: string) => unknown): boolean {
  const value = of(rule.column);
  if (rule.kind === 'unless') return keeps(rule.excused, of) || keeps(rule.wants, of);
  if (rule.kind === 'present') return value !== null && value !== '';
  if (value === null || value === '') return true;
  if (rule.kind === 'capitals') return new RegExp(`^[A-Z]{${rule.letters}}$`).test(String(value));
  if (rule.kind === 'one_of') return rule.values.includes(String(value));
  if (rule.kind === 'email') return /^[^@]+@[^@]+$/.test(String(value));
  return Number(value) >= (rule.min ?? -Infinity) && Number(value) <= (rule.max ?? Infinity);
}

/** The value at a dotted path: under that very name in a CSV record, member by member in a JSON one. */
function at(record: NonNullable<RawRecord>, path: string): unknown {
  if (path in record) return record[path];
  return path.split('.').reduce<unknown>((value, member) => (value as RawRecord)?.[member], record);
}

/**
 * The content of a record, typed, in contract order; null when it is to be quarantined. What is refused by itself is
 * missing from it, and its column is put into `refused`.
 */
export function contentOfRecord(
  record: RawRecord,
  contract: LoadedDataset<Columns>,
  json: boolean,
  refused: string[] = [],
): Typed[] | null {
  if (record === null) return null;
  const content: Typed[] = [];
  for (const [name, { facts }] of Object.entries(contract.row)) {
    const raw = at(record, facts.path ?? name);
    const text = written(raw, facts.type, json);
    const value = text === null ? null : text === undefined ? undefined : parse(text, facts.type);
    if (facts.lenient) {
      const rules = contract.rules?.filter((rule) => rule.column === name) ?? [];
      const irregular =
        value === undefined || (json && raw === '') || rules.some((rule) => !keeps(rule, () => raw ?? null));
      if (irregular) refused.push(name);
      content.push(irregular ? null : value);
      continue;
    }
    if (value === undefined || (value === null && !facts.optional)) return null;
    if (contract.grain.includes(name) && typeof text === 'string' && text.trim() !== text) return null;
    const broken = contract.rules?.some(
      (rule) =>
        rule.column === name && !keeps(rule, (column) => record[contract.row[column]?.facts.path ?? column] ?? null),
    );
    if (broken) return null;
    content.push(value);
  }
  return content;
}

/** Smaller content first: column by column, null last. */
export function compareContent(a: readonly Typed[], b: readonly Typed[]): number {
  for (const [place, left] of a.entries()) {
    const right = b[place] ?? null;
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -1 : 1;
  }
  return 0;
}
