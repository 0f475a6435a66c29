import { Option } from 'commander';
import { command, parseCount, parseShare } from './command.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface SampleCommandOptions extends CommonOptions {
  readonly out: string;
  readonly rows: number;
  readonly seed: number;
  readonly dirt: number;
}

/** `lakehouse sample`: raw files of every product. */
export const defineSample: DefineCommand = (environment) =>
  command(
    'sample',
    'write raw files of every product: the same options give the same bytes, and a manifest lists the dirt',
    'lakehouse sample --out raw --rows 100000 --seed 7 --dirt 0.05',
  )
    .requiredOption('--out <dir>', 'the raw zone to make; empty, absent or an earlier sample')
    .addOption(new Option('--rows <n>', 'purchases; the rest scales with them').argParser(parseCount(1)).default(2000))
    .addOption(new Option('--seed <s>', 'another seed, other records').argParser(parseCount(0)).default(1))
    .addOption(
      new Option('--dirt <share>', 'share of dirty records, of every kind; 0 for none')
        .argParser(parseShare)
        .default(0.01),
    )
    .action(async (options: SampleCommandOptions) => {
      const { writeSample } = await import('./write-sample.ts');
      const output = new Output(environment, options);
      const manifest = await writeSample(output, options);
      output.rows({
        columns: ['dataset', 'files', 'records', 'accepted', 'duplicate', 'superseded', 'quarantined'],
        rows: Object.entries(manifest.totals).map(([dataset, totals]) => ({
          dataset,
          files: totals.files_loaded,
          records: totals.read,
          accepted: totals.accepted,
          duplicate: totals.duplicate,
          superseded: totals.superseded,
          quarantined: totals.quarantined,
        })),
      });
      output.note(
        `what a run must find is in ${options.out}/_manifest.json; next: lakehouse run --raw ${options.out} --as-of ${manifest.last_day}`,
      );
    });
