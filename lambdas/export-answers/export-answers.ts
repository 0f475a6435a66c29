import { createHash } from 'node:crypto';
import { athenaTable, exportFolder } from '../../lib/aws/index.ts';
import type { Athena } from '../../lib/engines/athena.ts';
import { type ColumnPlan, type Plan, quoted, type TablePlan } from '../../lib/plan/index.ts';
import { advance, type Progress, type Query, type QueryFailedError, type Started } from '../shared/queries.ts';

/** Exports of each day, or the reports that close a month. */
export type ExportKind = 'export' | 'report';

/** What identifies an exporting, and how far it has come. */
export interface Exporting {
  readonly kind: ExportKind;
  readonly date: string;
  /** The execution that exports: another run of the same day writes its own files. */
  readonly run: string;
  readonly queries: readonly Started[];
}

/** A whole export: where each table's files are. */
export interface Exported {
  readonly exposure: string;
  readonly tables: Readonly<Record<string, string>>;
}

/** Some exports could not be written. The others are there and announced. */
export class ExportsFailedError extends Error {
  readonly exposures: readonly string[];

  constructor(exposures: readonly string[], failed: readonly QueryFailedError[]) {
    super(
      `not exported: ${exposures.join(', ')}; the other exports of the day are there. ${failed.map(({ message }) => message).join('; ')}`,
    );
    this.name = 'ExportsFailedError';
    this.exposures = exposures;
  }
}

/** An export of the plan and one table of it. */
interface Part {
  readonly exposure: string;
  readonly table: TablePlan;
}

const partsOf = (plan: Plan, kind: ExportKind): Part[] =>
  plan.exposures
    .filter((exposure) => exposure.kind === kind)
    .flatMap((exposure) =>
      plan.tables
        .filter((table) => exposure.reads.includes(table.name))
        .map((table) => ({ exposure: exposure.name, table })),
    );

const nameOf = ({ exposure, table }: Part): string => `${exposure}/${table.name}`;

/** Athena writes only into an empty folder, so each run and attempt has its own. */
function folderOf({ exposure, table }: Part, { date, run }: Exporting, attempt: number): string {
  const own = createHash('sha256')
    .update(JSON.stringify([run, attempt]))
    .digest('hex')
    .slice(0, 16);
  return `${exportFolder(exposure, date)}${own}/${table.name.replace('.', '/')}/`;
}

/**
 * A column as `unload` takes it. Athena writes files of times in milliseconds and refuses the lake's microseconds
 * (`Incorrect timestamp precision for timestamp(6)`). An archive that rounded them could not be joined to the rows that it
 * tells of, so a time is exported as text, `2026-06-30 12:00:00.123456`: a written form that contracts take.
 */
function exportedColumn({ name, type }: ColumnPlan): string {
  const column = quoted(name, 'athena');
  return type.kind === 'instant' ? `cast(${column} as varchar) as ${column}` : column;
}

/**
 * Writes the tables of every export as Parquet into the archive, in calls that do not wait. Files of an attempt that failed
 * are in a folder that nobody is told of; a run repeated starts nothing twice. Each export stands by itself: one of which a
 * table cannot be written does not keep the others.
 */
export async function exportAnswers(
  plan: Plan,
  place: { readonly prefix: string; readonly bucket: string },
  exporting: Exporting,
  athena: Athena,
): Promise<Progress & { readonly exported: readonly Exported[]; readonly unexported: readonly string[] }> {
  const parts = partsOf(plan, exporting.kind);
  const queries = parts.map((part): Query => {
    const columns = part.table.columns.map(exportedColumn).join(', ');
    const select = `select ${columns} from ${athenaTable(place.prefix, part.table.name)}`;
    return {
      name: nameOf(part),
      sql: (attempt) =>
        `unload (${select}) to 's3://${place.bucket}/${folderOf(part, exporting, attempt)}' with (format = 'PARQUET')`,
    };
  });
  const progress = await advance(athena, exporting.run, queries, exporting.queries);
  if (!progress.done) return { ...progress, exported: [], unexported: [] };
  const isLost = (part: Part) => progress.failed.some(({ query }) => query === nameOf(part));
  const unexported = [...new Set(parts.filter(isLost).map((part) => part.exposure))];
  const whole = [...new Set(parts.map((part) => part.exposure))].filter((exposure) => !unexported.includes(exposure));
  const exported = whole.map((exposure) => ({
    exposure,
    tables: Object.fromEntries(
      parts
        .filter((part) => part.exposure === exposure)
        .map((part) => {
          const attempt = progress.started.find((each) => each.name === nameOf(part))?.attempt ?? 1;
          return [part.table.name, `s3://${place.bucket}/${folderOf(part, exporting, attempt)}`];
        }),
    ),
  }));
  return { ...progress, exported, unexported };
}
