import { Option } from 'commander';
import type { ParityEngineName } from '../parity/engine.ts';
import { command, parseDate, today } from './command.ts';
import { EXIT, UsageError } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface ParityOptions extends CommonOptions {
  readonly engines: readonly ParityEngineName[];
  readonly raw?: string;
  readonly asOf?: string;
  readonly out?: string;
}

const NAMES = ['duckdb', 'spark', 'trino', 'postgres'] as const satisfies readonly ParityEngineName[];

function parseEngines(text: string): readonly ParityEngineName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new UsageError(`"${unknown}" is no engine; the engines are ${NAMES.join(', ')}`);
  return NAMES.filter((name) => names.includes(name));
}

/** `lakehouse parity`: the same questions on other engines. */
export const defineParity: DefineCommand = (environment, exit) =>
  command(
    'parity',
    'ask several engines the same: every select, check and saved question, row by row',
    'lakehouse parity --engines duckdb,postgres\nlakehouse parity --raw raw --as-of 2026-06-30',
  )
    .addHelpText(
      'after',
      '\nSpark and Trino need Python 3.11 to 3.13 and a JDK of Java 17; their programs are fetched once. Trino reads the tables that Spark writes.\nAnswers are compared in memory. Exit 1 on a mismatch.',
    )
    .addOption(
      new Option('--engines <names>', 'which engines, held to duckdb')
        .argParser(parseEngines)
        .default(NAMES, NAMES.join(',')),
    )
    .option('--raw <dir>', 'a raw zone to compare on (default: sample data)')
    .addOption(
      new Option(
        '--as-of <date>',
        'the day that answers are given for (default: today, UTC; of sample data its last day)',
      ).argParser(parseDate),
    )
    .option('--out <dir>', 'also write parity.md there: which engines proved what of the portable core')
    .action(async (options: ParityOptions) => {
      const { loadPlan } = await import('./environment.ts');
      const { compareEngines } = await import('./compare-engines.ts');
      const { printParity } = await import('./parity-summary.ts');
      const output = new Output(environment, options);
      const asOf = options.asOf ?? (options.raw === undefined ? null : today());
      const found = await compareEngines({
        plan: await loadPlan(environment),
        engines: options.engines,
        raw: options.raw ?? null,
        asOf,
        out: options.out ?? null,
        onProgress: (step) => output.note(output.colors.dim(`  ${step}`)),
      });
      if (!printParity(output, found)) exit(EXIT.failure);
    });
