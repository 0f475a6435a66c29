import { asOfOption, command, envOption, lakeOption, today } from './command.ts';
import { UsageError } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface QueryOptions extends CommonOptions {
  readonly lake: string;
  readonly asOf?: string;
  readonly file?: string;
  readonly env?: string;
}

/** `lakehouse query`: SQL in Athena's spelling on the local lake. */
export const defineQuery: DefineCommand = (environment) =>
  command(
    'query',
    "run a query in Athena's spelling on the lake: SQL, a file, or the name of a saved question",
    'lakehouse query "select count(*) as purchases from purchase"\nlakehouse query refunds-by-month --format csv\nlakehouse query -f question.sql\nlakehouse query refunds-by-month --env dev',
  )
    .argument(
      '[sql]',
      'SQL, or the name of a file in sql/analyst/; bare table names work where only one layer has them',
    )
    .option('-f, --file <file>', 'read the SQL from a file; - reads standard input')
    .addOption(lakeOption())
    .addOption(asOfOption())
    .addOption(envOption('lake'))
    .action(async (given: string | undefined, options: QueryOptions) => {
      const { readFileSync } = await import('node:fs');
      const { loadPlan } = await import('./environment.ts');
      const plan = await loadPlan(environment);
      const names = plan.queries.map((query) => query.name);
      if ((given === undefined) === (options.file === undefined))
        throw new UsageError(
          `query wants either SQL (or the name of a saved question) or -f FILE; the saved questions are ${names.join(', ')}`,
        );
      const text = given ?? readFileSync(options.file === '-' ? 0 : (options.file ?? ''), 'utf8');
      const saved = plan.queries.find((query) => query.name === text.trim());
      if (!saved && given !== undefined && /^[\w-]+$/.test(given.trim())) {
        const { nearest } = await import('../plan/sql/nearest.ts');
        throw new UsageError(`there is no saved question ${given}. ${nearest(given.trim(), names)}`);
      }
      const asOf = options.asOf ?? today();
      if (options.env !== undefined) {
        const { queryOnAws } = await import('./deployed-query.ts');
        return await queryOnAws(environment, { ...options, env: options.env, asOf }, plan, saved ?? text);
      }
      const { askLake } = await import('../run/query.ts');
      const output = new Output(environment, options);
      await askLake(options.lake, plan, saved ?? text, asOf, async ({ columns, batches, notes }) => {
        await output.stream(
          columns.map((column) => column.name),
          batches,
        );
        for (const note of notes) output.note(output.colors.dim(`note: ${note}`));
      });
    });
