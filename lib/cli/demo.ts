import { Option } from 'commander';
import { command, lakeOption, parseCount, rawOption } from './command.ts';
import { EXIT } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface DemoOptions extends CommonOptions {
  readonly raw: string;
  readonly lake: string;
  readonly rows: number;
}

/** `lakehouse demo`, which is `npm start`: sample data of every product, a run, the answers. */
export const defineDemo: DefineCommand = (environment, exit) =>
  command(
    'demo',
    'make sample data of every product, run the pipeline on it, print the answers (this is npm start)',
    'lakehouse demo\nlakehouse demo --rows 100000',
  )
    .addOption(rawOption())
    .addOption(lakeOption())
    .addOption(
      new Option('--rows <n>', 'purchases of the sample; the rest scales with them')
        .argParser(parseCount(10))
        .default(2000),
    )
    .action(async (options: DemoOptions) => {
      const { needsAttention } = await import('../run/index.ts');
      const { demo } = await import('./demo-run.ts');
      const { loadPlan } = await import('./environment.ts');
      const report = await demo(new Output(environment, options), await loadPlan(environment), options);
      if (needsAttention(report.result)) exit(EXIT.failure);
    });
