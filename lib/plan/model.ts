import type { Dataset } from '../contract/index.ts';
import { ContractError } from './contract-error.ts';
import { qualifiedName } from './contract-rules.ts';
import { forEachEngine, type Rendered } from './plan.ts';
import { type Catalog, lint, type ParsedModel, parseModel, renderModel, SqlError } from './sql/index.ts';

/** SQL by path below `sql/`: `{'mart/refunds_by_customer.sql': 'select …'}`. */
export type SqlFiles = Readonly<Record<string, string>>;

/** A select held to the portable core and rendered for every engine. */
export interface CompiledSelect extends ParsedModel {
  readonly rendered: Rendered;
}

/**
 * Compiles a file of `sql/`; `name.redshift.sql` beside it is taken where Redshift needs its own.
 * @throws SqlError when it leaves the portable core, or reads a table or column that no contract declares.
 */
export function compileFile(sql: SqlFiles, path: string, tables: Catalog): CompiledSelect {
  const file = `sql/${path}`;
  const redshift = sql[path.replace(/\.sql$/, '.redshift.sql')];
  const overrides = redshift === undefined ? {} : { redshift };
  return compileText(sql[path] ?? '', file, tables, { overrides, kind: 'model' });
}

/**
 * Compiles the select of a table that is made by one, and holds its outputs against the contract.
 * @throws ContractError when it is missing or gives other columns, SqlError
 */
export function compileModel(
  contract: Dataset,
  sql: SqlFiles,
  tables: Catalog,
): CompiledSelect & { readonly file: string } {
  const name = qualifiedName(contract);
  const file = `${contract.layer}/${contract.name}.sql`;
  if (sql[file] === undefined) throw new ContractError(name, `sql/${file} is missing`, 'write its select there');
  const model = compileFile(sql, file, tables);
  const wanted = Object.keys(contract.row);
  if (model.columns.join() === wanted.join()) return { ...model, file };
  throw new ContractError(
    name,
    `sql/${file} selects ${model.columns.join(', ')}; the contract says ${wanted.join(', ')}`,
    'make the two the same, in the same order',
  );
}

/** Compiles a select that stands in a contract; the contract's words are its header. @throws SqlError */
export const compileFragment = (text: string, where: string, tables: Catalog): CompiledSelect =>
  compileText(text, where, tables, { overrides: {}, kind: 'fragment' });

function compileText(
  text: string,
  file: string,
  tables: Catalog,
  { overrides, kind }: { readonly overrides: { readonly redshift?: string }; readonly kind: 'model' | 'fragment' },
): CompiledSelect {
  const [first] = lint(text, file, { tables, kind, overridden: overrides.redshift === undefined ? [] : ['redshift'] });
  if (first) throw new SqlError(first);
  const rendered = forEachEngine((engine) => renderModel({ text, file, overrides }, engine));
  return { ...parseModel(text, file), rendered };
}
