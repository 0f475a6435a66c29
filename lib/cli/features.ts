import { asOfOption, command, lakeOption, today } from './command.ts';
import { UsageError } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface FeaturesOptions extends CommonOptions {
  readonly lake: string;
  readonly out: string;
  readonly asOf?: string;
  readonly spine?: string;
}

const ENDINGS = ['.csv', '.parquet'];

/** `lakehouse features`: a training set, or the features of a day, as a file. */
export const defineFeatures: DefineCommand = (environment) =>
  command(
    'features',
    'write features as they were knowable at given points in time: a training set, or what is served for a day',
    `lakehouse features card_activity --as-of 2026-06-30 --out features.parquet
lakehouse query fraud-training-points --as-of 2026-06-30 --format csv > points.csv
lakehouse features card_activity --spine points.csv --out training.parquet`,
  )
    .argument('<name>', 'a feature table, such as card_activity')
    .addOption(asOfOption())
    .option(
      '--spine <file>',
      'the points in time: a .csv or .parquet file with the columns of entity and event time; its other columns travel along',
    )
    .requiredOption('--out <file>', 'what is written: a .csv or .parquet file')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
A row sees what happened, and what had arrived, up to its point in time and nothing later; a file has arrived at the end of its day.
Without --spine: every entity at the end of the as-of day. The same SQL makes the feature tables of a run.
Event times are ISO 8601 text in UTC, as SageMaker Feature Store takes them.`,
    )
    .action(async (asked: string, options: FeaturesOptions) => {
      const { spine, out } = options;
      if (spine !== undefined && options.asOf !== undefined)
        throw new UsageError(
          'features wants either --as-of or --spine: a spine says itself which points in time are meant',
        );
      refuseEnding('--out', out);
      if (spine !== undefined) refuseEnding('--spine', spine);
      const { loadPlan } = await import('./environment.ts');
      const { pick } = await import('./resolve-name.ts');
      const { isFeature, writeFeatures } = await import('../run/features.ts');
      const table = pick(asked, 'feature table', (await loadPlan(environment)).tables.filter(isFeature));
      const points = spine === undefined ? { asOf: options.asOf ?? today() } : { spine };
      const { rows, columns, bytes } = await writeFeatures(options.lake, table, points, out);
      new Output(environment, options).rows({
        columns: ['table', 'rows', 'columns', 'bytes', 'path'],
        rows: [{ table: table.name, rows, columns: columns.length, bytes, path: out }],
      });
    });

/** Refuses a path that does not end like a file of rows. @throws UsageError */
export function refuseEnding(option: string, path: string): void {
  if (ENDINGS.some((ending) => path.endsWith(ending))) return;
  throw new UsageError(`${option} ${path}: expected a file that ends in ${ENDINGS.join(' or ')}`);
}
