/** SQL of the plan: written once in Trino spelling, held to a portable core, rendered per engine. */

export { type Binding, bind } from './bind.ts';
export { ENGINES, type Engine } from './engine.ts';
export { type Finding, formatFinding, SqlError } from './finding.ts';
export { type Lineage, type OutputLineage, outputLineage } from './lineage.ts';
export { type LintOptions, lint } from './lint.ts';
export type { Catalog } from './lint-names.ts';
export { MACROS, type Macro } from './macros.ts';
export { type ParsedModel, parseModel } from './parse-model.ts';
export { type DuckDbQuery, queryToDuckDb } from './query.ts';
export { type AthenaQuery, queryToAthena } from './query-athena.ts';
export type { QueryContext } from './query-names.ts';
export { type ModelText, render, renderModel } from './render.ts';
