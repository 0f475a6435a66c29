import { type DuckDb, rowsOf } from '../engines/index.ts';
import type { Definition } from '../plan/index.ts';

/** Version of the lake's own tables. A lake of another version is refused with a way out. */
export const FORMAT_VERSION = 3;

/**
 * The ledger: what every run read, made and refused. It is published in the same transaction as the data,
 * so it never says more or less than what is there.
 */
const TABLES = [
  'create schema if not exists ops',
  'create schema if not exists raw',
  'create schema if not exists base',
  'create schema if not exists mart',
  'create schema if not exists feature',
  'create table if not exists ops.meta (format integer not null)',
  `insert into ops.meta select ${FORMAT_VERSION} where not exists (select format from ops.meta)`,
  // One row per run; result is what `run --format json` printed.
  `create table if not exists ops.run (run_id varchar not null, started_at timestamp not null, seconds double not null,
    status varchar not null, as_of date not null, error varchar, result varchar not null)`,
  // One row per delivery: a path with a content. stamp tells without reading whether the file is still the same.
  `create table if not exists ops.file (dataset varchar not null, path varchar not null, sha256 varchar not null, stamp varchar not null,
    status varchar not null, bytes bigint not null, rows bigint not null, arrived_on date not null, run_id varchar not null)`,
  // One row per table made in a run.
  `create table if not exists ops.step (run_id varchar not null, table_name varchar not null, level integer not null, seconds double not null,
    read bigint not null, accepted bigint not null, duplicate bigint not null, superseded bigint not null, quarantined bigint not null, rows bigint not null)`,
  // One row per check measured in a run.
  `create table if not exists ops."check" (run_id varchar not null, table_name varchar not null, check_name varchar not null, says varchar not null,
    severity varchar not null, verdict varchar not null, failed bigint not null, total bigint not null, finding varchar not null)`,
  // One row per refused record, with all of its reasons and what it said. Not masked: this is where a person mends it.
  `create table if not exists ops.quarantine (run_id varchar not null, dataset varchar not null, file varchar not null, record bigint not null,
    reasons varchar[] not null, raw varchar)`,
  // One row per field that was refused by itself while its record counts; raw is what it said. Not masked either.
  `create table if not exists ops.refused_field (run_id varchar not null, dataset varchar not null, file varchar not null, record bigint not null,
    field varchar not null, reason varchar not null, raw varchar)`,
  // One row per record that is not in its table because the same key stands there: duplicate or superseded.
  `create table if not exists ops.discard (run_id varchar not null, dataset varchar not null, file varchar not null, record bigint not null, fate varchar not null)`,
  // One row per table that keeps an earlier version than the last run was to make, and why. It goes when the table is made.
  'create table if not exists ops.held (table_name varchar not null, because varchar not null)',
  // One row per file that the last run over its dataset refused. It goes when the file is taken, mended or removed.
  'create table if not exists ops.refused (dataset varchar not null, path varchar not null, reason varchar not null)',
  // One row per record that lost its key to another content while no version decided. It goes when a later version decides.
  'create table if not exists ops.contested (run_id varchar not null, table_name varchar not null, key varchar[] not null, file varchar not null, record bigint not null)',
  // One row per table: the definition it was made by, and what it was made from.
  `create table if not exists ops.made (table_name varchar not null, definition varchar not null, changed_in varchar not null,
    made_from varchar not null, as_ofs varchar not null, rows bigint not null)`,
];

/** Creates what of the ledger is not there yet. */
export async function createLedger(db: DuckDb): Promise<void> {
  const present = await rowsOf(db, "select table_name from information_schema.tables where table_schema = 'ops'");
  if (present.length >= TABLES.filter((sql) => sql.startsWith('create table')).length) return;
  await db.run('begin');
  for (const sql of TABLES) await db.run(sql);
  await db.run('commit');
}

/** Text as a SQL literal; null as null. For values of this program: statements have no user input but names and paths. */
export const quote = (text: string | null): string => (text === null ? 'null' : `'${text.replaceAll("'", "''")}'`);

/** What is known of a delivered file. */
export interface KnownFile {
  readonly dataset: string;
  readonly path: string;
  readonly sha256: string;
  readonly stamp: string;
  readonly status: 'loaded' | 'duplicate';
  readonly rows: number;
}

/** All deliveries that the ledger knows. */
export async function knownFiles(db: DuckDb): Promise<KnownFile[]> {
  const rows = await rowsOf(db, 'select dataset, path, sha256, stamp, status, rows from ops.file');
  return rows.map((row) => ({
    dataset: String(row.dataset),
    path: String(row.path),
    sha256: String(row.sha256),
    stamp: String(row.stamp),
    status: row.status === 'duplicate' ? 'duplicate' : 'loaded',
    rows: Number(row.rows),
  }));
}

/** A table as it stands in the lake. */
export interface Made {
  /** What its rows depend on, as they were made. */
  readonly definition: Definition;
  /** The run that last changed its rows. */
  readonly changedIn: string;
  /** For each table it was made from, that table's `changedIn` then. */
  readonly madeFrom: Readonly<Record<string, string>>;
  /** The as-of dates it was made for, the latest made last; empty where the date does not matter. */
  readonly asOfs: readonly string[];
  readonly rows: number;
}

/** Every table of the lake, by qualified name. */
export async function madeTables(db: DuckDb): Promise<Map<string, Made>> {
  const rows = await rowsOf(db, 'select table_name, definition, changed_in, made_from, as_ofs, rows from ops.made');
  return new Map(
    rows.map((row) => [
      String(row.table_name),
      {
        definition: JSON.parse(String(row.definition)) as Definition,
        changedIn: String(row.changed_in),
        madeFrom: JSON.parse(String(row.made_from)) as Record<string, string>,
        asOfs: JSON.parse(String(row.as_ofs)) as string[],
        rows: Number(row.rows),
      },
    ]),
  );
}

/** Notes how a table stands now. */
export async function noteMade(db: DuckDb, name: string, made: Made): Promise<void> {
  const json = (value: unknown) => quote(JSON.stringify(value));
  await db.run(`delete from ops.made where table_name = ${quote(name)}`);
  await db.run(
    `insert into ops.made values (${quote(name)}, ${json(made.definition)}, ${quote(made.changedIn)}, ${json(made.madeFrom)}, ${json(made.asOfs)}, ${made.rows})`,
  );
}
