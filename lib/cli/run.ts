import type { RunEvent } from '../run/index.ts';
import { asOfOption, command, envOption, lakeOption, rawOption, today } from './command.ts';
import { EXIT, UsageError } from './errors.ts';
import type { LineageFile } from './lineage-file.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface RunCommandOptions extends CommonOptions {
  readonly raw: string;
  readonly lake: string;
  readonly asOf?: string;
  readonly only?: string[];
  readonly rebuild?: string[];
  readonly env?: string;
  readonly follow?: string | true;
  readonly lineage?: string;
}

/** `lakehouse run`: the pipeline. */
export const defineRun: DefineCommand = (environment, exit) =>
  command(
    'run',
    'load what is new in the raw zone, build what depends on it, check it, publish it',
    'lakehouse run --raw raw --lake lake --as-of 2026-06-30\nlakehouse run --only payments --format json\nlakehouse run --env dev --as-of 2026-06-30',
  )
    .addOption(rawOption())
    .addOption(lakeOption())
    .addOption(asOfOption())
    .option('--only <name...>', 'a product, or a table such as base.orders; what it needs comes with it')
    .option('--rebuild <name...>', 'make these anew from the raw files')
    .option('--lineage <file>', 'add what the run read and made to this file, as OpenLineage events, a line each')
    .addOption(envOption('raw', 'lake', 'only', 'rebuild', 'lineage'))
    .option('--follow [run]', 'with --env: start nothing, follow a run that is going (default: the newest)')
    .addHelpText(
      'after',
      `
With --env the state machine of the environment is started for a day (default: yesterday, as its schedule does) and followed until it ends; an interrupt
ends the following only. JSON: {environment, run_id, as_of, status, seconds, states: [{state, calls, seconds, troubles}], checks, error}.`,
    )
    .action(async (options: RunCommandOptions) => {
      if (options.env !== undefined) {
        const { runOnAws } = await import('./deployed-run.ts');
        return exit(await runOnAws(environment, { ...options, env: options.env }));
      }
      if (options.follow !== undefined)
        throw new UsageError('--follow wants --env: a run on this machine ends with its command');
      const { loadPlan } = await import('./environment.ts');
      const { needsAttention, neverBegun, run, RunFailedError } = await import('../run/index.ts');
      const { RunProgress } = await import('./progress.ts');
      const { printRun } = await import('./run-summary.ts');
      const output = new Output(environment, options);
      const progress = new RunProgress(output);
      const request = {
        raw: options.raw,
        asOf: options.asOf ?? today(),
        only: options.only ?? [],
        rebuild: options.rebuild ?? [],
      };
      const lineage = await lineageFile(options.lineage, request.asOf);
      try {
        const plan = await loadPlan(environment).catch((error: unknown) => {
          throw neverBegun(request.asOf, error);
        });
        const onEvent = (event: RunEvent) => {
          lineage?.on(event);
          progress.on(event);
        };
        const report = await run(options.lake, { plan, ...request, onEvent });
        progress.done();
        await lineage?.end(report.result, { plan, raw: options.raw, lake: options.lake });
        printRun(output, report);
        if (needsAttention(report.result)) exit(EXIT.failure);
      } catch (error) {
        progress.done();
        if (error instanceof RunFailedError) lineage?.fail(error.result);
        // A program that reads JSON gets its object whatever happened; the error itself goes to stderr and the exit code.
        if (error instanceof RunFailedError && (options.format === 'json' || options.format === 'ndjson'))
          output.line(JSON.stringify(error.result));
        throw error;
      }
    });

async function lineageFile(path: string | undefined, asOf: string): Promise<LineageFile | undefined> {
  if (path === undefined) return undefined;
  const { LineageFile } = await import('./lineage-file.ts');
  return new LineageFile(path, asOf);
}
