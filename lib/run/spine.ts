import { existsSync } from 'node:fs';
import { countOf, type DuckDb, EngineError, rowOf, rowsOf, SCRATCH } from '../engines/index.ts';
import { csvColumns, RefusedFile, readCsv } from '../ingest/index.ts';
import { compileConform } from '../plan/conform.ts';
import { type ColumnPlan, quoted, sqlType } from '../plan/index.ts';
import { fileLiteral } from './relation.ts';

/** A spine cannot be used as it is; nothing was written. */
export class SpineError extends Error {
  constructor(path: string, problem: string, cause?: unknown) {
    super(`${path}: ${problem}`, cause === undefined ? {} : { cause });
    this.name = 'SpineError';
  }
}

/** The points of a spine, staged: `_at` (the record's number), the entity's key and the event time, and what travels along. */
export interface Spine {
  readonly relation: string;
  readonly rows: number;
  /** Further columns of the file, in its order; in the relation they are called by their place, see `along`. */
  readonly extra: readonly string[];
}

/** What a further column is called until it is written: its own name could be one of ours, or one that SQL takes for it. */
export const along = (place: number): string => id(`_along_${place}`);

/** The columns of a spine that are read: the entity's key and the event time. */
export type PointColumns = readonly [key: ColumnPlan, time: ColumnPlan];

/** Raw text of the points, and the further columns, both by `_at`. */
interface Opened {
  readonly records: string;
  readonly beside: string;
  readonly extra: readonly string[];
}

const SHOWN = 3;
const TABLE = 'temp.main.spine';
const TEXT = `${SCRATCH}.main.spine_text`;
const id = (name: string): string => quoted(name, 'duckdb');
/** Names as the engine compares them. */
const folded = (name: string): string => name.toLowerCase();

/**
 * Stages a spine. Its points are judged by the written forms of the contract, like any raw record; one that is at fault
 * refuses the file, since a training set that lacks rows would not say so.
 * @param path a file that ends in `.csv` or `.parquet`.
 * @param features names that no further column may have.
 * @throws SpineError
 */
export async function stageSpine(
  db: DuckDb,
  path: string,
  points: PointColumns,
  features: readonly string[],
  scratch: string,
): Promise<Spine> {
  if (!existsSync(path)) throw new SpineError(path, 'there is no such file');
  const further = (found: readonly string[]) => furtherColumns(path, found, points, features);
  const { records, beside, extra } = path.endsWith('.parquet')
    ? await openParquet(db, path, points, further)
    : await openCsv(db, path, points, further, scratch);
  const { conform, faults } = compileConform({ grain: [points[0].name] }, points, []);
  const typed = conform.duckdb.replace('{{records}}', () => records).replace('{{file}}', () => '0');
  await db.run(
    `create temp table spine as select c._at, c._faults, ${points.map(({ name }) => `c.${id(name)}`).join(', ')}${extra.map((_, place) => `, x.${along(place)}`).join('')}
     from (${typed}) as c inner join ${beside} as x on x._at = c._at`,
  );
  const faulty = await rowsOf(
    db,
    `select _at, _faults from ${TABLE} where _faults is not null order by _at limit ${SHOWN}`,
  );
  if (faulty.length > 0) {
    const words = faulty.map(
      ({ _at, _faults }) =>
        `record ${_at}: ${String(_faults)
          .split(',')
          .map((fault) => faults[fault] ?? fault)
          .join(', ')}`,
    );
    throw new SpineError(path, `${words.join('; ')}; mend the file, or leave those records out`);
  }
  return { relation: TABLE, rows: countOf((await rowOf(db, `select count(*) as n from ${TABLE}`)).n), extra };
}

