import type { ColumnType, Dataset, FeatureDataset, LoadedDataset } from '../contract/index.ts';
import { ContractError } from './contract-error.ts';
import { qualifiedName } from './contract-rules.ts';
import { KNOWN_FROM } from './ddl.ts';
import { type CompiledSelect, compileModel, type SqlFiles } from './model.ts';
import {
  type ColumnPlan,
  type FeaturePlan,
  type FeatureType,
  forEachEngine,
  type Rendered,
  type Select,
} from './plan.ts';
import { refuseLaterRows } from './point-in-time.ts';
import type { Catalog } from './sql/index.ts';
import { quoted, sqlType } from './types.ts';

/** The relation of points in time that a feature's select reads. */
export const POINTS = 'spine.points';

const TYPES: Readonly<Record<Exclude<ColumnType['kind'], 'boolean'>, FeatureType>> = {
  text: 'String',
  date: 'String',
  instant: 'String',
  integer: 'Integral',
  decimal: 'Fractional',
};

/** What Feature Store adds to each record by itself. */
const RESERVED = new Set(['is_deleted', 'write_time', 'api_invocation_time']);
const MOST_CHARACTERS = 64;

/** What a feature table is made by, and what it says in Feature Store's terms. */
export interface CompiledFeature {
  readonly making: Select;
  readonly reads: readonly string[];
  readonly feature: FeaturePlan;
}

/** Compiles a feature contract and its select. @throws ContractError, SqlError */
export function compileFeature(
  contract: FeatureDataset,
  columns: readonly ColumnPlan[],
  context: { readonly contracts: readonly Dataset[]; readonly sql: SqlFiles; readonly catalog: Catalog },
): CompiledFeature {
  const points = [contract.entity.key, contract.eventTime];
  const model = compileModel(contract, context.sql, { ...context.catalog, [POINTS]: points });
  const tables = model.references.filter((name) => name !== POINTS);
  refuseOddModel(contract, model);
  refuseLaterRows(context.sql[model.file] ?? '', `sql/${model.file}`, {
    pointColumn: contract.eventTime,
    timesOf: (name) => timesOf(name, context),
  });
  const everybody = entitiesAtEndOfDay(contract, loadedTable(contract, context.contracts));
  return {
    making: { kind: 'select', file: model.file, select: over(model.rendered, everybody), takesAsOf: true },
    reads: [...new Set([...tables, contract.entity.table])].sort(),
    feature: {
      recordIdentifier: contract.entity.key,
      eventTime: contract.eventTime,
      definitions: columns.map((column) => ({ name: column.name, type: featureType(contract, column) })),
      select: model.rendered,
    },
  };
}

function refuseOddModel(contract: FeatureDataset, { references, parameters }: CompiledSelect): void {
  const name = qualifiedName(contract);
  if (!references.includes(POINTS))
    throw new ContractError(name, `its select does not read ${POINTS}`, `begin with from ${POINTS} as p`);
  if (parameters.length > 0)
    throw new ContractError(name, 'its select reads :as_of', `take the time from ${POINTS}: ${contract.eventTime}`);
}

/** The columns that say when a row of a table happened and was known; null for a table that does not say. */
function timesOf(name: string, { contracts }: { contracts: readonly Dataset[] }) {
  const contract = contracts.find((each) => qualifiedName(each) === name);
  if (contract?.made !== 'load') return null;
  return contract.eventTime === null ? [KNOWN_FROM] : [contract.eventTime, KNOWN_FROM];
}

function loadedTable({ name, entity }: FeatureDataset, contracts: readonly Dataset[]): LoadedDataset {
  const table = contracts.find((each) => qualifiedName(each) === entity.table);
  if (table?.made === 'load' && table.row[entity.column] !== undefined) return table;
  const problem = `its entities come from ${entity.table}.${entity.column}, which no loaded table has`;
  throw new ContractError(`feature.${name}`, problem, "name it as entity('card_id', 'base.card_transaction')");
}

/** Every entity that was known by the end of the as-of day, at that moment. */
function entitiesAtEndOfDay({ entity, eventTime }: FeatureDataset, table: LoadedDataset): Rendered {
  return forEachEngine((engine) => {
    const id = (name: string) => quoted(name, engine);
    const end = `cast({{as_of}} + interval '1' day as ${sqlType({ kind: 'instant' }, engine)})`;
    const times = [KNOWN_FROM, ...(table.eventTime === null ? [] : [table.eventTime])];
    const known = times.map((time) => `e.${id(time)} <= ${end}`).join(' and ');
    const select = `select distinct e.${id(entity.column)} as ${id(entity.key)}, ${end} as ${id(eventTime)}`;
    return `(${select} from {{${entity.table}}} as e where e.${id(entity.column)} is not null and ${known})`;
  });
}

const over = (select: Rendered, points: Rendered): Rendered =>
  forEachEngine((engine) => select[engine].replaceAll(`{{${POINTS}}}`, () => points[engine]));

/** The type that Feature Store gives a column. @throws ContractError for a column that it cannot hold. */
function featureType(contract: FeatureDataset, { name, type, nullable }: ColumnPlan): FeatureType {
  const refuse = (problem: string, next: string) => {
    throw new ContractError(qualifiedName(contract), `${name} ${problem}`, next);
  };
  if (name === contract.eventTime && (type.kind !== 'instant' || nullable))
    return refuse('is its event time but no instant that is always there', 'declare it as instant()');
  if (name === contract.entity.key && type.kind !== 'text' && type.kind !== 'integer')
    return refuse(`names the entity as ${type.kind}`, 'use text() or integer()');
  if (RESERVED.has(name)) return refuse('is a name that Feature Store keeps for itself', 'rename it');
  if (name.length > MOST_CHARACTERS || name.endsWith('_'))
    return refuse('is no name for Feature Store', `end with a letter or digit, at most ${MOST_CHARACTERS} characters`);
  if (type.kind === 'boolean')
    return refuse('is a boolean, which Feature Store does not have', 'use integer(), 0 or 1');
  return TYPES[type.kind];
}
