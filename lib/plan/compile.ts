import type {
  Columns,
  Dataset,
  DerivedDataset,
  EventDataset,
  LoadedDataset,
  Product,
  Question,
} from '../contract/index.ts';
import { compileChecks, type ResolveKey } from './checks.ts';
import { compileClaims } from './claims.ts';
import { compileConform } from './conform.ts';
import { ContractError } from './contract-error.ts';
import { qualifiedName, refuseBadContracts } from './contract-rules.ts';
import { compileDashboard, declaredQuestions } from './dashboards.ts';
import { createTable, PROVENANCE } from './ddl.ts';
import { eventKeys, eventSelect } from './event-select.ts';
import { compileFeature } from './feature.ts';
import { LEDGER_TABLES } from './ledger-tables.ts';
import { levelsOf } from './lineage.ts';
import { compileFile, compileFragment, compileModel, type SqlFiles } from './model.ts';
import type { ColumnPlan, Load, Plan, QueryPlan, Select, SourcePlan, TablePlan } from './plan.ts';
import type { Catalog } from './sql/index.ts';
import { compileTraining } from './training.ts';

interface Context {
  readonly contracts: readonly Dataset[];
  readonly sql: SqlFiles;
  /** Columns of every table, for the lint. */
  readonly catalog: Catalog;
}

function columnsOf({ row }: { readonly row: Columns }): ColumnPlan[] {
  return Object.entries(row).map(([name, { facts }]) => ({
    name,
    type: facts.type,
    nullable: facts.optional,
    description: facts.description,
    pii: facts.pii,
    path: facts.path ?? name,
    lenient: facts.lenient ?? false,
  }));
}

/** What SQL may name of a table. */
const columnNames = (contract: Dataset): readonly string[] => [
  ...Object.keys(contract.row),
  ...(contract.made === 'load' ? PROVENANCE.map(({ name }) => name) : []),
];

function select(contract: DerivedDataset, { sql, catalog }: Context): { making: Select; reads: readonly string[] } {
  const model = compileModel(contract, sql, catalog);
  const takesAsOf = model.parameters.includes('as_of');
  if (contract.write.kind === 'merge' && !takesAsOf) {
    // Keys that the answer no longer has would stay, so the table would depend on when it was run.
    const problem = 'merge() without :as_of in its SQL keeps rows of answers long gone';
    throw new ContractError(qualifiedName(contract), problem, 'use replace()');
  }
  return {
    making: { kind: 'select', file: model.file, select: model.rendered, takesAsOf },
    reads: model.references,
  };
}

/** How a table is made, and which tables it is made of. */
function making(
  contract: Dataset,
  columns: readonly ColumnPlan[],
  context: Context,
): Pick<TablePlan, 'making' | 'reads' | 'feature'> {
  switch (contract.made) {
    case 'load':
      return { making: load(contract, columns, context), reads: [] };
    case 'events':
      return ofEvents(contract, context);
    case 'select':
      return select(contract, context);
    case 'points':
      return compileFeature(contract, columns, context);
  }
}

function resolver(contracts: readonly Dataset[], from: string): ResolveKey {
  return (table) => {
    const target = contracts.find(
      (each) => qualifiedName(each) === table || (each.layer === 'base' && each.name === table),
    );
    const key = target?.grain[0];
    if (!target || key === undefined || target.grain.length !== 1) {
      throw new ContractError(
        from,
        `refers to ${table}, which is no table with a key of one column`,
        'name such a table',
      );
    }
    return { name: qualifiedName(target), key };
  };
}

function compileTable(contract: Dataset, context: Context): Omit<TablePlan, 'level'> {
  const name = qualifiedName(contract);
  const columns = columnsOf(contract);
  const made = making(contract, columns, context);
  const facts = {
    name,
    layer: contract.layer,
    product: contract.product,
    owner: contract.owner,
    description: contract.description,
    columns,
    grain: contract.grain,
    partition: contract.partitionBy ?? null,
    write: contract.write,
  };
  const renderSelect = (text: string, where: string) => compileFragment(text, where, context.catalog).rendered;
  return {
    ...facts,
    ...made,
    ddl: createTable({ ...facts, ...made }),
    ...compileChecks(contract, { ...facts, ...made }, resolver(context.contracts, name), renderSelect),
  };
}

/** The select of a table made of events follows from its contract; it is held to the portable core like any other. */
function ofEvents(contract: EventDataset, { contracts, catalog }: Context): Pick<TablePlan, 'making' | 'reads'> {
  const { rendered, references } = compileFragment(eventSelect(contract, contracts), qualifiedName(contract), catalog);
  return { making: { kind: 'select', file: null, select: rendered, takesAsOf: false }, reads: references };
}

