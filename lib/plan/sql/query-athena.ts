import { lint } from './lint.ts';
import { expandMacros } from './macros.ts';
import {
  catalogueQuery,
  FILE,
  type QueryContext,
  readingStatement,
  refuseDateless,
  resolve,
  withoutEnd,
} from './query-names.ts';
import { references } from './references.ts';
import { applyEdits, type Edit, significant, tokenize } from './tokens.ts';

/** An ad-hoc query, ready for Athena. */
export interface AthenaQuery {
  readonly sql: string;
  /** Why other engines may not give this answer: what stands outside of the portable core. */
  readonly unportable: readonly string[];
}

/** Names that Athena has and the plan does not may be asked for too: they stay as they are. */
interface AthenaContext extends QueryContext {
  /** What a layer's database is called. */
  readonly database: (layer: string) => string;
}

/** What the lint asks of files and no question at a prompt need keep: they change no answer. */
const HABITS = new Set(['alias', 'unqualified']);

/**
 * Turns a query as it is typed for this machine into Athena's text: the author's own, with tables, `:as_of` and the plan's
 * functions replaced where they stand. Bare names mean the one table of that name in any layer.
 * @throws SqlError when it does not parse, does not only read, or names a table that is unknown or ambiguous.
 */
export function queryToAthena(sql: string, context: AthenaContext): AthenaQuery {
  const text = withoutEnd(sql);
  const catalogue = catalogueQuery(text, context, context.database);
  if (catalogue !== null) return { sql: catalogue, unportable: [] };
  const edits = [...tableEdits(text, context), ...dateEdits(text, context)];
  const unportable = lint(text, FILE, { kind: 'fragment' })
    .filter(({ code }) => !HABITS.has(code))
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
  return { sql: expandMacros(applyEdits(text, edits), 'athena'), unportable };
}

function tableEdits(text: string, { tables, database }: AthenaContext): Edit[] {
  const layers = new Set(tables.map((table) => table.slice(0, table.indexOf('.'))));
  return references(readingStatement(text)).flatMap((reference): Edit[] => {
    const { schema, start, end } = reference;
    const own = schema === null || layers.has(schema.toLowerCase());
    const name =
      schema?.toLowerCase() === 'ops' ? `ops.${reference.name.toLowerCase()}` : own && resolve(text, reference, tables);
    if (!name) return [];
    const [layer = '', table = ''] = name.split('.');
    return [{ start, end, text: `"${database(layer)}"."${table}"` }];
  });
}

function dateEdits(text: string, { asOf }: AthenaContext): Edit[] {
  return significant(tokenize(text, FILE)).flatMap(({ text: word, start, end }): Edit[] => {
    if (word !== ':as_of') return [];
    if (asOf !== null) return [{ start, end, text: `date '${asOf}'` }];
    throw refuseDateless(text, start);
  });
}
