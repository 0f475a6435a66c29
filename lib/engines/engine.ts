/** A value as an engine gives it, made plain: integers are bigint, decimals, dates and times are text. */
export type Value = string | number | bigint | boolean | null | Value[] | { [key: string]: Value };

/** One row by column name, in select order. */
export type Row = Record<string, Value>;

/** Rows with the engine's own names and types of their columns. */
export interface Result {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
}

/** A result whose rows come in batches, so that it need not fit into memory. */
export interface Stream {
  readonly columns: Result['columns'];
  readonly batches: AsyncIterable<readonly Row[]>;
}

/** What runs SQL. Statements run one after another; an error leaves the engine usable. */
export interface Engine {
  /** Runs a statement for its effect. */
  run(sql: string): Promise<void>;
  /** Runs a query and gives all of its rows. */
  query(sql: string): Promise<Result>;
  close(): void;
}

/** An engine refused or failed a statement. `statement` is the SQL, for the log; the message is the engine's own. */
export class EngineError extends Error {
  readonly statement: string;

  constructor(statement: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'EngineError';
    this.statement = statement;
  }
}

/** The rows of a query. */
export const rowsOf = async (engine: Engine, sql: string): Promise<readonly Row[]> => (await engine.query(sql)).rows;

/** The one row of a query that always gives one. */
export async function rowOf(engine: Engine, sql: string): Promise<Row> {
  const [row] = await rowsOf(engine, sql);
  if (!row) throw new EngineError(sql, new Error('one row was expected, none came'));
  return row;
}

/** A count out of a row, as a number: exact up to 2^53 rows. */
export const countOf = (value: Value | undefined): number =>
  typeof value === 'bigint' || typeof value === 'number' ? Number(value) : 0;
