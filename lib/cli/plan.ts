import { asOfOption, command, lakeOption, rawOption, today } from './command.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface PlanOptions extends CommonOptions {
  readonly raw: string;
  readonly lake: string;
  readonly asOf?: string;
  readonly only?: string[];
  readonly rebuild?: string[];
}

/** `lakehouse plan`: what a run would do, without doing it. */
export const definePlan: DefineCommand = (environment, exit) =>
  command(
    'plan',
    'what a run would do: new files, changed contracts and SQL, tables to make, and what reads them',
    'lakehouse plan --raw raw --lake lake',
  )
    .addOption(rawOption())
    .addOption(lakeOption())
    .addOption(asOfOption())
    .option('--only <name...>', 'a product, or a table such as base.orders')
    .option('--rebuild <name...>', 'as if these were made anew')
    .action(async (options: PlanOptions) => {
      const { loadPlan } = await import('./environment.ts');
      const { preview } = await import('../run/preview.ts');
      const { EXIT } = await import('./errors.ts');
      const request = {
        raw: options.raw,
        asOf: options.asOf ?? today(),
        only: options.only ?? [],
        rebuild: options.rebuild ?? [],
      };
      const found = await preview(options.lake, { plan: await loadPlan(environment), ...request });
      const output = new Output(environment, options);
      const rows = found.tables.map((table) => ({
        ...table,
        because: table.because.join('; '),
        read_by: table.read_by.join(', '),
      }));
      if (output.format === 'json') output.line(JSON.stringify(found, null, 2));
      else if (output.format !== 'table')
        output.rows({ columns: ['table', 'action', 'new_files', 'because', 'read_by'], rows });
      else if (rows.length === 0)
        output.line(
          `${output.colors.green('nothing to do')}: ${found.files.known} files are known, no definition changed`,
        );
      else {
        output.line(output.table({ columns: ['table', 'action', 'new_files', 'because', 'read_by'], rows }));
        output.line();
        output.line(
          `${found.files.new} new files, ${found.files.known} known; ${rows.length} tables to make; nothing was touched`,
        );
      }
      if (found.tables.some(({ action }) => action === 'refused' || action === 'held')) exit(EXIT.failure);
    });
