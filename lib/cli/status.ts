import { command, envOption, lakeOption } from './command.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface StatusOptions extends CommonOptions {
  readonly lake: string;
  readonly env?: string;
}

/** `lakehouse status`: last runs and freshness. */
export const defineStatus: DefineCommand = (environment) =>
  command(
    'status',
    'the last runs, every table with its rows and freshness, and the checks that are broken',
    'lakehouse status --lake lake --format json\nlakehouse status --env dev',
  )
    .addOption(lakeOption())
    .addOption(envOption('lake'))
    .action(async (options: StatusOptions) => {
      if (options.env !== undefined) {
        const { statusOnAws } = await import('./deployed-status.ts');
        return await statusOnAws(environment, { ...options, env: options.env });
      }
      const { lakeStatus } = await import('../run/status.ts');
      const { loadPlan } = await import('./environment.ts');
      const { printStatus } = await import('./status-summary.ts');
      printStatus(new Output(environment, options), await lakeStatus(options.lake, await loadPlan(environment)));
    });
