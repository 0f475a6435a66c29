import { Option } from 'commander';
import type { EngineName, Plan } from '../plan/plan.ts';
import { command, parseDate } from './command.ts';
import type { CompiledSql } from './compiled-sql.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

/** The engines in the order of the help; the compiler holds the list to the plan's. */
const TARGETS = ['duckdb', 'spark', 'athena', 'redshift'] as const satisfies readonly EngineName[];

interface CompileOptions extends CommonOptions {
  readonly target: EngineName;
  readonly asOf?: string;
}

/** `lakehouse compile`: the SQL that an engine will get. */
export const defineCompile: DefineCommand = (environment) =>
  command(
    'compile',
    "the SQL that an engine will get for a table, an analyst's query or a model's training set; without a name: for all of them",
    'lakehouse compile mart.refunds_by_customer --target spark\nlakehouse compile refund-rate --target athena --as-of 2026-06-30\nlakehouse compile --format json > plan.json',
  )
    .argument('[table]', 'a table, the name of a query in sql/analyst/, or a model')
    .addOption(new Option('--target <engine>', 'who will run it').choices(TARGETS).default('duckdb'))
    .addOption(new Option('--as-of <date>', 'put this day where :as_of stands').argParser(parseDate))
    .addHelpText(
      'after',
      `
What only a run knows stays a parameter: :as_of, :file (the number of a raw file), :location (where the environment keeps the table);
records are the raw records of a load. Without a table, --format json prints the whole plan, for every engine.`,
    )
    .action(async (name: string | undefined, options: CompileOptions) => {
      const output = new Output(environment, options);
      const { loadPlan } = await import('./environment.ts');
      const plan = await loadPlan(environment);
      if (name === undefined && output.format === 'json') return output.line(JSON.stringify(plan, null, 2));
      print(output, await compiled(plan, name, options), name !== undefined);
    });

async function compiled(plan: Plan, asked: string | undefined, options: CompileOptions): Promise<CompiledSql[]> {
  const { sqlOfModel, sqlOfPlan, sqlOfQuery, sqlOfTable } = await import('./compiled-sql.ts');
  const asOf = options.asOf ?? null;
  if (asked === undefined) return sqlOfPlan(plan, options.target, asOf);
  const { resolveName } = await import('./resolve-name.ts');
  const groups = [plan.tables, plan.queries, plan.models].map((all) => all.map((each) => each.name));
  const name = resolveName(asked.replace(/\.sql$/, ''), { what: 'table, query or model', groups });
  return [
    ...plan.tables.filter((table) => table.name === name).map((table) => sqlOfTable(table, options.target, asOf)),
    ...plan.queries.filter((query) => query.name === name).map((query) => sqlOfQuery(query, options.target, asOf)),
    ...plan.models.filter((model) => model.name === name).map((model) => sqlOfModel(model, options.target, asOf)),
  ];
}

function print(output: Output, all: readonly CompiledSql[], one: boolean): void {
  if (output.format === 'json' && one) return output.line(JSON.stringify(all[0], null, 2));
  const rows = all.flatMap(({ name, kind, target, statements }) =>
    statements.map(({ purpose, sql }) => ({ name, kind, target, purpose, sql })),
  );
  if (output.format !== 'table') return output.rows({ columns: ['name', 'kind', 'target', 'purpose', 'sql'], rows });
  for (const { name, target, purpose, sql } of rows) {
    output.line(output.colors.dim(`-- ${name}: ${purpose} (${target})`));
    output.line(`${sql.trimEnd()};\n`);
  }
}
