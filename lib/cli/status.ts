import { command, lakeOption } from './command.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface StatusOptions extends CommonOptions {
  readonly lake: string;
}

/** `lakehouse status`: last runs and freshness. */
export const defineStatus: DefineCommand = (environment) =>
  command(
    'status',
    'the last runs, every table with its rows and freshness, and the checks that are broken',
    'lakehouse status --lake lake --format json',
  )
    .addOption(lakeOption())
    .action(async (options: StatusOptions) => {
      const { lakeStatus } = await import('../run/status.ts');
      const { loadPlan } = await import('./environment.ts');
      const { printStatus } = await import('./status-summary.ts');
      printStatus(new Output(environment, options), await lakeStatus(options.lake, await loadPlan(environment)));
    });
