import { Option } from 'commander';
import { command, lakeOption, parseCount } from './command.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface QuarantineOptions extends CommonOptions {
  readonly lake: string;
  readonly limit: number;
}

/** `lakehouse quarantine`: refused records with all of their reasons. */
export const defineQuarantine: DefineCommand = (environment) =>
  command(
    'quarantine',
    'what was refused: file, record number, every reason, what it says (personal data included), and the field where the rest of the record counts',
    'lakehouse quarantine base.purchase --limit 20\nlakehouse quarantine --format csv > to-mend.csv',
  )
    .argument('[table]', 'a loaded table; all of them without it')
    .addOption(lakeOption())
    .addOption(new Option('--limit <n>', 'at most so many records; 0 for all').argParser(parseCount(0)).default(100))
    .action(async (name: string | undefined, options: QuarantineOptions) => {
      const { quarantined } = await import('../run/quarantine.ts');
      const { loadPlan } = await import('./environment.ts');
      const plan = await loadPlan(environment);
      const loaded = plan.tables.filter((table) => table.making.kind === 'load');
      const { pick } = await import('./resolve-name.ts');
      const tables = name === undefined ? loaded : [pick(name, 'loaded table', loaded)];
      const output = new Output(environment, options);
      const { rows, total } = await quarantined(options.lake, tables, options.limit);
      // Only where fields may be refused by themselves is there a column for them.
      const lenient = tables.some((table) => table.columns.some((column) => column.lenient));
      output.rows({ columns: ['table', 'file', 'record', 'reasons', 'raw', ...(lenient ? ['field'] : [])], rows });
      if (rows.length < total) output.note(`${rows.length} of ${total} records; --limit 0 gives all`);
    });
