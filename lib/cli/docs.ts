import type { Plan } from '../plan/plan.ts';
import { command } from './command.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

/** A page that `--out` writes. */
interface Page {
  readonly file: string;
  readonly text: string;
}

interface DocsOptions extends CommonOptions {
  readonly out?: string;
  readonly check?: boolean;
}

/** `lakehouse docs`: the data dictionary. */
export const defineDocs: DefineCommand = (environment) =>
  command(
    'docs',
    'the data dictionary: every table, column, rule, check and consumer, from the contracts',
    'lakehouse docs --out docs\nlakehouse docs --out docs --check\nlakehouse docs --format csv > columns.csv',
  )
    .option('--out <dir>', 'write data-dictionary.md and portable-core.md into this folder instead of printing')
    .option('--check', 'write nothing; exit 1 when a file differs from what would be written')
    .addHelpText('after', '\nThe default format prints the Markdown page; json, ndjson and csv give a row per column.')
    .action(async (options: DocsOptions) => {
      const output = new Output(environment, options);
      const { loadPlan } = await import('./environment.ts');
      const { UsageError } = await import('./errors.ts');
      if (options.check && options.out === undefined)
        throw new UsageError('--check wants the folder that the page is in: lakehouse docs --out docs --check');
      const plan = await loadPlan(environment);
      if (options.out === undefined && output.format !== 'table') return printColumns(output, plan);
      const { dataDictionary } = await import('../plan/dictionary.ts');
      const dictionary = dataDictionary(plan);
      if (options.out === undefined) return output.line(dictionary.trimEnd());
      const { portableCorePage } = await import('../plan/portable-core.ts');
      const pages = [
        { file: 'data-dictionary.md', text: dictionary },
        { file: 'portable-core.md', text: portableCorePage() },
      ];
      for (const page of pages) await (options.check ? compare : write)(output, options.out, page);
    });

async function write(output: Output, folder: string, { file, text }: Page): Promise<void> {
  const { mkdirSync, renameSync, writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, file);
  const beside = join(folder, `.${file}.${process.pid}.tmp`);
  writeFileSync(beside, text);
  renameSync(beside, path);
  output.note(`wrote ${path}`);
}

/** @throws CommandFailedError when the page on disk is missing or is not this one. */
async function compare(output: Output, folder: string, { file, text }: Page): Promise<void> {
  const { existsSync, readFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { CommandFailedError } = await import('./errors.ts');
  const path = join(folder, file);
  const mend = `write it anew: lakehouse docs --out ${folder} (here: npm run docs)`;
  if (!existsSync(path)) throw new CommandFailedError(`${path} is missing; ${mend}`);
  const [found, wanted] = [readFileSync(path, 'utf8').split('\n'), text.split('\n')];
  const line = wanted.findIndex((each, index) => each !== found[index]);
  if (line === -1 && found.length === wanted.length) return output.note(`${path} is up to date`);
  const at = line === -1 ? wanted.length : line;
  const show = (each: string | undefined) => (each === undefined ? 'the end' : JSON.stringify(each.slice(0, 100)));
  throw new CommandFailedError(
    `${path} differs from the contracts at line ${at + 1}: found ${show(found[at])}, expected ${show(wanted[at])}; ${mend}`,
  );
}

async function printColumns(output: Output, plan: Plan): Promise<void> {
  const { typeName } = await import('../contract/column.ts');
  output.rows({
    columns: ['table', 'column', 'type', 'nullable', 'key', 'pii', 'description'],
    rows: plan.tables.flatMap((table) =>
      table.columns.map(({ name, type, nullable, pii, description }) => ({
        table: table.name,
        column: name,
        type: typeName(type),
        nullable,
        key: table.grain.includes(name),
        pii,
        description,
      })),
    ),
  });
}
