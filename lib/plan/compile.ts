import type { Dataset, Product } from '../contract/index.ts';
import { compileChecks, type ResolveKey } from './checks.ts';
import { compileConform } from './conform.ts';
import { ContractError } from './contract-error.ts';
import { createTable } from './ddl.ts';
import { levelsOf } from './lineage.ts';
import {
  type ColumnPlan,
  forEachEngine,
  type Load,
  type Plan,
  type QueryPlan,
  type Rendered,
  type Select,
  type TablePlan,
} from './plan.ts';
import { lint, type ParsedModel, parseModel, renderModel, SqlError } from './sql/index.ts';

/** SQL by path below `sql/`: `{'mart/refunds_by_customer.sql': 'select …'}`. */
export type SqlFiles = Readonly<Record<string, string>>;

const IDENTIFIER = /^[a-z][a-z0-9_]*$/;

const qualified = (contract: Dataset): string => `${contract.layer}.${contract.name}`;

function columnsOf(contract: Dataset): ColumnPlan[] {
  return Object.entries(contract.row).map(([name, { facts }]) => ({
    name,
    type: facts.type,
    nullable: facts.optional,
    description: facts.description,
    pii: facts.pii,
    path: facts.path ?? name,
  }));
}

function refuseBadNames(contracts: readonly Dataset[]): void {
  const seen = new Set<string>();
  for (const contract of contracts) {
    const name = qualified(contract);
    if (seen.has(name)) throw new ContractError(name, 'is declared twice', 'rename one of them');
    seen.add(name);
    for (const identifier of [contract.name, contract.product, ...Object.keys(contract.row)]) {
      if (!IDENTIFIER.test(identifier)) {
        throw new ContractError(name, `the name ${identifier} is not snake_case`, 'use a-z, 0-9 and _, a letter first');
      }
    }
    if (!contract.description.startsWith('One row per ')) {
      throw new ContractError(name, `its description is "${contract.description}"`, 'begin it with "One row per "');
    }
    refuseBadGrain(contract, name);
  }
}

function refuseBadGrain(contract: Dataset, name: string): void {
  const keyless = contract.write.kind === 'keep';
  if (keyless !== (contract.grain.length === 0)) {
    throw new ContractError(
      name,
      keyless ? 'write: keep() has a grain' : 'the grain is empty',
      'give it a grain, or write: keep()',
    );
  }
  if (contract.layer !== 'base' && (contract.write.kind === 'append' || keyless)) {
    throw new ContractError(
      name,
      `a ${contract.layer} cannot be written by ${contract.write.kind}`,
      'use replace() or merge()',
    );
  }
  if (contract.layer === 'base' && contract.write.kind === 'replace') {
    throw new ContractError(name, 'a base table cannot be replaced by a load', 'use append(), merge() or keep()');
  }
  const optional = contract.grain.find((column) => contract.row[column]?.facts.optional);
  if (optional)
    throw new ContractError(name, `the key column ${optional} is nullable`, 'make it required or choose another grain');
}

function select(
  contract: Dataset,
  sql: SqlFiles,
  known: readonly string[],
): { making: Select; reads: readonly string[] } {
  const file = `${contract.layer}/${contract.name}.sql`;
  const text = sql[file];
  if (text === undefined)
    throw new ContractError(qualified(contract), `sql/${file} is missing`, 'write its select there');
  const model = checkedModel(text, `sql/${file}`, known);
  const wanted = Object.keys(contract.row);
  if (model.columns.join() !== wanted.join()) {
    throw new ContractError(
      qualified(contract),
      `sql/${file} selects ${model.columns.join(', ')}; the contract says ${wanted.join(', ')}`,
      'make the two the same, in the same order',
    );
  }
  return {
    making: {
      kind: 'select',
      file,
      select: renderFile(sql, file, text),
      takesAsOf: model.parameters.includes('as_of'),
    },
    reads: model.references,
  };
}

