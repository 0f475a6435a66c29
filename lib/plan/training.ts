import type { Model } from '../contract/index.ts';
import { ContractError } from './contract-error.ts';
import { POINTS } from './feature.ts';
import { compileFile, type SqlFiles } from './model.ts';
import {
  type FeaturePlan,
  forEachEngine,
  MODEL_FACTS,
  type ModelPlan,
  type QueryPlan,
  type Rendered,
  type TablePlan,
} from './plan.ts';
import type { Catalog } from './sql/index.ts';
import { quoted } from './types.ts';

interface Context {
  readonly tables: readonly TablePlan[];
  readonly queries: readonly QueryPlan[];
  readonly sql: SqlFiles;
  readonly catalog: Catalog;
}

/** A feature table as a model reads it. */
interface Features {
  /** Its name without layer: the alias it has in the training set, and what its columns begin with there. */
  readonly alias: string;
  readonly feature: FeaturePlan;
  readonly reads: readonly string[];
  /** Its numbers. */
  readonly numbers: readonly string[];
}

/** A model's plan, and what it stands on in the lineage: its feature tables, and the tables that its points and labels come from. */
export interface CompiledModel {
  readonly plan: ModelPlan;
  readonly reads: readonly string[];
}

/** The points of a training set, read by each feature table and by the set itself. */
const TRAINING_POINTS = 'training_points';

/** Compiles a model's contract to one select that makes its training set. @throws ContractError, SqlError */
export function compileTraining(model: Model, context: Context): CompiledModel {
  const question = context.queries.find(({ name }) => name === model.points);
  if (question === undefined) {
    const known = context.queries.map(({ name }) => name).join(', ');
    throw refused(model, `its points are the question ${model.points}, which there is not`, `known: ${known}`);
  }
  const tables = model.features.map((name) => featuresOf(model, name, context.tables));
  const eventTime = tables[0]?.feature.eventTime ?? '';
  const odd = tables.find(({ feature }) => feature.eventTime !== eventTime);
  if (odd)
    throw refused(model, `${odd.alias} has another event time than ${eventTime}`, 'name it alike in all of them');
  const knows = model.knows ?? [];
  const wanted = [...tables.map(({ feature }) => feature.recordIdentifier), eventTime, model.label, ...knows];
  const { columns } = compileFile(context.sql, `analyst/${model.points}.sql`, context.catalog);
  const missing = wanted.find((name) => !columns.includes(name));
  if (missing)
    throw refused(model, `its points have no column ${missing}`, `select it in sql/analyst/${model.points}.sql`);
  const inputs = [...knows, ...tables.flatMap((table) => table.numbers.map((name) => inputName(table, name)))];
  const facts = Object.fromEntries(MODEL_FACTS.map((fact) => [fact, model[fact]])) as Pick<
    Model,
    (typeof MODEL_FACTS)[number]
  >;
  const named = (names: readonly string[]) => [...new Set([...names, ...question.reads])].sort();
  const trainingSet = selectOf(question.sql, tables, eventTime, [eventTime, model.label, ...knows]);
  return {
    plan: { ...facts, eventTime, inputs, reads: named(tables.flatMap((table) => table.reads)), trainingSet },
    reads: named(model.features),
  };
}

const refused = ({ name }: Model, problem: string, hint: string) => new ContractError(`model.${name}`, problem, hint);

const inputName = ({ alias }: Features, column: string): string => `${alias}_${column}`;

function featuresOf(model: Model, name: string, tables: readonly TablePlan[]): Features {
  const table = tables.find((each) => each.name === name);
  if (table?.feature === undefined) {
    const known = tables.filter((each) => each.feature).map((each) => each.name);
    throw refused(model, `reads ${name}, which is no feature table`, `known: ${known.join(', ')}`);
  }
  const { feature, reads } = table;
  const features = feature.definitions.filter(
    (each) => each.name !== feature.recordIdentifier && each.name !== feature.eventTime,
  );
  const text = features.find(({ type }) => type === 'String');
  if (text) throw refused(model, `cannot learn from ${name}.${text.name}, a text`, 'make numbers of it in its select');
  return { alias: name.slice(name.indexOf('.') + 1), feature, reads, numbers: features.map((each) => each.name) };
}

/** The points as they are asked for, each feature table's own select over them, and a row for each point. */
function selectOf(
  points: Rendered,
  tables: readonly Features[],
  eventTime: string,
  ofPoints: readonly string[],
): Rendered {
  return forEachEngine((engine) => {
    const id = (name: string) => quoted(name, engine);
    const steps = tables.map(({ alias, feature: { recordIdentifier, select } }) => {
      const keys = `select distinct ${id(recordIdentifier)}, ${id(eventTime)} from ${TRAINING_POINTS}`;
      return `${alias} as (\n${select[engine].replaceAll(`{{${POINTS}}}`, () => `(${keys})`).trimEnd()}\n)`;
    });
    const columns = [
      ...ofPoints.map((name) => `p.${id(name)}`),
      ...tables.flatMap((table) =>
        table.numbers.map((name) => `${table.alias}.${id(name)} as ${id(inputName(table, name))}`),
      ),
    ];
    const joins = tables.map(({ alias, feature: { recordIdentifier: key } }) => {
      const same = [key, eventTime].map((name) => `${alias}.${id(name)} = p.${id(name)}`).join(' and ');
      return `left join ${alias} on ${same}`;
    });
    return [
      `with ${[`${TRAINING_POINTS} as (\n${points[engine].trimEnd()}\n)`, ...steps].join(',\n')}`,
      `select\n  ${columns.join(',\n  ')}`,
      `from ${TRAINING_POINTS} as p`,
      ...joins,
    ].join('\n');
  });
}
