import { PGlite, types } from '@electric-sql/pglite';
import { DuckDb, EngineError } from '../../engines/index.ts';
import { bind, quoted } from '../../plan/index.ts';
import { fileLiteral } from '../../run/relation.ts';
import { type Answer, type Cell, instant, type Kind } from '../answer.ts';
import type { ParityEngine, ParityTable } from '../engine.ts';
import { BRIDGES, bridged } from './bridges.ts';
import { copyRows } from './copy-rows.ts';

/** PostgreSQL in this process (PGlite), which reads what is rendered for Redshift, by a few bridges. Text compares by bytes, as in Redshift. */
export class PostgresParity implements ParityEngine {
  readonly name = 'postgres';
  readonly reads = 'redshift';
  readonly version: string;
  readonly #db: PGlite;
  #loads = 0;

  private constructor(db: PGlite, version: string) {
    this.#db = db;
    this.version = version;
  }

  static async start(): Promise<PostgresParity> {
    const db = await PGlite.create();
    const { rows } = await db.query<{ version: string }>('select version() as version');
    for (const { teach } of BRIDGES) if (teach !== undefined) await db.exec(teach);
    const [, version, build] = /^(PostgreSQL [0-9.]+) \((PGlite [^)]+)\)/.exec(rows[0]?.version ?? '') ?? [];
    return new PostgresParity(db, `${version} (${build})`);
  }

  async load(tables: readonly ParityTable[]): Promise<void> {
    this.#loads += 1;
    const schemas = new Set(tables.map(({ name }) => this.#schema(name)));
    await this.#db.exec([...schemas].map((schema) => `create schema ${schema};`).join('\n'));
    const duckdb = await DuckDb.open();
    try {
      for (const table of tables) await this.#fill(table, duckdb);
    } finally {
      duckdb.close();
    }
    await this.#db.exec('analyze');
  }

  async #fill({ name, columns, ddl, file }: ParityTable, duckdb: DuckDb): Promise<void> {
    const relation = this.relation(name);
    await this.#db.exec(bridged(bind(ddl.redshift, { table: () => relation, asOf: null })));
    const names = columns.map((column) => column.name);
    await copyRows({ duckdb, relation: fileLiteral(file) }, { db: this.#db, relation }, names);
  }

  relation(table: string): string {
    return `${this.#schema(table)}.${quoted(table.slice(table.indexOf('.') + 1), 'redshift')}`;
  }

  /** Each load has schemas of its own. */
  #schema(table: string): string {
    return `${table.slice(0, table.indexOf('.'))}_${this.#loads}`;
  }

  async ask(sql: string): Promise<Answer> {
    try {
      const { fields, rows } = await this.#db.query<(Cell | undefined)[]>(bridged(sql), [], {
        rowMode: 'array',
        parsers: AS_TEXT,
      });
      const columns = fields.map(({ name, dataTypeID }) => ({ name, kind: KINDS[dataTypeID] ?? 'text' }));
      return { columns, rows: rows.map((row) => columns.map(({ kind }, place) => cell(row[place] ?? null, kind))) };
    } catch (cause) {
      throw new EngineError(sql, cause);
    }
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}

const KINDS: Readonly<Record<number, Kind>> = {
  [types.INT2]: 'exact',
  [types.INT4]: 'exact',
  [types.INT8]: 'exact',
  [types.NUMERIC]: 'exact',
  [types.FLOAT8]: 'double',
  [types.DATE]: 'date',
  [types.TIMESTAMP]: 'instant',
  [types.BOOL]: 'boolean',
};

const AS_TEXT = Object.fromEntries(Object.keys(KINDS).map((type) => [type, (text: string) => text]));

function cell(text: Cell, kind: Kind): Cell {
  if (text === null) return null;
  if (kind === 'boolean') return text === 't' ? 'true' : 'false';
  return kind === 'instant' ? instant(text) : text;
}
