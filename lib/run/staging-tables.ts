import { countOf, type DuckDb, rowOf, SCRATCH } from '../engines/index.ts';
import { type Load, quoted, sqlType, type TablePlan } from '../plan/index.ts';

/** A table that is loaded from raw records. */
export type LoadedTable = TablePlan & { readonly making: Load };

/** The tables that hold typed records: of plain lines, whose row ids number them, and of what the splitter took. */
export const PARTS = ['plain', 'split'] as const;
export type Part = (typeof PARTS)[number];

const id = (name: string): string => quoted(name, 'duckdb');

/** The temporary tables behind a staging area, and the one statement that types records into them. */
export class StagingTables {
  readonly db: DuckDb;
  readonly table: LoadedTable;
  readonly #name: string;

  constructor(db: DuckDb, table: LoadedTable) {
    this.db = db;
    this.table = table;
    this.#name = table.name.replace('.', '_');
  }

  get isLenient(): boolean {
    return this.table.columns.some((column) => column.lenient);
  }

  /** The engine's name of a table of typed records, or of the view over them. */
  typed(name: Part | 'aside' | 'refused' | 'staged'): string {
    return id(this.written(name));
  }

  /** The engine's name of a table that the bulk writers fill while the engine is at work: records as text, and what is no record. */
  scratch(name: 'text' | 'broken'): string {
    return `${SCRATCH}.${id(this.written(name))}`;
  }

  /** A table's bare name, as the bulk writers take it. */
  written(name: string): string {
    return `${name}_${this.#name}`;
  }

  async create(): Promise<void> {
    const { columns } = this.table;
    const typed = columns.map((column) => `${id(column.name)} ${sqlType(column.type, 'duckdb')}`).join(', ');
    const raw = columns.map((column) => `${id(`raw_${column.name}`)} varchar`).join(', ');
    const refused = this.isLenient ? ', _refused varchar' : '';
    for (const part of PARTS) {
      await this.db.run(
        `create temp table ${this.typed(part)} (_raw_file integer, ${typed}, _faults varchar, _raw varchar, _at bigint${refused})`,
      );
    }
    await this.db.attachScratch();
    await this.db.run(`create table ${this.scratch('text')} (_raw_file integer, _at bigint, _fault varchar, ${raw})`);
    await this.db.run(
      `create table ${this.scratch('broken')} (_raw_file integer, _at bigint, code varchar, detail varchar, _raw varchar)`,
    );
  }

  /** Types records (a relation of `raw_` columns, `_fault` and `_at`) into a part; `file` is SQL of their file's number. */
  async conform(into: Part, file: string, records: string): Promise<void> {
    const { columns, making } = this.table;
    const list = [...columns.map((column) => id(column.name)), ...(this.isLenient ? ['_refused'] : [])].join(', ');
    const select = making.conform.duckdb.replace('{{records}}', () => records).replace('{{file}}', () => file);
    await this.db.run(
      `insert into ${this.typed(into)} (_raw_file, ${list}, _faults, _raw, _at) select _raw_file, ${list}, _faults, _raw, _at from (${select})`,
    );
  }

  async count(part: Part): Promise<number> {
    return countOf((await rowOf(this.db, `select count(*) as n from ${this.typed(part)}`)).n);
  }

  async drop(): Promise<void> {
    await this.db.run(`drop view if exists ${this.typed('staged')}`);
    for (const name of [...PARTS, 'aside', 'refused'] as const)
      await this.db.run(`drop table if exists ${this.typed(name)}`);
    for (const name of ['text', 'broken'] as const) await this.db.run(`drop table if exists ${this.scratch(name)}`);
  }
}