/** Renders a file for every engine; `name.redshift.sql` beside it is taken where Redshift needs its own. */
function renderFile(sql: SqlFiles, file: string, text: string): Rendered {
  const redshift = sql[file.replace(/\.sql$/, '.redshift.sql')];
  const model = { text, file: `sql/${file}`, overrides: redshift === undefined ? {} : { redshift } };
  return forEachEngine((engine) => renderModel(model, engine));
}

/** Parses a select and refuses it unless it keeps to the portable core and reads only tables that exist. */
function checkedModel(text: string, file: string, known: readonly string[], inline = false): ParsedModel {
  // A select inside a contract has the contract's words for a header.
  const first = lint(text, file).find((finding) => !(inline && finding.code === 'header'));
  if (first) throw new SqlError(first);
  const model = parseModel(text, file);
  const stranger = model.references.find((name) => !known.includes(name));
  if (stranger)
    throw new ContractError(file, `reads ${stranger}, which no contract declares`, `known: ${known.join(', ')}`);
  return model;
}

function resolver(contracts: readonly Dataset[], from: string): ResolveKey {
  return (table) => {
    const target = contracts.find(
      (each) => qualified(each) === table || (each.layer === 'base' && each.name === table),
    );
    const key = target?.grain[0];
    if (!target || key === undefined || target.grain.length !== 1) {
      throw new ContractError(
        from,
        `refers to ${table}, which is no table with a key of one column`,
        'name such a table',
      );
    }
    return { name: qualified(target), key };
  };
}

function compileTable(contract: Dataset, contracts: readonly Dataset[], sql: SqlFiles): Omit<TablePlan, 'level'> {
  const known = contracts.map(qualified);
  const name = qualified(contract);
  const columns = columnsOf(contract);
  const made =
    contract.layer === 'base' ? { making: load(contract, columns), reads: [] } : select(contract, sql, known);
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
  const renderSelect = (text: string, where: string): Rendered => {
    checkedModel(text, where, known, true);
    return forEachEngine((engine) => renderModel({ text, file: where }, engine));
  };
  return {
    ...facts,
    ...made,
    ddl: createTable(facts),
    ...compileChecks(contract, facts, resolver(contracts, name), renderSelect),
  };
}

function load(contract: Extract<Dataset, { layer: 'base' }>, columns: readonly ColumnPlan[]): Load {
  return {
    kind: 'load',
    source: contract.source ?? contract.name,
    eventTime: contract.eventTime,
    ...compileConform(contract, columns),
  };
}

function compileQueries(sql: SqlFiles, known: readonly string[]): QueryPlan[] {
  return Object.keys(sql)
    .filter((path) => path.startsWith('analyst/') && !path.endsWith('.redshift.sql'))
    .sort()
    .map((path) => {
      const text = sql[path] ?? '';
      const model = checkedModel(text, `sql/${path}`, known);
      return {
        name: path.slice('analyst/'.length, -'.sql'.length),
        description: model.description,
        reads: model.references,
        takesAsOf: model.parameters.includes('as_of'),
        sql: renderFile(sql, path, text),
      };
    });
}

/**
 * Contracts and SQL in, a plan out. Pure: the same input gives the same bytes.
 * @throws ContractError where a contract contradicts itself, another contract or its model; SqlError where SQL leaves the portable core.
 */
export function compile(products: readonly Product[], sql: SqlFiles): Plan {
  const contracts = products.flatMap((product) => product.datasets);
  refuseBadNames(contracts);
  const unlevelled = contracts.map((contract) => compileTable(contract, contracts, sql));
  const levels = levelsOf(unlevelled);
  const tables = unlevelled
    .map((table) => ({ ...table, level: levels.get(table.name) ?? 0 }))
    .sort((a, b) => a.level - b.level || (a.name < b.name ? -1 : 1));
  const known = tables.map((table) => table.name);
  const exposures = products.flatMap((product) => product.exposures);
  for (const exposure of exposures) {
    const stranger = exposure.reads.find((name) => !known.includes(name));
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
    })),
    tables,
    exposures,
    queries: compileQueries(sql, known),
  };
}
