import type { Engine } from './engine.ts';
import { type Finding, type PlacedComplaint, place, SqlError } from './finding.ts';
import { explicitJoins, namedTables, onlyListed, type TreeRule } from './lint-construct.ts';
import { lintDoubles } from './lint-doubles.ts';
import { type Catalog, lintNames } from './lint-names.ts';
import * as shape from './lint-shape.ts';
import { lintTokens } from './lint-tokens.ts';
import * as values from './lint-values.ts';
import { headerOf, outputsOf } from './model-parts.ts';
import { bare, fieldsOf, type Json, listOf, type Node, nodeOf, parseStatement, startOf, walk } from './tree.ts';

/** What the lint is told. */
export interface LintOptions {
  /** Qualified table names with their columns (an empty list: unknown). Without it no name is checked. */
  readonly tables?: Catalog;
  /** `model` (default) is a file: header, and outputs with a settled type. `fragment` is a select in a contract. */
  readonly kind?: 'model' | 'fragment';
  /** Engines that have an override beside the file: their own rules are not applied to it. */
  readonly overridden?: readonly Engine[];
}

const TREE_RULES: readonly TreeRule[] = [
  explicitJoins,
  namedTables,
  ...Object.values(values),
  shape.noStar,
  shape.orderAndLimit,
  shape.orderWithoutAggregates,
  shape.completeWindows,
  shape.groupAndOrderByColumns,
  shape.noLateralAlias,
  shape.namedOutputs,
  shape.noReservedNames,
  shape.macroArguments,
];

/**
 * Everything in `text` that is outside the portable core, in the order of the text, each with the portable spelling.
 * Empty means: renders for every engine, and means the same there.
 */
export function lint(text: string, file: string, options: LintOptions = {}): readonly Finding[] {
  try {
    const model = options.kind !== 'fragment';
    const tokens = lintTokens(text);
    const tree = lintTree(text, file, tokens.length > 0, options);
    const all = [...(model ? lintHeader(text) : []), ...tokens, ...tree];
    return inOrder(all.filter(({ code }) => code !== 'redshift' || !options.overridden?.includes('redshift'))).map(
      (complaint) => place(text, file, complaint),
    );
  } catch (error) {
    if (error instanceof SqlError) return [{ ...place(text, file, { ...error, at: 0 }), ...asFinding(error) }];
    throw error;
  }
}

const asFinding = ({ file, line, column, code, found, suggestion }: SqlError): Finding => ({
  file,
  line,
  column,
  code,
  message: found,
  suggestion,
});

function inOrder(complaints: readonly PlacedComplaint[]): readonly PlacedComplaint[] {
  const seen = new Set<string>();
  return [...complaints]
    .sort((a, b) => a.at - b.at || (a.code < b.code ? -1 : 1))
    .filter(({ at, code, message }) => {
      const known = seen.has(`${at} ${code} ${message}`);
      seen.add(`${at} ${code} ${message}`);
      return !known;
    });
}

function lintHeader(text: string): readonly PlacedComplaint[] {
  const header = headerOf(text);
  const suggestion = 'Begin the file with "-- one row per …" and "-- grain: …".';
  const missing = [
    ...(/^one row per \S/i.test(header.description) ? [] : ['one row per …']),
    ...(header.grain === null ? ['grain: …'] : []),
  ];
  return missing.map((line) => ({ at: 0, code: 'header', message: `The header lacks "-- ${line}".`, suggestion }));
}

function lintTree(text: string, file: string, refused: boolean, options: LintOptions): readonly PlacedComplaint[] {
  const found: PlacedComplaint[] = [];
  const statement = statementOf(text, file, refused);
  if (statement === null) return found;
  const add = (rule: TreeRule, node: Node, around: readonly Node[]): void => {
    const complaint = rule(node, around);
    if (complaint === null) return;
    const whole: Json = [node.fields, ...around.map(({ fields }) => fields).reverse()];
    const at = startOf(complaint.part, startOf(node.fields, startOf(whole, 0)));
    const { code, message, suggestion } = complaint;
    found.push({ at, code, message, suggestion });
  };
  walk({ [statement.kind]: statement.fields }, (node, around) => {
    for (const rule of TREE_RULES) add(rule, node, around);
    // A refused word was named above in better words than "not listed".
    if (!refused) add(onlyListed, node, around);
  });
  return [
    ...found,
    ...lintDoubles(statement),
    ...lintNames(statement, options.tables),
    ...(options.kind === 'fragment' ? [] : sums(statement)),
  ];
}

/** The statement; null when it does not parse and the words refused already say why. */
function statementOf(text: string, file: string, refused: boolean): Node | null {
  try {
    return parseStatement(text, file);
  } catch (error) {
    if (refused && error instanceof SqlError) return null;
    throw error;
  }
}

/** A sum that leaves the model is cast: sums of integers are HUGEINT, bigint or numeric. */
function sums(statement: Node): readonly PlacedComplaint[] {
  return outputsOf(statement).flatMap((item) => {
    const output = nodeOf(item)?.kind === 'alias' ? bare(nodeOf(item)?.fields.this) : bare(item);
    const inner = output?.kind === 'coalesce' ? bare(listOf(output.fields.expressions)[0]) : output;
    const call = inner?.kind === 'window_function' ? nodeOf(inner.fields.this) : inner;
    if (call?.kind !== 'sum') return [];
    const suggestion = 'Write cast(sum(x) as bigint), or as decimal(38, 2).';
    const message = 'A sum has another type per engine.';
    return [{ at: startOf(fieldsOf(call.fields.this), startOf(item, 0)), code: 'sum-type', message, suggestion }];
  });
}
