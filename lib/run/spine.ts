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
  /** Further columns of the file, in its order. */
  readonly extra: readonly string[];
}

/** The columns of a spine that are read: the entity's key and the event time. */
export type PointColumns = readonly [key: ColumnPlan, time: ColumnPlan];

/** Raw text of the points, and the further columns, both by `_at`. */
interface Opened {
  readonly records: string;
  readonly along: string;
  readonly extra: readonly string[];
}

const SHOWN = 3;
const TABLE = 'temp.main.spine';
const TEXT = `${SCRATCH}.main.spine_text`;
const id = (name: string): string => quoted(name, 'duckdb');

/**
 * Stages a spine. Its points are judged by the written forms of the contract, like any raw record; one that is at fault
 * refuses the file, since a training set that lacks rows would not say so.
 * @param path a file that ends in `.csv` or `.parquet`.
 * @throws SpineError
 */
export async function stageSpine(db: DuckDb, path: string, points: PointColumns, scratch: string): Promise<Spine> {
  if (!existsSync(path)) throw new SpineError(path, 'there is no such file');
  const { records, along, extra } = path.endsWith('.parquet')
    ? await openParquet(db, path, points)
    : await openCsv(db, path, points, scratch);
  const { conform, faults } = compileConform({ grain: [points[0].name] }, points, []);
  const typed = conform.duckdb.replace('{{records}}', () => records).replace('{{file}}', () => '0');
  await db.run(
    `create temp table spine as select c._at, c._faults, ${points.map(({ name }) => `c.${id(name)}`).join(', ')}${extra.map((name) => `, x.${id(name)}`).join('')}
     from (${typed}) as c inner join ${along} as x on x._at = c._at`,
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

function furtherColumns(path: string, found: readonly string[], points: PointColumns): string[] {
  const missing = points.filter(({ name }) => !found.includes(name)).map(({ name }) => name);
  if (missing.length === 0) return found.filter((name) => !points.some((point) => point.name === name));
  throw new SpineError(path, `it has no column ${missing.join(' and ')}; it has ${found.join(', ')}`);
}

/** A CSV file through our own splitter: further columns travel as the text that they are. */
async function openCsv(db: DuckDb, path: string, points: PointColumns, scratchDir: string): Promise<Opened> {
  const found = await csvColumns(path).catch((error: unknown) => {
    throw error instanceof RefusedFile ? new SpineError(path, error.detail, error) : error;
  });
  const extra = furtherColumns(path, found, points);
  const order = [...points.map(({ name }) => name), ...extra].map((name) => found.indexOf(name));
  const raw = [...points.map(({ name }) => id(`raw_${name}`)), ...extra.map(id)];
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
  return { records: TEXT, along: TEXT, extra };
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
async function openParquet(db: DuckDb, path: string, points: PointColumns): Promise<Opened> {
  const source = `read_parquet(${fileLiteral(path)}, file_row_number = true, hive_partitioning = false)`;
  try {
    const described = await rowsOf(db, `describe select * exclude (file_row_number) from ${source}`);
    const types = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
    const extra = furtherColumns(path, [...types.keys()], points);
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
      along: `(select ${[at, ...extra.map(id)].join(', ')} from ${source})`,
      extra,
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new SpineError(path, `it is no Parquet file that can be read: ${error.message}`, error);
  }
}
