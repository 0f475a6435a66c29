import { sqlError } from './finding.ts';
import { type Catalog, lintNames } from './lint-names.ts';
import { outputName } from './lint-shape.ts';
import { headerOf, outputsOf } from './model-parts.ts';
import { qualifiedName, references } from './references.ts';
import { significant, tokenize } from './tokens.ts';
import { nodeOf, parseStatement, startOf } from './tree.ts';

/** What the plan needs to know of a select. */
export interface ParsedModel {
  /** Qualified names of the tables read anywhere, sorted; steps are not tables. */
  readonly references: readonly string[];
  /** Names of the parameters used, sorted: `['as_of']` or none. */
  readonly parameters: readonly string[];
  /** Output columns of the final select, in order. */
  readonly columns: readonly string[];
  /** First sentence of the header comment, without its full stop; empty without one. */
  readonly description: string;
}

/**
 * Reads a model: what it refers to, takes and returns. Does not judge portability (`lint` does).
 * @throws SqlError where it does not parse, names an unqualified or (given a catalog) unknown table or column,
 * takes an unknown parameter, or has an output without a name.
 */
export function parseModel(text: string, file: string, catalog?: Catalog): ParsedModel {
  const statement = parseStatement(text, file);
  const problem = lintNames(statement, catalog)[0];
  if (problem !== undefined) throw sqlError(text, file, problem);
  return {
    references: [...new Set(references(statement).map(qualifiedName))].sort(),
    parameters: parametersOf(text, file),
    columns: outputsOf(statement).map((item) => {
      const name = outputName(nodeOf(item));
      if (name !== null && name !== '*') return name;
      const complaint = { code: 'unnamed', message: 'An output without a name.', suggestion: 'Write … as name.' };
      throw sqlError(text, file, { ...complaint, at: startOf(item, 0) });
    }),
    description: headerOf(text).description,
  };
}

function parametersOf(text: string, file: string): readonly string[] {
  const parameters = significant(tokenize(text, file)).filter(({ kind }) => kind === 'parameter');
  const unknown = parameters.find((parameter) => parameter.text !== ':as_of');
  if (unknown === undefined) return [...new Set(parameters.map((parameter) => parameter.text.slice(1)))].sort();
  throw sqlError(text, file, {
    at: unknown.start,
    code: 'parameter',
    message: `${unknown.text} is unknown.`,
    suggestion: 'The only parameter is :as_of.',
  });
}