function load(contract: LoadedDataset, columns: readonly ColumnPlan[], { contracts }: Context): Load {
  return {
    kind: 'load',
    source: contract.source ?? contract.name,
    records: contract.records ?? null,
    eventTime: contract.eventTime,
    rules: contract.rules ?? [],
    madeBy: contract.madeBy ?? null,
    ...compileConform(contract, columns, contract.layer === 'raw' ? eventKeys(contract.name, contracts) : []),
    claims: compileClaims({ columns, grain: contract.grain, write: contract.write }),
  };
}

/** The strictest freshness check of the base tables that a source feeds: the fewest days, then the gravest severity. */
function freshnessOf(contracts: readonly Dataset[], source: string): SourcePlan['fresh'] {
  const gravity = { warn: 2, fail: 1, blocking: 0 };
  const asked = contracts
    .filter((contract) => contract.made === 'load' && (contract.source ?? contract.name) === source)
    .flatMap((contract) => contract.checks ?? [])
    .flatMap((check) =>
      check.kind === 'fresh_within' ? [{ days: check.days, severity: check.severity ?? 'warn' }] : [],
    );
  return asked.sort((a, b) => a.days - b.days || gravity[a.severity] - gravity[b.severity])[0] ?? null;
}

/** Questions may ask the ledger too. */
function compileQueries({ sql, catalog }: Context, declared: ReadonlyMap<string, Question>): QueryPlan[] {
  return Object.keys(sql)
    .filter((path) => path.startsWith('analyst/') && !path.endsWith('.redshift.sql'))
    .sort()
    .map((path) => {
      const query = compileFile(sql, path, { ...catalog, ...LEDGER_TABLES });
      const { description, references, parameters, rendered } = query;
      const name = path.slice('analyst/'.length, -'.sql'.length);
      return {
        name,
        description,
        reads: references,
        takesAsOf: parameters.includes('as_of'),
        columns: columnsOfQuestion(declared.get(name), query.columns),
        sql: rendered,
      };
    });
}

/** @throws ContractError when the question's file selects other columns than a dashboard says. */
function columnsOfQuestion(declared: Question | undefined, selected: readonly string[]): QueryPlan['columns'] {
  if (declared === undefined) return null;
  const columns = columnsOf(declared);
  const wanted = columns.map(({ name }) => name).join(', ');
  if (wanted === selected.join(', ')) return columns;
  throw new ContractError(
    declared.name,
    `sql/analyst/${declared.name}.sql selects ${selected.join(', ')}; the question says ${wanted}`,
    'make the two the same, in the same order',
  );
}

/**
 * Contracts and SQL in, a plan out. Pure: the same input gives the same bytes.
 * @throws ContractError where a contract contradicts itself, another contract or its model; SqlError where SQL leaves the portable core.
 */
export function compile(products: readonly Product[], sql: SqlFiles): Plan {
  const contracts = products.flatMap((product) => product.datasets);
  refuseBadContracts(contracts);
  const catalog = Object.fromEntries(contracts.map((each) => [qualifiedName(each), columnNames(each)]));
  const context = { contracts, sql, catalog };
  const unlevelled = contracts.map((contract) => compileTable(contract, context));
  const levels = levelsOf(unlevelled);
  const tables = unlevelled
    .map((table) => ({ ...table, level: levels.get(table.name) ?? 0 }))
    .sort((a, b) => a.level - b.level || (a.name < b.name ? -1 : 1));
  const known = tables.map((table) => table.name);
  const queries = compileQueries(context, declaredQuestions(products));
  const models = products
    .flatMap((product) => product.models ?? [])
    .map((model) => compileTraining(model, { tables, queries, sql, catalog }))
    .sort((a, b) => (a.plan.name < b.plan.name ? -1 : 1));
  const exposures = [
    ...products
      .flatMap((product) => product.exposures)
      .map((each) => (each.kind === 'dashboard' ? compileDashboard(each, tables, queries) : each)),
    ...models.map(({ plan: { name, product, owner, description }, reads }) => {
      return { name, kind: 'model' as const, product, owner, description, reads };
    }),
  ];
  for (const exposure of exposures) {
    const stranger = exposure.reads.find((name) => !known.includes(name) && !Object.hasOwn(LEDGER_TABLES, name));
    if (stranger)
      throw new ContractError(
        exposure.name,
        `reads ${stranger}, which no contract declares`,
        `known: ${known.join(', ')}`,
      );
  }
  const sources = [...new Set(tables.flatMap(({ making }) => (making.kind === 'load' ? [making.source] : [])))].sort();
  return {
    format: 1,
    products: products.map(({ name, description }) => ({ name, description })),
    sources: sources.map((name) => ({
      name,
      feeds: tables.filter(({ making }) => making.kind === 'load' && making.source === name).map((table) => table.name),
      fresh: freshnessOf(contracts, name),
    })),
    tables,
    exposures,
    models: models.map(({ plan }) => plan),
    queries,
  };
}
