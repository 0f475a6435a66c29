import { Option } from 'commander';
import { command, envOption, parseDate, rawOption, yesterday } from './command.ts';
import { EXIT, UsageError } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface ValidateOptions extends CommonOptions {
  readonly raw: string;
  readonly date?: string;
  readonly only?: string[];
  readonly env?: string;
}

/** `lakehouse validate`: the daily check of source data. */
export const defineValidate: DefineCommand = (environment, exit) =>
  command(
    'validate',
    "judge one day's source data before anything is loaded: what is broken, where, and what it would reach",
    'lakehouse validate --raw raw --date 2026-06-30\nlakehouse validate --env dev --date 2026-06-30',
  )
    .addHelpText(
      'after',
      '\nA record belongs to the UTC day of its time; where rows have none, or a time cannot be read, to the day its file arrived\n(its dt=YYYY-MM-DD folder, else its last change). Exit 1 when the data is not clean.\nWith --env the function of the daily validation judges the day, as the daily run has it do: findings that break or mend are told to people.',
    )
    .addOption(rawOption())
    .addOption(new Option('--date <date>', 'the UTC day to judge (default: yesterday)').argParser(parseDate))
    .option('--only <name...>', 'a product, or a loaded table such as base.orders')
    .addOption(envOption('raw', 'only'))
    .action(async (options: ValidateOptions) => {
      if (options.env !== undefined) {
        const { validateOnAws } = await import('./deployed-validate.ts');
        return exit(await validateOnAws(environment, { ...options, env: options.env }));
      }
      const { loadPlan } = await import('./environment.ts');
      const { validate } = await import('../run/validate.ts');
      const { printValidation } = await import('./validate-summary.ts');
      const output = new Output(environment, options);
      const validation = await validate({
        plan: await loadPlan(environment),
        raw: options.raw,
        date: options.date ?? yesterday(),
        only: options.only ?? [],
        onTable: (table) => output.rewrite(`  … ${table}`),
      });
      output.rewrite();
      if (validation.tables.length === 0)
        throw new UsageError('--only names no loaded table; validate judges source data');
      printValidation(output, validation);
      if (validation.status === 'fail') exit(EXIT.failure);
    });