/** The columns beside those of the points. @throws SpineError where the file cannot be written as one table with the features. */
function furtherColumns(
  path: string,
  found: readonly string[],
  points: PointColumns,
  features: readonly string[],
): string[] {
  const missing = points.filter(({ name }) => !found.includes(name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new SpineError(path, `it has no column ${missing.join(' and ')}; it has ${found.join(', ')}`);
  }
  const nameless = found.indexOf('') + 1;
  if (nameless > 0) throw new SpineError(path, `column ${nameless} has no name; name it, or leave it out`);
  const taken = new Map<string, string>();
  for (const name of found) {
    const other = taken.get(folded(name));
    if (other !== undefined)
      throw new SpineError(path, `columns ${other} and ${name} differ in upper and lower case only; rename one`);
    taken.set(folded(name), name);
  }
  const extra = found.filter((name) => !points.some((point) => point.name === name));
  const clash = extra.find((name) => features.some((feature) => folded(feature) === folded(name)));
  if (clash !== undefined) throw new SpineError(path, `column ${clash} is also a feature; rename it`);
  return extra;
}

/** Finds the further columns among all. */
type Further = (found: readonly string[]) => string[];

/** A CSV file through our own splitter: further columns travel as the text that they are. */
async function openCsv(
  db: DuckDb,
  path: string,
  points: PointColumns,
  further: Further,
  scratchDir: string,
): Promise<Opened> {
  const found = await csvColumns(path).catch((error: unknown) => {
    throw error instanceof RefusedFile ? new SpineError(path, error.detail, error) : error;
  });
  const extra = further(found);
  const order = [...points.map(({ name }) => name), ...extra].map((name) => found.indexOf(name));
  const raw = [...points.map(({ name }) => id(`raw_${name}`)), ...extra.map((_, place) => along(place))];
  await db.attachScratch();
  await db.run(`create table ${TEXT} (_at bigint, _fault varchar, ${raw.map((name) => `${name} varchar`).join(', ')})`);
  const text = await db.append('spine_text');
  try {
    await readCsv(
      path,
      { scratchDir, splitterBelow: Number.POSITIVE_INFINITY },
      {
        record: (at, fields) => {
          text.appendBigInt(BigInt(at));
          text.appendNull();
          for (const place of order) {
            const value = fields[place] ?? '';
            if (value === '') text.appendNull();
            else text.appendVarchar(value);
          }
          text.endRow();
        },
        fault: (at, code, detail) => {
          throw new SpineError(path, `record ${at}: ${code} (${detail}); mend the file`);
        },
      },
    );
  } finally {
    text.closeSync();
  }
  return { records: TEXT, beside: TEXT, extra };
}

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/;
const INSTANT = /^TIMESTAMP(_S|_MS)?$/;

/** A typed value of a point as text in the contract's written form; null where the types do not fit. */
function written({ name, type }: ColumnPlan, found: string): string | null {
  if (found === 'VARCHAR') return `nullif(${id(name)}, '')`;
  if (type.kind === 'integer' && INTEGER.test(found)) return `cast(${id(name)} as varchar)`;
  if (type.kind !== 'instant') return null;
  if (found === 'TIMESTAMP WITH TIME ZONE') return `cast(${id(name)} at time zone 'UTC' as varchar)`;
  return INSTANT.test(found) ? `cast(${id(name)} as varchar)` : null;
}

/** A Parquet file: further columns keep their types. */
async function openParquet(db: DuckDb, path: string, points: PointColumns, further: Further): Promise<Opened> {
  const source = `read_parquet(${fileLiteral(path)}, file_row_number = true, hive_partitioning = false)`;
  try {
    const described = await rowsOf(db, `describe select * exclude (file_row_number) from ${source}`);
    const types = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
    const extra = further([...types.keys()]);
    const raw = points.map((column) => {
      const found = types.get(column.name) ?? '';
      const text = written(column, found);
      if (text !== null) return `${text} as ${id(`raw_${column.name}`)}`;
      const wanted = `${sqlType(column.type, 'duckdb')} or text`;
      throw new SpineError(path, `column ${column.name} is ${found.toLowerCase()}; write it as ${wanted}`);
    });
    const at = 'file_row_number + 1 as _at';
    return {
      records: `(select ${raw.join(', ')}, cast(null as varchar) as _fault, ${at} from ${source})`,
      beside: `(select ${[at, ...extra.map((name, place) => `${id(name)} as ${along(place)}`)].join(', ')} from ${source})`,
      extra,
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new SpineError(path, `it is no Parquet file that can be read: ${error.message}`, error);
  }
}
