import { type ColumnType, typeName } from '../contract/index.ts';
import type { Load, TablePlan } from './plan.ts';

/** What a table's rows depend on: when it differs from what the lake was made by, the table must be made anew. */
export interface Definition {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly nullable: boolean }[];
  readonly grain: readonly string[];
  readonly write: string;
  /** The raw dataset of a base table. */
  readonly source: string | null;
  /** How rows are made: the conform SQL or the select. */
  readonly making: string;
}

/** The definition of a planned table. */
export const definitionOf = (table: TablePlan): Definition => ({
  columns: table.columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
  grain: table.grain,
  write: JSON.stringify(table.write),
  source: table.making.kind === 'load' ? table.making.source : null,
  making: table.making.kind === 'load' ? loading(table.columns, table.making) : table.making.select.duckdb,
});

const loading = (columns: TablePlan['columns'], { records, conform }: Load): string => {
  const paths = columns.map((column) => column.path).join();
  return [paths, ...(records === null ? [] : [JSON.stringify(records)]), conform.duckdb].join('\n');
};

/** What became of a table's definition: nothing, a change that a rebuild answers, or one that would lose something. */
export interface Change {
  readonly table: string;
  readonly kind: 'rebuild' | 'refused';
  /** What differs, in words. */
  readonly differences: readonly string[];
}

const digits = (type: ColumnType): { before: number; after: number } | null =>
  type.kind === 'decimal'
    ? { before: type.precision - type.scale, after: type.scale }
    : type.kind === 'integer'
      ? { before: 19, after: 0 }
      : null;

/**
 * Whether every value of `from` is one of `to`, and its written form too: a widened table is made anew from raw files,
 * where a day is no time of day, and a JSON number no text.
 */
export function widens(from: ColumnType, to: ColumnType): boolean {
  if (from.kind === to.kind && from.kind !== 'decimal') return true;
  const [was, is] = [digits(from), digits(to)];
  return was !== null && is !== null && to.kind === 'decimal' && is.before >= was.before && is.after >= was.after;
}

interface Difference {
  readonly says: string;
  readonly safe: boolean;
}

function columnDifferences(was: Definition, is: Definition): Difference[] {
  const before = new Map(was.columns.map((column) => [column.name, column]));
  const after = new Map(is.columns.map((column) => [column.name, column]));
  const found: Difference[] = [];
  for (const [name, column] of after) {
    const old = before.get(name);
    if (!old) {
      found.push({ says: `column ${name} added (${typeName(column.type)})`, safe: true });
      continue;
    }
    if (typeName(old.type) !== typeName(column.type)) {
      const safe = widens(old.type, column.type);
      const how = safe ? 'widened' : widens(column.type, old.type) ? 'narrowed' : 'changed';
      found.push({
        says: `${name} ${how} from ${typeName(old.type)} to ${typeName(column.type)}`,
        safe,
      });
    }
    if (old.nullable !== column.nullable) {
      found.push({ says: `${name} made ${column.nullable ? 'optional' : 'required'}`, safe: column.nullable });
    }
  }
  for (const name of before.keys()) {
    if (!after.has(name)) found.push({ says: `column ${name} removed`, safe: false });
  }
  return found;
}

/**
 * Compares a table of the lake with its plan. Columns may be added, types widened, and the way rows are made may
 * change: those are answered by a rebuild. Anything else is refused unless the rebuild is asked for by name.
 * @returns null when nothing that rows depend on has changed.
 */
export function compareDefinitions(table: string, was: Definition, is: Definition): Change | null {
  const differences = columnDifferences(was, is);
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (!same(was.grain, is.grain))
    differences.push({ says: `key changed from (${was.grain.join(', ')}) to (${is.grain.join(', ')})`, safe: false });
  if (was.source !== is.source)
    differences.push({ says: `source changed from raw.${was.source} to raw.${is.source}`, safe: false });
  if (was.write !== is.write)
    differences.push({ says: `write policy changed from ${was.write} to ${is.write}`, safe: false });
  if (differences.length === 0 && same(was.columns, is.columns) === false)
    differences.push({ says: 'columns reordered', safe: true });
  if (differences.length === 0 && was.making !== is.making) {
    differences.push({ says: is.source === null ? 'its SQL changed' : 'its rules changed', safe: true });
  }
  if (differences.length === 0) return null;
  return {
    table,
    kind: differences.every((each) => each.safe) ? 'rebuild' : 'refused',
    differences: differences.map((each) => each.says),
  };
}
