import { type ColumnType, typeName } from '../contract/index.ts';
import { countOf, type DuckDb, EngineError, isAboutValues, rowOf, rowsOf } from '../engines/index.ts';
import { quoted, type Select, type TablePlan } from '../plan/index.ts';
import { quote } from './ledger.ts';
import { bindLocal, columnList, relationOf } from './relation.ts';

/** A table made by its select. */
export type BuiltTable = TablePlan & { readonly making: Select };

const sourceOf = ({ making }: BuiltTable): string => (making.file === null ? 'made of events' : `sql/${making.file}`);

/** A model does not give what its contract promises; nothing was published. */
export class ModelError extends Error {
  constructor(table: BuiltTable, problem: string, cause?: unknown) {
    super(`${table.name} (${sourceOf(table)}): ${problem}`, cause === undefined ? {} : { cause });
    this.name = 'ModelError';
  }
}

/** A model cannot be computed from the rows that there are: some value is beyond what its select can work with. */
export class ValueError extends ModelError {
  /** Why its table is held. */
  readonly because: string;

  constructor(table: BuiltTable, cause: EngineError) {
    super(table, cause.message, cause);
    this.name = 'ValueError';
    // Numbers help to find the row; texts may be somebody's name.
    const says = cause.message.split('\n', 1)[0]?.replaceAll(/'[^']*'/g, "'…'");
    this.because = `${sourceOf(table)} fails on a value, its last good version stands: ${says}`;
  }
}

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UBIGINT', 'HUGEINT']);

/** Whether what the engine computed can stand in a column of that type without losing a digit. Widths are judged by the engine as it stores. */
function fits(found: string, type: ColumnType): boolean {
  switch (type.kind) {
    case 'text':
      return found === 'VARCHAR';
    case 'integer':
      return INTEGERS.has(found);
    case 'decimal': {
      const scale = /^DECIMAL\(\d+,(\d+)\)$/.exec(found)?.[1];
      return INTEGERS.has(found) || (scale !== undefined && Number(scale) <= type.scale);
    }
    case 'date':
      return found === 'DATE';
    case 'instant':
      return found === 'TIMESTAMP';
    case 'boolean':
      return found === 'BOOLEAN';
  }
}

/**
 * Computes a table's rows for each as-of date into a temporary table of the contract's types: what cannot stand there shows now.
 * @returns the temporary relation.
 * @throws ValueError, with nothing left behind; ModelError
 */
export async function buildNext(
  db: DuckDb,
  table: BuiltTable,
  asOfs: readonly string[],
  instead: ReadonlyMap<string, string>,
): Promise<string> {
  const next = quoted(`next_${table.name}`, 'duckdb');
  try {
    for (const [index, asOf] of asOfs.entries()) {
      const select = `select ${columnList(table)} from (${bindLocal(table.making.select.duckdb, asOf, instead)}\n) as answer`;
      if (index === 0) {
        await refuseMisfits(db, table, select);
        const ddl = bindLocal(table.ddl.duckdb, null, new Map([[table.name, next]]));
        await db.run(ddl.replace('create table', 'create temp table'));
      }
      await db.run(`insert into ${next} ${select}`);
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    await db.run(`drop table if exists ${next}`);
    throw isAboutValues(error) ? new ValueError(table, error) : new ModelError(table, error.message, error);
  }
  return next;
}

/** Holds the types of an answer against the contract: storing it would round or guess. @throws ModelError */
async function refuseMisfits(db: DuckDb, table: BuiltTable, select: string): Promise<void> {
  const found = await rowsOf(db, `describe ${select}`);
  for (const column of table.columns) {
    const type = String(found.find((row) => row.column_name === column.name)?.column_type);
    if (type !== '"NULL"' && !fits(type, column.type)) {
      throw new ModelError(
        table,
        `${column.name} comes out as ${type.toLowerCase()}, the contract says ${typeName(column.type)}: cast it in the select`,
      );
    }
  }
}

/**
 * The column that holds the as-of date in a table with a row (or several) per as-of date: the one date in its key.
 * Null where there is no such column.
 */
export function asOfColumn(table: TablePlan): string | null {
  if (table.making.kind !== 'select' || !table.making.takesAsOf) return null;
  const dates = table.columns.filter(({ name, type }) => type.kind === 'date' && table.grain.includes(name));
  const [only] = dates;
  return dates.length === 1 && only ? only.name : null;
}

/** Stored rows that a table's next rows leave in place: other keys, and other as-of dates, since the answer for a date is whole. */
function staying(table: BuiltTable, next: string, asOf: string): string {
  const sameKey = table.grain
    .map((column) => `t.${quoted(column, 'duckdb')} = n.${quoted(column, 'duckdb')}`)
    .join(' and ');
  const column = asOfColumn(table);
  const otherDate = column === null ? '' : ` and t.${quoted(column, 'duckdb')} <> date ${quote(asOf)}`;
  return `not exists (select 1 from ${next} as n where ${sameKey})${otherDate}`;
}

/** Whether a build gives all rows of the table: only an answer per as-of date is merged into earlier ones. */
const isMadeWhole = ({ write }: BuiltTable): boolean => write.kind !== 'merge';

/** A table as it would be with its next rows. */
export function afterBuild(table: BuiltTable, next: string, asOf: string): string {
  if (isMadeWhole(table)) return next;
  const columns = columnList(table);
  return `(select ${columns} from ${relationOf(table.name)} as t where ${staying(table, next, asOf)} union all select ${columns} from ${next})`;
}

/** Publishes a table's next rows inside the run's transaction; `fresh` makes the table anew. */
export async function publishBuild(
  db: DuckDb,
  table: BuiltTable,
  next: string,
  asOf: string,
  fresh: boolean,
): Promise<void> {
  const target = relationOf(table.name);
  try {
    if (fresh || isMadeWhole(table)) {
      await db.run(`drop table if exists ${target}`);
      await db.run(bindLocal(table.ddl.duckdb, null));
    } else await db.run(`delete from ${target} as t where not (${staying(table, next, asOf)})`);
    await db.run(`insert into ${target} (${columnList(table)}) select ${columnList(table)} from ${next}`);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new ModelError(table, error.message, error);
  }
}

/** The rows of a table of the lake. */
export const rowCount = async (db: DuckDb, name: string): Promise<number> =>
  countOf((await rowOf(db, `select count(*) as n from ${relationOf(name)}`)).n);
