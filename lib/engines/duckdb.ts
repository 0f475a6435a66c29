import {
  type DuckDBAppender,
  DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  type DuckDBResult,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { type Engine, EngineError, type Result, type Row, type Stream, type Value } from './engine.ts';
import { hasUnnamedFields, nameFieldsOf } from './field-names.ts';
import { interruptible } from './statements.ts';

/** How an embedded database is opened. */
export interface DuckDbOptions {
  /** A database file, or nothing for one in memory. */
  readonly path?: string;
  readonly readOnly?: boolean;
  /** Bound of the engine's own memory, as DuckDB writes it (`2.5GiB`); beyond it, it works on disk. */
  readonly memoryLimit?: string;
  /** Where it works on disk. */
  readonly tempDirectory?: string;
}

/** Plain value of what the driver gives. Times are ISO 8601; a time with a zone is given in UTC with `Z`. */
function plain(value: DuckDBValue): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'bigint')
    return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof DuckDBDecimalValue || value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimestampTZValue) return value.toString().replace(' ', 'T').replace(/\+00$/, 'Z');
  if (value instanceof DuckDBTimestampValue) return value.toString().replace(' ', 'T');
  if (value instanceof DuckDBListValue) return value.items.map(plain);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, plain(entry)]));
  }
  // Timestamps of other precisions, times, blobs and the like, as the engine writes them; a moment is ISO 8601 all the same.
  return String(value).replace(/^(\d{4}-\d\d-\d\d) (\d\d:)/, '$1T$2');
}

/** Name of the scratch database: what one connection writes there, the others see at once. */
export const SCRATCH = 'scratch';

const named = (names: readonly string[], row: readonly DuckDBValue[]): Row =>
  Object.fromEntries(names.map((name, index) => [name, plain(row[index] ?? null)]));

/** What the engine calls errors of values; others are about the statement, or about memory, disks and itself. */
const OF_VALUES = /^(Out of Range|Conversion|Invalid Input|Constraint) Error: /;

/** Whether a statement failed because of a value that it met: an overflow, a failed cast, a null that may not be. */
export const isAboutValues = (error: EngineError): boolean => OF_VALUES.test(error.message);

type Work = <T>(sql: string, begin: () => Promise<T>) => Promise<T>;

const columnsOf = (names: readonly string[], result: DuckDBResult) => {
  const types = result.columnTypes();
  return names.map((name, index) => ({ name, type: String(types[index]) }));
};

/** Takes rows from chunks of a result. */
function rowReader(names: readonly string[], result: DuckDBResult): (chunk: DuckDBDataChunk) => Row[] {
  const unnamed = result.columnTypes().some(hasUnnamedFields);
  return (chunk) => {
    if (unnamed) nameFieldsOf(chunk);
    return chunk.getRows().map((row) => named(names, row));
  };
}

async function* batchesOf(
  sql: string,
  names: readonly string[],
  result: DuckDBResult,
  work: Work,
): AsyncGenerator<readonly Row[]> {
  const read = rowReader(names, result);
  for (;;) {
    const chunk = await work(sql, () => result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    yield read(chunk);
  }
}

/** DuckDB in this process: the engine of the laptop, the tests and the validation Lambda. Its session is in UTC. */
export class DuckDb implements Engine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** Bulk writers have a connection of their own, so that they write while a statement runs. */
  #writer: DuckDBConnection | null = null;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** @throws EngineError when the file is held by another process, damaged, or made by a newer engine. */
  static async open(options: DuckDbOptions = {}): Promise<DuckDb> {
    const path = options.path ?? ':memory:';
    const settings: Record<string, string> = {
      access_mode: options.readOnly ? 'READ_ONLY' : 'AUTOMATIC',
      // What this project proves is the engine it ships: nothing is fetched while it runs.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // Files are for this engine and newer ones: its newer compression of text writes a fifth faster.
      storage_compatibility_version: 'latest',
    };
    if (options.memoryLimit) settings.memory_limit = options.memoryLimit;
    if (options.tempDirectory) settings.temp_directory = options.tempDirectory;
    try {
      const instance = await DuckDBInstance.create(path, settings);
      const connection = await DuckDBConnection.create(instance);
      await connection.run("set timezone = 'UTC'");
      return new DuckDb(instance, connection);
    } catch (cause) {
      throw new EngineError(`open ${path}`, cause);
    }
  }

  async run(sql: string): Promise<void> {
    await this.#work(sql, () => this.#connection.run(sql));
  }

  /** Runs a query whose rows are read as they come. Nothing else may run before they are all read. */
  async stream(sql: string): Promise<Stream> {
    const result = await this.#work(sql, () => this.#connection.stream(sql));
    const names = result.deduplicatedColumnNames();
    return { columns: columnsOf(names, result), batches: batchesOf(sql, names, result, this.#work) };
  }

  async query(sql: string): Promise<Result> {
    const [result, chunks] = await this.#work(sql, async () => {
      const whole = await this.#connection.run(sql);
      return [whole, await whole.fetchAllChunks()] as const;
    });
    const names = result.deduplicatedColumnNames();
    return { columns: columnsOf(names, result), rows: chunks.flatMap(rowReader(names, result)) };
  }

  /** Adds a database in memory, called `SCRATCH`, that ends with this one; it takes writing even where this one does not. */
  async attachScratch(): Promise<void> {
    await this.run(`attach if not exists ':memory:' as ${SCRATCH} (read_write)`);
  }

  /** Opens a bulk writer on a table of the scratch database; rows count once it is closed. Other statements may run meanwhile. */
  async append(table: string): Promise<DuckDBAppender> {
    this.#writer ??= await DuckDBConnection.create(this.#instance);
    return this.#writer.createAppender(table, 'main', SCRATCH);
  }

  /** Does what a signal may end. @throws EngineError */
  readonly #work: Work = async (sql, begin) => {
    try {
      return await interruptible(() => this.#connection.interrupt(), begin);
    } catch (cause) {
      throw new EngineError(sql, cause);
    }
  };

  close(): void {
    this.#writer?.closeSync();
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
