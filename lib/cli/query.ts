import { asOfOption, command, lakeOption, today } from './command.ts';
import { UsageError } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface QueryOptions extends CommonOptions {
  readonly lake: string;
  readonly asOf?: string;
  readonly file?: string;
}

/** `lakehouse query`: SQL in Athena's spelling on the local lake. */
export const defineQuery: DefineCommand = (environment) =>
  command(
    'query',
    "run a query in Athena's spelling on the lake: SQL, a file, or the name of a saved question",
    'lakehouse query "select count(*) as purchases from purchase"\nlakehouse query refunds-by-month --format csv\nlakehouse query -f question.sql',
  )
    .argument(
      '[sql]',
      'SQL, or the name of a file in sql/analyst/; bare table names work where only one layer has them',
    )
    .option('-f, --file <file>', 'read the SQL from a file; - reads standard input')
    .addOption(lakeOption())
    .addOption(asOfOption())
    .action(async (given: string | undefined, options: QueryOptions) => {
      const { readFileSync } = await import('node:fs');
      const { loadPlan } = await import('./environment.ts');
      const { askLake } = await import('../run/query.ts');
      const plan = await loadPlan(environment);
      const names = plan.queries.map((query) => query.name).join(', ');
      if ((given === undefined) === (options.file === undefined))
        throw new UsageError(
          `query wants either SQL (or the name of a saved question) or -f FILE; the saved questions are ${names}`,
        );
      const text = given ?? readFileSync(options.file === '-' ? 0 : (options.file ?? ''), 'utf8');
      const saved = plan.queries.find((query) => query.name === text.trim());
      if (!saved && given !== undefined && /^[\w-]+$/.test(given.trim()))
        throw new UsageError(`there is no saved question ${given}; there are ${names}`);
      const output = new Output(environment, options);
      await askLake(options.lake, plan, saved ?? text, options.asOf ?? today(), async ({ columns, batches, notes }) => {
        await output.stream(
          columns.map((column) => column.name),
          batches,
        );
        for (const note of notes) output.note(output.colors.dim(`note: ${note}`));
      });
    });
