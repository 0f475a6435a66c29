import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { countOf, type DuckDb, rowOf } from '../engines/index.ts';
import { type ColumnPlan, type FeaturePlan, type ModelPlan, quoted, type TablePlan } from '../plan/index.ts';
import { type BuiltTable, ModelError } from './building.ts';
import { closeReader, readLake, spillTo } from './lake.ts';
import { quote } from './ledger.ts';
import { bindLocal } from './relation.ts';
import { along, stageSpine } from './spine.ts';
import { refuseUnmade } from './unmade.ts';

/** A feature table of the plan. */
export type FeatureTable = BuiltTable & { readonly feature: FeaturePlan };

/** Whether a table is one of features. */
export const isFeature = (table: TablePlan): table is FeatureTable =>
  table.feature !== undefined && table.making.kind === 'select';

/** Which points in time are asked for: everybody at the end of a day, or those of a file. */
export type Points = { readonly asOf: string } | { readonly spine: string };

/** What was written. */
export interface FeaturesWritten {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly bytes: number;
}

const COPY = {
  parquet: 'format parquet, compression zstd',
  csv: "format csv, header true, delimiter ',', quote '\"', escape '\"', nullstr ''",
} as const;

const id = (name: string): string => quoted(name, 'duckdb');

/**
 * Computes a feature table's select for the points asked for, on what the lake holds, and writes a file: a row for each point,
 * in the order of the spine, else by entity. Each row has what was knowable at its point, never anything later.
 * Points of a spine that are alike are computed once; further columns of the spine (a label) travel along.
 * @throws SpineError, LakeError, ModelError. The file is written beside and renamed.
 */
export const writeFeatures = (
  folder: string,
  table: FeatureTable,
  points: Points,
  out: string,
): Promise<FeaturesWritten> =>
  writeMade(folder, table.reads, out, (db, beside) =>
    'spine' in points ? overSpine(db, table, points.spine, beside) : atEndOf(db, table, points.asOf),
  );

/**
 * Computes the training set of a model on what the lake holds, for the points that its question gives as of a day, and writes
 * a file, by time: the very select that Athena gets. No row says whom it is about.
 * @throws LakeError. The file is written beside and renamed.
 */
export const writeTrainingSet = (
  folder: string,
  { reads, trainingSet, eventTime, label, inputs }: ModelPlan,
  asOf: string,
  out: string,
): Promise<FeaturesWritten> =>
  writeMade(folder, reads, out, async (db) => {
    await db.run(`create temp table training as ${bindLocal(trainingSet.duckdb, asOf)}`);
    const columns = [eventTime, label, ...inputs];
    return {
      select: `select ${columns.map(id).join(', ')} from temp.main.training order by all`,
      rows: await counted(db, 'temp.main.training'),
      columns,
    };
  });

async function writeMade(
  folder: string,
  reads: readonly string[],
  out: string,
  make: (db: DuckDb, scratch: string) => Promise<Made>,
): Promise<FeaturesWritten> {
  const lake = await readLake(folder);
  const target = resolve(out);
  mkdirSync(dirname(target), { recursive: true });
  const beside = mkdtempSync(join(dirname(target), '.tmp-features-'));
  try {
    await refuseUnmade(lake, reads);
    await spillTo(lake, join(beside, 'engine'));
    const made = await make(lake.db, beside);
    const format = target.endsWith('.csv') ? 'csv' : 'parquet';
    const file = join(beside, `features.${format}`);
    await lake.db.run(`copy (${made.select}) to ${quote(file)} (${COPY[format]})`);
    const { size: bytes } = statSync(file);
    renameSync(file, target);
    return { rows: made.rows, columns: made.columns, bytes };
  } finally {
    closeReader(lake);
    if (existsSync(beside)) rmSync(beside, { recursive: true });
  }
}

interface Made {
  readonly select: string;
  readonly rows: number;
  readonly columns: readonly string[];
}

async function atEndOf(db: DuckDb, table: FeatureTable, asOf: string): Promise<Made> {
  await db.run(`create temp table features as ${bindLocal(table.making.select.duckdb, asOf)}`);
  const { recordIdentifier, eventTime } = table.feature;
  return {
    select: `select ${table.columns.map((column) => writtenAs(column, 'f')).join(', ')} from temp.main.features as f order by f.${id(recordIdentifier)}, f.${id(eventTime)}`,
    rows: await counted(db, 'temp.main.features'),
    columns: table.columns.map(({ name }) => name),
  };
}

async function overSpine(db: DuckDb, table: FeatureTable, path: string, scratch: string): Promise<Made> {
  const { recordIdentifier, eventTime, select } = table.feature;
  const keys = [recordIdentifier, eventTime];
  const [key, time] = keys.map((name) => table.columns.find((column) => column.name === name));
  if (!key || !time) throw new ModelError(table, `has no column ${keys.join(' or ')}`);
  const names = table.columns.map(({ name }) => name);
  const spine = await stageSpine(db, path, [key, time], names, scratch);
  const points = `(select distinct ${keys.map(id).join(', ')} from ${spine.relation})`;
  await db.run(`create temp table features as ${bindLocal(select.duckdb, null, new Map([['spine.points', points]]))}`);
  const [rows, asked] = [await counted(db, 'temp.main.features'), await counted(db, points)];
  if (rows !== asked) throw new ModelError(table, `gives ${rows} rows for ${asked} points: it must give one for each`);
  const features = table.columns.map((column) => writtenAs(column, 'f'));
  const same = keys.map((name) => `f.${id(name)} = s.${id(name)}`).join(' and ');
  return {
    select: `select ${[...features, ...spine.extra.map((name, place) => `s.${along(place)} as ${id(name)}`)].join(', ')} from ${spine.relation} as s left join temp.main.features as f on ${same} order by s._at`,
    rows: spine.rows,
    columns: [...names, ...spine.extra],
  };
}

/** A column as Feature Store takes it: times as ISO 8601 text in UTC, to the second, else the millisecond, else as fine as they are. */
function writtenAs({ name, type }: ColumnPlan, from: string): string {
  const value = `${from}.${id(name)}`;
  if (type.kind === 'date') return `strftime(${value}, '%Y-%m-%d') as ${id(name)}`;
  if (type.kind !== 'instant') return `${value} as ${id(name)}`;
  const isWhole = (unit: string) => `date_trunc('${unit}', ${value}) = ${value}`;
  const as = (fraction: string) => `strftime(${value}, '%Y-%m-%dT%H:%M:%S${fraction}Z')`;
  return `case when ${isWhole('second')} then ${as('')} when ${isWhole('millisecond')} then ${as('.%g')} else ${as('.%f')} end as ${id(name)}`;
}

const counted = async (db: DuckDb, relation: string): Promise<number> =>
  countOf((await rowOf(db, `select count(*) as n from ${relation}`)).n);
