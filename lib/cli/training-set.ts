import { asOfOption, command, lakeOption, today } from './command.ts';
import { refuseEnding } from './features.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface TrainingSetOptions extends CommonOptions {
  readonly lake: string;
  readonly out: string;
  readonly asOf?: string;
}

/** `lakehouse training-set`: what a model learns from, as a file. */
export const defineTrainingSet: DefineCommand = (environment) =>
  command(
    'training-set',
    'write what a model learns from: its points in time, their labels, and the features as they were knowable then',
    'lakehouse training-set card_fraud --as-of 2026-06-30 --out training.csv',
  )
    .argument('<model>', 'a model, such as card_fraud')
    .addOption(asOfOption())
    .requiredOption('--out <file>', 'what is written: a .csv or .parquet file')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
The as-of date says which points there are: those whose label is known by then. The columns are the event time, the label and the
inputs, in the model's order; no row says whom it is about. The SageMaker pipeline trains on the same select, run by Athena.`,
    )
    .action(async (asked: string, options: TrainingSetOptions) => {
      refuseEnding('--out', options.out);
      const { loadPlan } = await import('./environment.ts');
      const { pick } = await import('./resolve-name.ts');
      const { writeTrainingSet } = await import('../run/features.ts');
      const model = pick(asked, 'model', (await loadPlan(environment)).models);
      const asOf = options.asOf ?? today();
      const { rows, columns, bytes } = await writeTrainingSet(options.lake, model, asOf, options.out);
      new Output(environment, options).rows({
        columns: ['model', 'as_of', 'rows', 'columns', 'bytes', 'path'],
        rows: [{ model: model.name, as_of: asOf, rows, columns: columns.length, bytes, path: options.out }],
      });
    });
