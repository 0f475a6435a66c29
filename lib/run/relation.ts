import { bind, quoted, type TablePlan } from '../plan/index.ts';
import { quote } from './ledger.ts';

/** A table's name in the local lake: `base."purchase"`. */
export function relationOf(name: string): string {
  const dot = name.indexOf('.');
  return `${name.slice(0, dot)}.${quoted(name.slice(dot + 1), 'duckdb')}`;
}

/** Puts the lake's names and the as-of date into a template; `instead` names other relations for some tables. */
export const bindLocal = (
  template: string,
  asOf: string | null,
  instead: ReadonlyMap<string, string> = new Map(),
): string => bind(template, { table: (name) => instead.get(name) ?? relationOf(name), asOf });

/** The contract's columns, quoted. */
export const columnList = (table: Pick<TablePlan, 'columns'>): string =>
  table.columns.map((column) => quoted(column.name, 'duckdb')).join(', ');

/** A file's path as a literal for the engine's readers, which take a path for a pattern: `[`, `*` and `?` are put in brackets. */
export const fileLiteral = (path: string): string => quote(path.replaceAll(/[[*?]/g, '[$&]'));
