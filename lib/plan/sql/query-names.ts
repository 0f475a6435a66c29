import { type PlacedComplaint, type SqlError, sqlError } from './finding.ts';
import { nearest } from './nearest.ts';
import { qualifiedName, type Reference } from './references.ts';
import { significant, tokenize } from './tokens.ts';
import { type Node, parseStatement } from './tree.ts';

/** What an ad-hoc query may name. */
export interface QueryContext {
  /** Qualified names of the tables of the lake. */
  readonly tables: readonly string[];
  /** What `:as_of` stands for, `YYYY-MM-DD`; null when there is none. */
  readonly asOf: string | null;
}

/** Schemas that every lake file has beside its layers. */
export const SYSTEM = new Set(['information_schema', 'ops']);
const READING = new Set(['select', 'union', 'except', 'intersect', 'values', 'subquery']);
/** What an ad-hoc query is called in messages. */
export const FILE = 'query';

/** The statement of a text. @throws SqlError when it does not parse or does not only read. */
export function readingStatement(text: string): Node {
  const statement = parseStatement(text, FILE);
  if (READING.has(statement.kind)) return statement;
  const suggestion = 'Begin with select, with, values, show tables or describe.';
  throw refuse(text, { at: 0, code: 'not-a-select', message: `${statement.kind} does not only read.`, suggestion });
}

/** The text without the semicolon that ends it. */
export const withoutEnd = (sql: string): string => sql.trim().replace(/\s*;\s*$/, '');

/** The error for a complaint about an ad-hoc query. */
export const refuse = (text: string, complaint: PlacedComplaint): SqlError => sqlError(text, FILE, complaint);

/** The error for `:as_of` where there is no as-of date. */
export const refuseDateless = (text: string, at: number): SqlError =>
  refuse(text, { at, code: 'parameter', message: ':as_of has no value.', suggestion: 'Give an as-of date.' });

/** The qualified name that a reference means; null for the engine's own tables. */
export function resolve(text: string, reference: Reference, tables: readonly string[]): string | null {
  const schema = reference.schema?.toLowerCase() ?? null;
  const name = reference.name.toLowerCase();
  if (schema !== null && SYSTEM.has(schema)) return null;
  const wanted = schema === null ? name : `${schema}.${name}`;
  const candidates = tables.filter((table) => (schema === null ? table.endsWith(`.${name}`) : table === wanted));
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  const at = reference.start;
  if (only !== undefined) {
    const suggestion = `Write ${[...candidates].sort().join(' or ')}.`;
    throw refuse(text, { at, code: 'ambiguous-table', message: `Several tables are called ${name}.`, suggestion });
  }
  const message = `No table is called ${qualifiedName(reference)}.`;
  throw refuse(text, { at, code: 'unknown-table', message, suggestion: nearest(wanted, tables) });
}

/** `show tables` and `describe t` as selects, with schemas called as the engine does; null for anything else. */
export function catalogueQuery(
  text: string,
  { tables }: QueryContext,
  schemaName: (layer: string) => string = (layer) => layer,
): string | null {
  const words = significant(tokenize(text, FILE)).map((token) => token.text.replaceAll('"', '').toLowerCase());
  const said = words.join(' ');
  if (said === 'show tables') {
    const schemas = [...new Set([...tables.map((table) => table.slice(0, table.indexOf('.'))), 'ops'])].sort();
    const list = schemas.map((schema) => `'${schemaName(schema)}'`).join(', ');
    return `select table_schema, table_name from information_schema.tables where table_schema in (${list}) order by table_schema, table_name`;
  }
  const described = /^(?:describe|desc|show columns (?:from|in)) (?:([a-z_][a-z0-9_]*) \. )?([a-z_][a-z0-9_]*)$/.exec(
    said,
  );
  if (described === null) return null;
  const [, schema = null, name = ''] = described;
  const at = text.toLowerCase().lastIndexOf(name);
  const table = resolve(text, { catalog: null, schema, name, start: at, end: text.length }, tables);
  const [inSchema = '', inName] = (table ?? `${schema}.${name}`).split('.');
  return `select column_name, data_type, is_nullable from information_schema.columns where table_schema = '${schemaName(inSchema)}' and table_name = '${inName}' order by ordinal_position`;
}
