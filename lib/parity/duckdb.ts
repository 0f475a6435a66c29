import { DuckDb, type Row, type Value } from '../engines/index.ts';
import { bind, quoted } from '../plan/index.ts';
import { fileLiteral, relationOf } from '../run/relation.ts';
import { type Answer, type Cell, instant, type Kind } from './answer.ts';
import type { ParityEngine, ParityTable } from './engine.ts';

/** DuckDB in this process, which the other engines are held to. */
export class DuckDbParity implements ParityEngine {
  readonly name = 'duckdb';
  readonly reads = 'duckdb';
  readonly version: string;
  readonly #db: DuckDb;

  private constructor(db: DuckDb, version: string) {
    this.#db = db;
    this.version = `DuckDB ${version}`;
  }

  static async start(): Promise<DuckDbParity> {
    const db = await DuckDb.open();
    const { rows } = await db.query('select version() as version');
    return new DuckDbParity(db, String(rows[0]?.version).replace(/^v/, ''));
  }

  async load(tables: readonly ParityTable[]): Promise<void> {
    const schemas = new Set(tables.map(({ name }) => name.slice(0, name.indexOf('.'))));
    for (const schema of schemas) {
      await this.#db.run(`drop schema if exists ${schema} cascade`);
      await this.#db.run(`create schema ${schema}`);
    }
    for (const { name, columns, ddl, file } of tables) {
      await this.#db.run(bind(ddl.duckdb, { table: relationOf, asOf: null }));
      const list = columns.map((column) => quoted(column.name, 'duckdb')).join(', ');
      await this.#db.run(`insert into ${relationOf(name)} (${list}) select ${list} from ${fileLiteral(file)}`);
    }
  }

  relation(table: string): string {
    return relationOf(table);
  }

  async ask(sql: string): Promise<Answer> {
    const { columns, rows } = await this.#db.query(sql);
    const kinds = columns.map(({ type }) => kindOf(type));
    return {
      columns: columns.map(({ name }, place) => ({ name, kind: kinds[place] ?? 'text' })),
      rows: rows.map((row: Row) => columns.map(({ name }, place) => cell(row[name], kinds[place] ?? 'text'))),
    };
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}

const KINDS: Readonly<Record<string, Kind>> = {
  VARCHAR: 'text',
  DOUBLE: 'double',
  DATE: 'date',
  TIMESTAMP: 'instant',
  BOOLEAN: 'boolean',
};

const kindOf = (type: string): Kind =>
  /^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|DECIMAL)/.test(type) ? 'exact' : (KINDS[type] ?? 'text');

function cell(value: Value | undefined, kind: Kind): Cell {
  if (value === null || value === undefined) return null;
  return kind === 'instant' ? instant(String(value)) : String(value);
}
