import { Option } from 'commander';
import type { Plan, TablePlan } from '../plan/plan.ts';
import type { Lake } from '../run/lake.ts';
import { command, lakeOption, parseDate, rawOption } from './command.ts';
import type { ExportOptions } from './export-table.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface ExportCommandOptions extends CommonOptions {
  readonly out: string;
  readonly lake: string;
  readonly raw: string;
  readonly fileFormat: ExportOptions['fileFormat'] | 'both';
  readonly asOf?: string;
  readonly partition?: string;
  readonly provenance?: boolean;
}

/** `lakehouse export`: tables as files. */
export const defineExport: DefineCommand = (environment) =>
  command(
    'export',
    'write tables as Parquet or CSV files; without names: all marts',
    'lakehouse export --out export\nlakehouse export order_answers --as-of 2026-06-30 --file-format both --out archive\nlakehouse export base.purchase --out export --file-format csv\nlakehouse export purchase --out export --partition merchant_id',
  )
    .argument('[names...]', 'tables, such as mart.refunds_by_customer, or declared exports, such as order_answers')
    .requiredOption(
      '--out <dir>',
      'where the files go: <dir>/mart/refunds_by_customer/…; an earlier export there is replaced',
    )
    .addOption(lakeOption())
    .addOption(rawOption())
    .addOption(
      new Option(
        '--as-of <date>',
        'only the answers for this day, into <dir>/dt=<date>/: an archive, a folder a day',
      ).argParser(parseDate),
    )
    .addOption(
      new Option('--file-format <format>', 'what is written; both: into <dir>/parquet and <dir>/csv')
        .choices(['parquet', 'csv', 'both'])
        .default('parquet'),
    )
    .option(
      '--partition <column>',
      'one folder per value of this column (a time: per month), or none (default: as the contract says)',
    )
    .option('--provenance', 'with the raw file and record number of each row of a base table')
    .addHelpText(
      'after',
      `
Files are written beside and renamed at the end: a killed export leaves no half table. Files that no export wrote are never removed.
With --as-of, a table that keeps no answers per day goes as it stands. Nothing is written into the raw zone: a run would read it.
In CSV, text that a spreadsheet would run as a formula (it begins with = + - @ tab or CR) gets a single quote in front.`,
    )
    .action(async (names: readonly string[], options: ExportCommandOptions) => {
      const output = new Output(environment, options);
      const { loadPlan } = await import('./environment.ts');
      const plan = await loadPlan(environment);
      const asked = await tablesOf(plan, names, options);
      const { refuseRawZone } = await import('./export-folder.ts');
      refuseRawZone(options.out, options.raw);
      const { closeReader, readLake } = await import('../run/lake.ts');
      const lake = await readLake(options.lake);
      try {
        const tables = await present(lake, asked, names.length > 0, output);
        if (options.asOf !== undefined) await refuseUnanswered(lake, tables, options.asOf);
        output.rows({
          columns: ['table', 'rows', 'files', 'bytes', 'path'],
          rows: await exportFormats(lake, tables, options, output),
        });
      } finally {
        closeReader(lake);
      }
    });

/** The tables asked for, each once. @throws UsageError for a name or a partition column that is not there. */
async function tablesOf(
  plan: Plan,
  names: readonly string[],
  { partition }: ExportCommandOptions,
): Promise<TablePlan[]> {
  const { resolveName } = await import('./resolve-name.ts');
  const { splitOf } = await import('./export-table.ts');
  const exports = new Map(
    plan.exposures.filter(({ kind }) => kind === 'export').map(({ name, reads }) => [name, reads]),
  );
  const known = { what: 'table or export', groups: [plan.tables.map((table) => table.name), [...exports.keys()]] };
  const wanted = new Set(names.map((name) => resolveName(name, known)).flatMap((name) => exports.get(name) ?? [name]));
  const tables = plan.tables.filter((table) => (names.length > 0 ? wanted.has(table.name) : table.layer === 'mart'));
  for (const table of tables) splitOf(table, partition ?? null);
  return tables;
}

