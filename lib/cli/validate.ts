import { Option } from 'commander';
import { command, parseDate, rawOption } from './command.ts';
import { EXIT } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface ValidateOptions extends CommonOptions {
  readonly raw: string;
  readonly date?: string;
  readonly only?: string[];
}

const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

/** `lakehouse validate`: the daily check of source data. */
export const defineValidate: DefineCommand = (environment, exit) =>
  command(
    'validate',
    "judge one day's source data before anything is loaded: what is broken, where, and what it would reach",
    'lakehouse validate --raw raw --date 2026-06-30',
  )
    .addOption(rawOption())
    .addOption(new Option('--date <date>', 'the UTC day to judge (default: yesterday)').argParser(parseDate))
    .option('--only <name...>', 'a product, or a base table such as base.orders')
    .action(async (options: ValidateOptions) => {
      const { loadPlan } = await import('./environment.ts');
      const { validate } = await import('../run/validate.ts');
      const { printValidation } = await import('./validate-summary.ts');
      const output = new Output(environment, options);
      const validation = await validate({
        plan: await loadPlan(environment),
        raw: options.raw,
        date: options.date ?? yesterday(),
        only: options.only ?? [],
        onTable: (table) => output.live && output.raw(`\r\u001b[2K  … ${table}`),
      });
      if (output.live) output.raw('\r\u001b[2K');
      printValidation(output, validation);
      if (validation.status === 'fail') exit(EXIT.failure);
    });
