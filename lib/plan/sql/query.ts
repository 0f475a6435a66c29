import { transpile } from '@polyglot-sql/sdk';
import { type PlacedComplaint, type SqlError, sqlError } from './finding.ts';
import { expandMacros } from './macros.ts';
import { nearest } from './nearest.ts';
import { athenaNames, differencesOf, headersOf } from './query-answer.ts';
import { QUERY_PRELUDE, RENAMED_FUNCTIONS } from './query-prelude.ts';
import { qualifiedName, type Reference, references } from './references.ts';
import { AS_OF_STAND_IN, realName, withStandIns } from './stand-in.ts';
import { applyEdits, type Edit, significant, tokenize, withoutComments } from './tokens.ts';
import { parseStatement } from './tree.ts';

/** What an ad-hoc query may name. */
export interface QueryContext {
  /** Qualified names of the tables of the lake. */
  readonly tables: readonly string[];
  /** What `:as_of` stands for, `YYYY-MM-DD`; null when there is none. */
  readonly asOf: string | null;
}

/** An ad-hoc query, ready for DuckDB. */
export interface DuckDbQuery {
  readonly sql: string;
  /** Statements to run first on the same connection; they define temporary macros and one session setting. */
  readonly prelude: readonly string[];
  /** Qualified tables of the lake that it reads, sorted. */
  readonly references: readonly string[];
  /** Athena's names for the columns that the engine found. */
  readonly names: (found: readonly string[]) => readonly string[];
  /** Where the answer may not be the one that Athena gives. */
  readonly notes: readonly string[];
}

/** Schemas that every lake file has beside its layers. */
const SYSTEM = new Set(['information_schema', 'ops']);
const READING = new Set(['select', 'union', 'except', 'intersect', 'values', 'subquery']);
const FILE = 'query';

/**
 * Turns a query as analysts type it into Athena into DuckDB's SQL: any reading statement, not only the portable core,
 * so best effort where engines differ. `show tables` and `describe t` work too. Bare names mean the one table of that
 * name in any layer; steps win over tables.
 * @throws SqlError when it does not parse, does not only read, or names a table that is unknown or ambiguous.
 */
export function queryToDuckDb(sql: string, context: QueryContext): DuckDbQuery {
  const text = sql.trim().replace(/;\s*$/, '');
  const catalogue = catalogueQuery(text, context);
  if (catalogue !== null) return { sql: catalogue, prelude: [], references: [], names: (found) => found, notes: [] };
  const statement = parseStatement(text, FILE);
  if (!READING.has(statement.kind)) {
    const suggestion = 'Begin with select, with, values, show tables or describe.';
    throw refuse(text, { at: 0, code: 'not-a-select', message: `${statement.kind} does not only read.`, suggestion });
  }
  const edits: Edit[] = [];
  const read = new Set<string>();
  for (const reference of references(statement)) {
    const name = resolve(text, reference, context.tables);
    if (name === null) continue;
    read.add(name);
    edits.push({ start: reference.start, end: reference.end, text: name });
  }
  const headers = headersOf(statement);
  return {
    sql: toDuckDb(applyEdits(text, edits), context),
    prelude: QUERY_PRELUDE,
    references: [...read].sort(),
    names: (found) => athenaNames(found, headers),
    notes: differencesOf(statement),
  };
}

const refuse = (text: string, complaint: PlacedComplaint): SqlError => sqlError(text, FILE, complaint);

/** The qualified name that a reference means; null for the engine's own tables. */
function resolve(text: string, reference: Reference, tables: readonly string[]): string | null {
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

function toDuckDb(text: string, { asOf }: QueryContext): string {
  const tokens = significant(tokenize(text, FILE));
  const parameter = tokens.find(({ text: word }) => word === ':as_of');
  if (parameter !== undefined && asOf === null) {
    const complaint = { code: 'parameter', message: ':as_of has no value.', suggestion: 'Give an as-of date.' };
    throw refuse(text, { ...complaint, at: parameter.start });
  }
  const renamed = applyEdits(
    text,
    tokens.flatMap(({ text: word, start, end }, index): Edit[] => {
      const other = tokens[index + 1]?.text === '(' ? RENAMED_FUNCTIONS[word.toLowerCase()] : undefined;
      return other === undefined ? [] : [{ start, end, text: other }];
    }),
  );
  const source = withStandIns(withoutComments(renamed));
  const result = transpile(source, 'trino' as never, 'duckdb' as never, { complexityGuard: { maxParserDepth: 100 } });
  const [sql, ...more] = result.sql ?? [];
  if (!result.success || sql === undefined || more.length > 0) {
    const message = `DuckDB rendering failed: ${result.error ?? 'not one statement'}.`;
    throw refuse(text, { at: 0, code: 'render', message, suggestion: 'Split it into steps with with.' });
  }
  return expandMacros(withAsOf(sql, asOf), 'duckdb', realName);
}

const withAsOf = (sql: string, asOf: string | null): string =>
  applyEdits(
    sql,
    significant(tokenize(sql)).flatMap(({ kind, text: word, start, end }): Edit[] =>
      kind === 'word' && word.toLowerCase() === AS_OF_STAND_IN ? [{ start, end, text: `date '${asOf}'` }] : [],
    ),
  );

/** `show tables` and `describe t` as selects; null for anything else. */
function catalogueQuery(text: string, { tables }: QueryContext): string | null {
  const words = significant(tokenize(text, FILE)).map((token) => token.text.replaceAll('"', '').toLowerCase());
  const said = words.join(' ');
  if (said === 'show tables') {
    const schemas = [...new Set([...tables.map((table) => table.slice(0, table.indexOf('.'))), 'ops'])].sort();
    const list = schemas.map((schema) => `'${schema}'`).join(', ');
    return `select table_schema, table_name from information_schema.tables where table_schema in (${list}) order by table_schema, table_name`;
  }
  const described = /^(?:describe|desc|show columns (?:from|in)) (?:([a-z_][a-z0-9_]*) \. )?([a-z_][a-z0-9_]*)$/.exec(
    said,
  );
  if (described === null) return null;
  const [, schema = null, name = ''] = described;
  const at = text.toLowerCase().lastIndexOf(name);
  const table = resolve(text, { catalog: null, schema, name, start: at, end: text.length }, tables);
  const [inSchema, inName] = (table ?? `${schema}.${name}`).split('.');
  return `select column_name, data_type, is_nullable from information_schema.columns where table_schema = '${inSchema}' and table_name = '${inName}' order by ordinal_position`;
}
