import { countOf, type DuckDb, EngineError, rowOf, rowsOf } from '../engines/index.ts';
import { type Identity, type RawFile, RefusedFile } from '../ingest/index.ts';
import { type ColumnPlan, quoted } from '../plan/index.ts';
import { fileLiteral } from './relation.ts';

/** The records of a Parquet file as text columns, ready to be conformed like any other. */
interface ParquetRecords {
  readonly relation: string;
  readonly records: number;
  readonly extra: readonly string[];
}

const id = (name: string): string => quoted(name, 'duckdb');

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;

/**
 * A typed Parquet value as text in the contract's written form, where nothing can be lost on the way; null where the
 * two types do not fit. Trailing zeros of a decimal carry no value and are dropped.
 */
function asText(column: ColumnPlan, found: string): string | null {
  const value = id(column.path);
  const { kind } = column.type;
  if (found === 'VARCHAR') return value;
  if (kind === 'integer' || kind === 'decimal') {
    if (INTEGER.test(found)) return `cast(${value} as varchar)`;
    if (!found.startsWith('DECIMAL')) return null;
    const text = `cast(${value} as varchar)`;
    return `case when contains(${text}, '.') then rtrim(rtrim(${text}, '0'), '.') else ${text} end`;
  }
  if (kind === 'date') return found === 'DATE' ? `cast(${value} as varchar)` : null;
  if (kind === 'boolean') return found === 'BOOLEAN' ? `cast(${value} as varchar)` : null;
  if (kind === 'instant') {
    if (/^TIMESTAMP(_S|_MS|_NS)?$/.test(found)) return `cast(${value} as varchar)`;
    if (found === 'TIMESTAMP WITH TIME ZONE') return `cast(${value} at time zone 'UTC' as varchar)`;
  }
  return null;
}

/**
 * Opens a Parquet file. Record numbers are its row numbers, from 1.
 * @throws RefusedFile when it is corrupt, lacks a required column, or holds a column that cannot be taken without loss (floats for decimals).
 */
export async function parquetRecords(
  db: DuckDb,
  columns: readonly ColumnPlan[],
  file: RawFile,
  identity: Identity,
  refuseMissing: (columns: readonly ColumnPlan[], path: string, found: readonly string[]) => void,
): Promise<ParquetRecords> {
  const source = `read_parquet(${fileLiteral(identity.content)}, file_row_number = true, hive_partitioning = false)`;
  try {
    const described = await rowsOf(db, `describe select * exclude (file_row_number) from ${source}`);
    const found = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
    refuseMissing(columns, file.path, [...found.keys()]);
    const nanoseconds = await nanosecondColumns(db, identity);
    const raw: string[] = [];
    const nul: string[] = [];
    for (const column of columns) {
      const type = found.get(column.path);
      const name = id(`raw_${column.name}`);
      if (type === undefined || (column.nullable && (await isAllNull(db, source, column.path)))) {
        raw.push(`cast(null as varchar) as ${name}`);
        continue;
      }
      const text = nanoseconds.has(column.path) && column.type.kind === 'instant' ? null : asText(column, type);
      if (text === null) {
        const what = nanoseconds.has(column.path) ? `${type} of nanoseconds` : type;
        const detail = `column ${column.path} is ${what}; as ${column.type.kind} it could lose something: write it as text or as the contract's type`;
        throw new RefusedFile('column_type', file.path, detail);
      }
      raw.push(`nullif(${text}, '') as ${name}`);
      // The other formats cannot hold a NUL; nor may this one.
      if (type === 'VARCHAR') nul.push(`case when contains(${id(column.path)}, chr(0)) then '${column.name}:nul' end`);
    }
    const fault = nul.length > 0 ? `nullif(concat_ws(',', ${nul.join(', ')}), '')` : 'cast(null as varchar)';
    const [counted] = await rowsOf(
      db,
      `select num_rows as n from parquet_file_metadata(${fileLiteral(identity.content)})`,
    );
    return {
      relation: `(select ${raw.join(', ')}, ${fault} as _fault, file_row_number + 1 as _at from ${source})`,
      records: Number(counted?.n ?? 0),
      extra: [...found.keys()].filter((name) => !columns.some((column) => column.path === name)),
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new RefusedFile('corrupt_parquet', file.path, error.message.split('\n')[0] ?? '', error);
  }
}

/** Columns whose moments carry nanoseconds with a zone: the engine reads them as microseconds and says nothing. */
async function nanosecondColumns(db: DuckDb, identity: Identity): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(
    db,
    `select name, cast(logical_type as varchar) as type from parquet_schema(${fileLiteral(identity.content)})`,
  );
  return new Set(
    rows
      .filter((row) => /NANOS=Nano/.test(String(row.type)) && /isAdjustedToUTC=(1|true)/i.test(String(row.type)))
      .map((row) => String(row.name)),
  );
}

/** Writers give a column without any value a type of their own choice: there is nothing in it to lose. */
const isAllNull = async (db: DuckDb, source: string, column: string): Promise<boolean> =>
  countOf((await rowOf(db, `select count(${id(column)}) as n from ${source}`)).n) === 0;
