import { analyzeQuery } from '@polyglot-sql/sdk';
import { outputName } from './lint-shape.ts';
import { outputsOf } from './model-parts.ts';
import { qualifiedName, references } from './references.ts';
import { withStandIns } from './stand-in.ts';
import { nodeOf, parseStatement } from './tree.ts';

/** Where an output column comes from. */
export interface OutputLineage {
  readonly column: string;
  /** `layer.table.column`, sorted. Columns that only filter or join are not among them. */
  readonly columns: readonly string[];
}

/** Lineage of a select. */
export interface Lineage {
  /** Qualified tables read anywhere, sorted. Always right. */
  readonly tables: readonly string[];
  /** Per output column, in order; null where the analyser could not tell, so that nobody reads a guess. */
  readonly outputs: readonly OutputLineage[] | null;
}

/**
 * Which base columns each output is made of.
 * @throws SqlError when the text does not parse.
 */
export function outputLineage(text: string, file = 'sql'): Lineage {
  const statement = parseStatement(text, file);
  const tables = [...new Set(references(statement).map(qualifiedName))].sort();
  const names = outputsOf(statement).map((item) => outputName(nodeOf(item)));
  const { analysis, success } = analyzeQuery(withStandIns(text), 'trino');
  if (!success || analysis === undefined || analysis.projections.length !== names.length)
    return { tables, outputs: null };
  const outputs = analysis.projections.map(({ upstream }, index) => {
    // What still names a step is a value made there from no column: a count, a literal, the as-of date.
    const columns = upstream
      .filter(({ sourceKind }) => sourceKind === 'table')
      .map(({ table, column }) => `${table}.${column}`);
    return { column: names[index] ?? '', columns: [...new Set(columns)].sort() };
  });
  const sure = outputs.every(({ columns }) => columns.every((column) => tables.includes(tableOf(column))));
  return { tables, outputs: sure ? outputs : null };
}

const tableOf = (column: string): string => column.slice(0, column.lastIndexOf('.'));
