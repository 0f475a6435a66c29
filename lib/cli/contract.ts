import { Command, Option } from 'commander';
import type { Plan, TablePlan } from '../plan/plan.ts';
import type { ContractDocument } from '../quality/formats/index.ts';
import { command, lakeOption } from './command.ts';
import { UsageError } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

const TARGETS = ['odcs', 'great-expectations', 'dqdl'] as const;

interface ContractExportOptions extends CommonOptions {
  readonly to: (typeof TARGETS)[number];
  readonly out?: string;
  readonly lake: string;
}

/** `lakehouse contract export`: contracts in the words of other tools. */
export const defineContract: DefineCommand = (environment) =>
  new Command('contract').description('contracts for other tools').addCommand(
    command(
      'export',
      'write what tables promise (columns, key, rules, checks) as Open Data Contracts, expectation suites or Glue rulesets; without names: all tables',
      'lakehouse contract export --to odcs --out contracts\nlakehouse contract export base.purchase --to great-expectations\nlakehouse contract export payments --to dqdl --out rules',
    )
      .argument('[names...]', 'tables, such as base.purchase, or products')
      .addOption(
        new Option('--to <format>', 'whose words: ODCS 3.1 (YAML), Great Expectations 1.x (JSON), Glue Data Quality')
          .choices(TARGETS)
          .makeOptionMandatory(),
      )
      .option('--out <dir>', 'a file per table, <dir>/base.purchase.…; without it one table is printed')
      .addOption(lakeOption())
      .addHelpText(
        'after',
        `
A tool has no words for what only a load can tell (when files arrived, which key came with several contents): that stays with lakehouse run.
odcs names the lake (--lake) as its server, so that "datacontract test" judges the tables there. Freshness is given in days; great-expectations
wants the day when it runs: days_ago_2. Queries over other tables are in the words of the tool's engine: DuckDB (odcs), Spark (the others).`,
      )
      .action(async (names: readonly string[], options: ContractExportOptions) => {
        const output = new Output(environment, options);
        const { loadPlan } = await import('./environment.ts');
        const tables = await tablesOf(await loadPlan(environment), names);
        if (options.out === undefined && tables.length > 1)
          throw new UsageError(`${tables.length} tables are several files: say where with --out, or name one table`);
        const documents = await documentsOf(tables, options);
        noteLeftOut(output, documents);
        if (options.out === undefined) return output.line(documents.map(({ text }) => text.trimEnd()).join('\n'));
        await write(options.out, documents);
        output.note(`wrote ${documents.length} files to ${options.out}`);
      }),
  );

/** Each clause by name where a person can read them; else how many there are. */
function noteLeftOut(output: Output, documents: readonly ContractDocument[]): void {
  const lacking = documents.filter(({ leftOut }) => leftOut.length > 0);
  if (documents.length === 1 || output.verbose) {
    for (const { file, leftOut } of lacking)
      output.note(`${file} has no words for ${leftOut.join(', ')}: lakehouse run measures that`);
    return;
  }
  const clauses = lacking.flatMap(({ leftOut }) => leftOut).length;
  if (clauses > 0)
    output.note(`${clauses} clauses have no words there: lakehouse run measures them (--verbose names them)`);
}

async function tablesOf(plan: Plan, names: readonly string[]): Promise<TablePlan[]> {
  const { resolveName } = await import('./resolve-name.ts');
  const groups = [plan.products.map(({ name }) => name), plan.tables.map(({ name }) => name)];
  const wanted = new Set(names.map((name) => resolveName(name, { what: 'table or product', groups })));
  return plan.tables.filter(({ name, product }) => wanted.size === 0 || wanted.has(name) || wanted.has(product));
}

async function documentsOf(tables: readonly TablePlan[], options: ContractExportOptions): Promise<ContractDocument[]> {
  const { join, resolve } = await import('node:path');
  const { dqdl, greatExpectations, odcs } = await import('../quality/formats/index.ts');
  const database = resolve(join(options.lake, 'lake.duckdb'));
  const make = { odcs: (table: TablePlan) => odcs(table, { database }), 'great-expectations': greatExpectations, dqdl };
  return tables.map(make[options.to]);
}

async function write(folder: string, documents: readonly ContractDocument[]): Promise<void> {
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of documents) writeFileSync(join(folder, file), text);
}