/** The tables that the lake has. @throws CommandFailedError when a table that was named is not there, or is not what its contract says. */
async function present(lake: Lake, tables: readonly TablePlan[], named: boolean, output: Output): Promise<TablePlan[]> {
  const { rowsOf } = await import('../engines/index.ts');
  const { storedColumns } = await import('../plan/ddl.ts');
  const { CommandFailedError } = await import('./errors.ts');
  const update = `lakehouse run --lake ${lake.folder}`;
  const rows = await rowsOf(
    lake.db,
    `select table_schema || '.' || table_name as name, list(column_name) as columns from information_schema.columns group by all`,
  );
  const columns = new Map(rows.map((row) => [String(row.name), Array.isArray(row.columns) ? row.columns : []]));
  const missing = tables.filter((table) => !columns.has(table.name)).map((table) => table.name);
  if (missing.length > 0 && (named || missing.length === tables.length))
    throw new CommandFailedError(`the lake ${lake.folder} has no ${missing.join(', ')} yet; make it with: ${update}`);
  for (const name of missing) output.note(`${name} is not in the lake yet and is left out; make it with: ${update}`);
  return tables.filter((table) => {
    const lacking = storedColumns(table).find((column) => !columns.get(table.name)?.includes(column.name));
    if (lacking && !missing.includes(table.name))
      throw new CommandFailedError(
        `${table.name} in the lake ${lake.folder} has no column ${lacking.name}, as its contract says now; bring it up to date with: ${update}`,
      );
    return !missing.includes(table.name);
  });
}

/** @throws CommandFailedError for a table of answers that has none for the day. */
async function refuseUnanswered(lake: Lake, tables: readonly TablePlan[], asOf: string): Promise<void> {
  const { madeTables } = await import('../run/ledger.ts');
  const { CommandFailedError } = await import('./errors.ts');
  const made = await madeTables(lake.db);
  for (const { name, making } of tables) {
    const answered = made.get(name)?.asOfs ?? [];
    if (making.kind !== 'select' || !making.takesAsOf || answered.includes(asOf)) continue;
    throw new CommandFailedError(
      `${name} in the lake ${lake.folder} has no answer as of ${asOf}, but as of ${answered.join(', ')}; make it with: lakehouse run --lake ${lake.folder} --as-of ${asOf}`,
    );
  }
}

/** Each format into a folder of its own where there are two, each as-of date where one is asked for. */
async function exportFormats(lake: Lake, tables: readonly TablePlan[], options: ExportCommandOptions, output: Output) {
  const { join } = await import('node:path');
  const { provenance = false, partition = null, asOf = null } = options;
  const formats = options.fileFormat === 'both' ? (['parquet', 'csv'] as const) : [options.fileFormat];
  const rows = [];
  for (const fileFormat of formats) {
    const root = join(options.out, formats.length > 1 ? fileFormat : '', asOf === null ? '' : `dt=${asOf}`);
    rows.push(...(await exportAll(lake, tables, root, { fileFormat, provenance, partition, asOf }, output)));
  }
  return rows;
}

async function exportAll(
  lake: Lake,
  tables: readonly TablePlan[],
  root: string,
  options: ExportOptions,
  output: Output,
) {
  const { ExportFolder } = await import('./export-folder.ts');
  const { exportTable } = await import('./export-table.ts');
  const { spillTo } = await import('../run/lake.ts');
  const folder = new ExportFolder(root);
  try {
    const places = tables.map((table) => ({ table, beside: folder.begin(table.name) }));
    await spillTo(lake, folder.scratch);
    const rows = [];
    for (const { table, beside } of places) {
      if (output.verbose) output.note(`writing ${table.name}`);
      const written = await exportTable(lake.db, table, beside, options);
      rows.push({ table: table.name, ...written, path: folder.pathOf(table.name) });
      const people = table.columns.filter((column) => column.pii === 'direct').map((column) => column.name);
      if (people.length > 0) output.note(`${table.name} names people: ${people.join(', ')}`);
    }
    folder.publish(tables.map((table) => table.name));
    return rows;
  } finally {
    folder.end();
  }
}
