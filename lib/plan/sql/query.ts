import { transpile } from '@polyglot-sql/sdk';
import { expandMacros } from './macros.ts';
import { athenaNames, differencesOf, headersOf } from './query-answer.ts';
import {
  catalogueQuery,
  FILE,
  type QueryContext,
  readingStatement,
  refuse,
  refuseDateless,
  resolve,
  withoutEnd,
} from './query-names.ts';
import { QUERY_PRELUDE, RENAMED_FUNCTIONS } from './query-prelude.ts';
import { references } from './references.ts';
import { AS_OF_STAND_IN, realName, withStandIns } from './stand-in.ts';
import { applyEdits, type Edit, significant, tokenize, withoutComments } from './tokens.ts';

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

/**
 * Turns a query as analysts type it into Athena into DuckDB's SQL: any reading statement, not only the portable core,
 * so best effort where engines differ. `show tables` and `describe t` work too. Bare names mean the one table of that
 * name in any layer; steps win over tables.
 * @throws SqlError when it does not parse, does not only read, or names a table that is unknown or ambiguous.
 */
export function queryToDuckDb(sql: string, context: QueryContext): DuckDbQuery {
  const text = withoutEnd(sql);
  const catalogue = catalogueQuery(text, context);
  if (catalogue !== null) return { sql: catalogue, prelude: [], references: [], names: (found) => found, notes: [] };
  const statement = readingStatement(text);
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

function toDuckDb(text: string, { asOf }: QueryContext): string {
  const tokens = significant(tokenize(text, FILE));
  const parameter = tokens.find(({ text: word }) => word === ':as_of');
  if (parameter !== undefined && asOf === null) throw refuseDateless(text, parameter.start);
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
