import { transpile } from '@polyglot-sql/sdk';
import type { Engine } from './engine.ts';
import { sqlError } from './finding.ts';
import { callAt, expandMacros } from './macros.ts';
import { qualifiedName, references } from './references.ts';
import { AS_OF_STAND_IN, realName, withStandIns } from './stand-in.ts';
import { applyEdits, type Edit, significant, tokenize, withoutComments } from './tokens.ts';
import { parseStatement } from './tree.ts';

/**
 * The text of a model for one engine, as a template: `{{base.purchase}}` for each table, `{{as_of}}` for the as-of date.
 * Athena gets the author's own text with tables, parameter and macros replaced where they stand; the others are
 * generated from it. Same input, same output. The text should lint clean: only then is the meaning the same.
 * @throws SqlError when it does not parse.
 */
export function render(text: string, engine: Engine, file = 'sql'): string {
  if (engine === 'athena') {
    const { marked } = markTables(text, file, (name) => `{{${name}}}`);
    return expandMacros(markAsOf(marked), 'athena');
  }
  const { marked, names } = markTables(text, file, (_name, index) => `table${index}_`);
  const rendered = expandMacros(unmark(generate(marked, engine, file), names), engine, realName);
  return engine === 'spark' ? withQuotesEscaped(withRoundedCasts(rendered)) : rendered;
}

/** Spark cuts a decimal that is cast to a whole number; the others round it, half away from zero, and so does its `round`. */
function withRoundedCasts(text: string): string {
  const tokens = significant(tokenize(text));
  const edits = tokens.flatMap(({ text: word }, index): Edit[] => {
    const call = word.toLowerCase() === 'cast' ? callAt(text, tokens, index) : undefined;
    if (call === undefined || !/\bas bigint$/i.test(call.args[0] ?? '')) return [];
    const [first, end] = [tokens[index + 2], tokens.findIndex((token) => token.end === call.end)];
    const last = tokens[end - 3];
    if (first === undefined || last === undefined || /^(count|floor|null|[0-9]+)$/i.test(first.text)) return [];
    return [insert(first.start, 'ROUND('), insert(last.end, ')')];
  });
  return applyEdits(text, edits);
}

const insert = (at: number, text: string): Edit => ({ start: at, end: at, text });

/** Spark 3.5 reads `'it''s'` as two texts side by side: there a quote in a text is escaped by a backslash. */
const withQuotesEscaped = (text: string): string =>
  applyEdits(
    text,
    tokenize(text).flatMap(({ kind, text: word, start, end }): Edit[] => {
      const inside = word.slice(1, -1);
      return kind === 'string' && inside.includes("''")
        ? [{ start, end, text: `'${inside.replaceAll("''", "\\'")}'` }]
        : [];
    }),
  );

/** What is known of one model's SQL. */
export interface ModelText {
  readonly text: string;
  /** Hand-written texts for engines that need one: `name.redshift.sql` beside the model. */
  readonly overrides?: { readonly [E in Engine]?: string };
  readonly file?: string;
}

/** The template of a model for an engine; an override is taken as written, tables, parameter and macros replaced. */
export function renderModel({ text, overrides, file = 'sql' }: ModelText, engine: Engine): string {
  const override = overrides?.[engine];
  if (override === undefined) return render(text, engine, file);
  return expandMacros(markQualified(markAsOf(override), text, file), engine);
}

/** Replaces each table by what `mark` says; its number is that of its first mention. */
function markTables(text: string, file: string, mark: (name: string, index: number) => string) {
  const names: string[] = [];
  const edits = references(parseStatement(text, file)).map((reference): Edit => {
    const name = qualifiedName(reference);
    if (!names.includes(name)) names.push(name);
    return { start: reference.start, end: reference.end, text: mark(name, names.indexOf(name)) };
  });
  return { marked: applyEdits(text, edits), names };
}

const markAsOf = (text: string): string =>
  applyEdits(
    text,
    significant(tokenize(text)).flatMap((token): Edit[] =>
      token.text === ':as_of' ? [{ start: token.start, end: token.end, text: '{{as_of}}' }] : [],
    ),
  );

const WRITE = { duckdb: 'duckdb', spark: 'spark', redshift: 'redshift' } as const;

/** Trino text with stand-ins to another engine's. Comments stay behind: generated text is not for reading in. */
function generate(marked: string, engine: keyof typeof WRITE, file: string): string {
  const source = withStandIns(withoutComments(marked));
  const result = transpile(source, 'trino' as never, WRITE[engine] as never, { pretty: true });
  const [sql, ...more] = result.sql ?? [];
  // Backslashes are refused in texts, so each one here escapes a quote: SQL's own way is to double it.
  if (result.success && sql !== undefined && more.length === 0) return sql.replaceAll("\\'", "''");
  const message = `${engine} rendering failed: ${result.error ?? 'not one statement'}.`;
  throw sqlError(marked, file, { at: 0, code: 'render', message, suggestion: 'Split it into steps.' });
}

/** Turns stand-ins in generated text into markers. */
function unmark(text: string, names: readonly string[]): string {
  const byStandIn = new Map(names.map((name, index) => [`table${index}_`, `{{${name}}}`]));
  const edits = significant(tokenize(text)).flatMap(({ kind, text: word, start, end }): Edit[] => {
    if (kind !== 'word') return [];
    const marker = word.toLowerCase() === AS_OF_STAND_IN ? '{{as_of}}' : byStandIn.get(word.toLowerCase());
    return marker === undefined ? [] : [{ start, end, text: marker }];
  });
  return applyEdits(text, edits);
}

/** Marks the tables of an override: any engine's text, so by the names that the model itself reads. */
function markQualified(override: string, model: string, file: string): string {
  const known = new Set(references(parseStatement(model, file)).map(qualifiedName));
  const tokens = significant(tokenize(override, file));
  const edits = tokens.flatMap((token, index): Edit[] => {
    const [dot, name] = [tokens[index + 1], tokens[index + 2]];
    const whole = `${token.text}.${name?.text}`.toLowerCase();
    if (dot?.text !== '.' || name === undefined || !known.has(whole) || tokens[index - 1]?.text === '.') return [];
    return [{ start: token.start, end: name.end, text: `{{${whole}}}` }];
  });
  return applyEdits(override, edits);
}
