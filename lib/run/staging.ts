import { rmSync } from 'node:fs';
import { countOf, type DuckDb, rowOf, SCRATCH } from '../engines/index.ts';
import {
  type CsvRead,
  type DocumentFormat,
  type Identity,
  type RawFile,
  type RecordSink,
  RefusedFile,
  readCsv,
  readDocument,
} from '../ingest/index.ts';
import { type ColumnPlan, type Load, quoted, sqlType, type TablePlan } from '../plan/index.ts';
import { arrivedOn } from './intake.ts';
import { quote } from './ledger.ts';
import { parquetRecords } from './parquet.ts';
import { fileLiteral } from './relation.ts';

/** A file whose records are staged. */
export interface StagedFile {
  /** Number of the file within the run. */
  readonly number: number;
  readonly file: RawFile;
  readonly identity: Identity;
  /** Records of any fate. */
  readonly records: number;
  /** Columns that the contract does not know. */
  readonly extra: readonly string[];
}

/** What a file holds: records of any fate, and columns that the contract does not know. */
type Found = Pick<StagedFile, 'records' | 'extra'>;

/** A file whose bytes were passed: what the splitter took is staged, what the engine reads is still to come. */
export interface ScannedFile extends Pick<StagedFile, 'number' | 'file' | 'identity'> {
  /** Lets the engine read its part. */
  readonly finish: () => Promise<Found>;
}

/** A table that is loaded from raw records. */
export type LoadedTable = TablePlan & { readonly making: Load };

const id = (name: string): string => quoted(name, 'duckdb');

/** From when on a file's rows can be known: the end of the day on which it arrived. */
const knownFrom = (file: RawFile): string => `date ${quote(arrivedOn(file))} + interval 1 day`;

/** What a file says of all its records: its path, the row id of its first plain line, SQL of the moment from when on they can be known. */
interface FileFacts {
  readonly path: string | null;
  readonly start: number;
  readonly knownFrom: string;
}

/** A file that is not staged (yet, or any more). */
const GONE: FileFacts = { path: null, start: 0, knownFrom: 'null' };

/**
 * The records of one raw dataset on their way into its table: temporary tables outside of any transaction, so that a bad
 * file costs nothing. `relation` shows them typed, with file, number and faults; nothing is judged against the lake yet.
 *
 * Lines that the byte pass proved plain are read by the engine into one table, whose row ids give the record numbers;
 * what the splitter took carries its number with it.
 */
export class Staging {
  readonly table: LoadedTable;
  /** Relation with the contract's columns, provenance, `_faults`, `_raw`; there once `finish` was called. */
  readonly relation: string;
  readonly #db: DuckDb;
  readonly #scratch: string;
  readonly #name: string;
  #plainRows = 0;
  /** By number, from 1; a path stands once all of its file is staged. */
  readonly #files: FileFacts[] = [];

  /** Costs nothing until the first file is read. */
  constructor(db: DuckDb, table: LoadedTable, scratch: string) {
    this.table = table;
    this.#db = db;
    this.#scratch = scratch;
    this.#name = table.name.replace('.', '_');
    this.relation = id(`staged_${this.#name}`);
  }

  async #begin(): Promise<void> {
    const { table } = this;
    const typed = table.columns.map((column) => `${id(column.name)} ${sqlType(column.type, 'duckdb')}`).join(', ');
    const raw = table.columns.map((column) => `${id(`raw_${column.name}`)} varchar`).join(', ');
    const refused = this.#isLenient ? ', _refused varchar' : '';
    const rows = `(_file integer, ${typed}, _faults varchar, _raw varchar, _at bigint${refused})`;
    await this.#db.run(`create temp table ${this.#t('plain')} ${rows}`);
    await this.#db.run(`create temp table ${this.#t('split')} ${rows}`);
    await this.#db.attachScratch();
    await this.#db.run(`create table ${this.#s('text')} (_file integer, _at bigint, _fault varchar, ${raw})`);
    await this.#db.run(
      `create table ${this.#s('broken')} (_file integer, _at bigint, code varchar, detail varchar, _raw varchar)`,
    );
  }

  /**
   * The records of one of the two tables, with the path of their file and their number in it. What a file says is looked up in a list,
   * by the file's number: a join would be paid by every look at the records, also where nobody asks for them.
   */
  #rowsOf(part: Part, rest: string, more = ''): string {
    const columns = this.table.columns.map((column) => `s.${id(column.name)}`).join(', ');
    const starts = `[${this.#files.map(({ start }) => start).join(', ')}]`;
    const record = part === 'plain' ? `s.rowid - ${starts}[s._file] + 1` : 's._at';
    const knownFrom = `[${this.#files.map((file) => file.knownFrom).join(', ')}][s._file]`;
    return `select ${columns}, s._faults, s._raw, ${this.#path('s')} as _file, ${record} as _record, ${knownFrom} as _known_from${more} from ${this.#t(part)} as s ${rest}`;
  }

  /** The path of a record's file, which is null for a file that was taken back. */
  #path(of: string): string {
    return `[${this.#files.map(({ path }) => quote(path)).join(', ')}][${of}._file]`;
  }

  /** Whether a record's file still stands. */
  #stands(of: string): string {
    const gone = this.#files.flatMap(({ path }, index) => (path === null ? [index + 1] : []));
    return gone.length === 0 ? 'true' : `${of}._file not in (${gone.join(', ')})`;
  }

  #t(part: string): string {
    return id(`${part}_${this.#name}`);
  }

  /** A table that the bulk writers fill while the engine is at work. */
  #s(part: string): string {
    return `${SCRATCH}.${this.#t(part)}`;
  }

  /** Records that are not even records (ragged, bad quotes, bad bytes): `_file`, `_record`, `code`, `detail`, `_raw`. */
  get broken(): string {
    return `(select ${this.#path('b')} as _file, b._at as _record, b.code, b.detail, b._raw from ${this.#s('broken')} as b where ${this.#stands('b')})`;
  }

  get #isLenient(): boolean {
    return this.table.columns.some((column) => column.lenient);
  }

  /** Fields refused by themselves in records that count: `_file`, `_record`, `code`, `value`, `_time`; null where no column is lenient. */
  get refused(): string | null {
    return this.#isLenient ? this.#t('refused') : null;
  }

  /** Reads a file's records into the staging area. @throws RefusedFile: then nothing of it is staged. */
  async read(file: RawFile, identity: Identity): Promise<StagedFile> {
    return this.store(await this.scan(file, identity));
  }

  /** The first half of `read`: passes over the bytes. May run while the engine stores another file. @throws RefusedFile */
  async scan(file: RawFile, identity: Identity): Promise<ScannedFile> {
    if (this.#files.length === 0) await this.#begin();
    const number = this.#files.push(GONE);
    return { number, file, identity, finish: await this.#scanAs(file, identity, number) };
  }

  /** The other half of `read`, one file at a time. @throws RefusedFile */
  async store({ number, file, identity, finish }: ScannedFile): Promise<StagedFile> {
    const start = this.#plainRows;
    const { records, extra } = await finish();
    this.#files[number - 1] = { path: file.path, start, knownFrom: knownFrom(file) };
    return { number, file, identity, records, extra };
  }

  /** Takes a staged file back: it changed while it was read. */
  forget({ number }: StagedFile): void {
    this.#files[number - 1] = GONE;
  }

  /**
   * Takes the good records with contested keys out of `relation`, whose row ids stay as they are.
   * @returns the relation that has them now: the contract's columns, `_file`, `_record`.
   */
  readonly setAside = async (contested: string): Promise<string> => {
    const sameKey = this.table.grain.map((column) => `c.${id(column)} = s.${id(column)}`).join(' and ');
    const rows = PARTS.map((part) =>
      this.#rowsOf(part, `semi join ${contested} as c on ${sameKey} where s._faults is null and ${this.#stands('s')}`),
    );
    const good = `select * exclude (_faults, _raw) from (${rows.join('\nunion all\n')})`;
    await this.#db.run(`create temp table ${this.#t('aside')} as ${good}`);
    for (const part of PARTS)
      await this.#db.run(
        `delete from ${this.#t(part)} as s using ${contested} as c where ${sameKey} and s._faults is null`,
      );
    return this.#t('aside');
  };

  /** Types what the splitter took and shows everything in `relation`. To be called once, after the last file. */
  async finish(): Promise<void> {
    if (this.#files.length === 0) return;
    await this.#conform(this.#t('split'), '_file', this.#s('text'));
    await this.#db.run(`drop table ${this.#s('text')}`);
    const split = countOf((await rowOf(this.#db, `select count(*) as n from ${this.#t('split')}`)).n);
    const stands = this.#stands('s');
    const parts = [
      this.#rowsOf('plain', `where (s._faults is null or not starts_with(s._faults, '${PLACEHOLDER}')) and ${stands}`),
      ...(split > 0 ? [this.#rowsOf('split', `where ${stands}`)] : []),
    ];
    await this.#db.run(`create temp view ${this.relation} as ${parts.join('\nunion all\n')}`);
    if (this.#isLenient) await this.#noteRefused();
  }

  /** Refused fields are listed before anything is set aside. */
  async #noteRefused(): Promise<void> {
    const { eventTime } = this.table.making;
    const time = eventTime === null ? 'cast(null as timestamp)' : `cast(${id(eventTime)} as timestamp)`;
    const rows = PARTS.map((part) =>
      this.#rowsOf(part, `where s._refused is not null and ${this.#stands('s')}`, ', s._refused'),
    );
    await this.#db.run(
      `create temp table ${this.#t('refused')} as
       select _file, _record, code, json_extract_string(_raw, split_part(code, ':', 1)) as value, _time from (
         select _file, _record, _raw, unnest(string_split(_refused, ',')) as code, ${time} as _time
         from (${rows.join('\nunion all\n')}) as r) as f`,
    );
  }

  /** Drops everything staged. */
  async end(): Promise<void> {
    if (this.#files.length === 0) return;
    await this.#db.run(`drop view if exists ${this.relation}`);
    for (const part of [...PARTS, 'aside', 'refused']) await this.#db.run(`drop table if exists ${this.#t(part)}`);
    for (const part of ['text', 'broken']) await this.#db.run(`drop table if exists ${this.#s(part)}`);
  }

  async #conform(into: string, file: string, records: string): Promise<void> {
    const refused = this.#isLenient ? ', _refused' : '';
    const columns = `${this.table.columns.map((column) => id(column.name)).join(', ')}${refused}`;
    const select = this.table.making.conform.duckdb
      .replace('{{records}}', () => records)
      .replace('{{file}}', () => file);
    await this.#db.run(
      `insert into ${into} (_file, ${columns}, _faults, _raw, _at) select _file, ${columns}, _faults, _raw, _at from (${select})`,
    );
  }

  async #scanAs(file: RawFile, identity: Identity, number: number): Promise<ScannedFile['finish']> {
    switch (file.format) {
      case 'csv':
        return this.#scanCsv(file, identity, number);
      case 'jsonl':
      case 'json':
      case 'xml':
      case 'log': {
        const found = await this.#scanDocument(file, file.format, identity, number);
        return async () => found;
      }
      case 'parquet':
        return () => this.#readParquet(file, identity, number);
    }
  }

  async #scanCsv(file: RawFile, identity: Identity, number: number): Promise<ScannedFile['finish']> {
    let order: number[] = [];
    let extra: readonly string[] = [];
    const checkHeader = (header: readonly string[]) => {
      order = this.table.columns.map((column) => header.indexOf(column.path));
      extra = header.filter((name) => !this.table.columns.some((column) => column.path === name));
      refuseMissing(this.table.columns, file.path, header);
    };
    const options = { scratchDir: this.#scratch, checkHeader };
    const read = await this.#withSink(number, (write) =>
      readCsv(identity.content, options, {
        record: (at, fields) =>
          write.row(
            at,
            null,
            order.map((index) => (index < 0 ? null : (fields[index] ?? null))),
          ),
        fault: write.fault,
      }),
    );
    return async () => {
      if (read.plain) await this.#readPlain(read.plain, read, order, number);
      return { records: read.records, extra };
    };
  }

  /** Plain lines go through the engine's parallel reader; what it returns must be as many as were counted. */
  async #readPlain(
    plain: NonNullable<CsvRead['plain']>,
    read: CsvRead,
    order: readonly number[],
    number: number,
  ): Promise<void> {
    const columns = read.header.map((_, index) => `'c${index}': 'VARCHAR'`).join(', ');
    const reader = `read_csv(${fileLiteral(plain.path)}, header = true, auto_detect = false, delim = ',', quote = '', escape = '', new_line = '\\n', hive_partitioning = false, columns = {${columns}})`;
    const raw = this.table.columns.map((column, index) => {
      const at = order[index] ?? -1;
      return `${at < 0 ? 'cast(null as varchar)' : `c${at}`} as ${id(`raw_${column.name}`)}`;
    });
    const fault = plain.placeholders > 0 ? `case when c0 = chr(1) then '${PLACEHOLDER}' end` : 'cast(null as varchar)';
    await this.#conform(
      this.#t('plain'),
      String(number),
      `(select ${raw.join(', ')}, ${fault} as _fault, cast(null as bigint) as _at from ${reader})`,
    );
    if (plain.sanitised) rmSync(plain.path, { force: true });
    const before = this.#plainRows;
    this.#plainRows = countOf((await rowOf(this.#db, `select count(*) as n from ${this.#t('plain')}`)).n);
    if (this.#plainRows - before !== plain.lines) {
      throw new Error(
        `the engine read ${this.#plainRows - before} lines of ${plain.path} where ${plain.lines} were counted`,
      );
    }
  }

  async #scanDocument(file: RawFile, format: DocumentFormat, identity: Identity, number: number): Promise<Found> {
    const columns = this.table.columns.map(({ name, path, type, lenient }) => ({ name, path, type, lenient }));
    return this.#withSink(number, (write) =>
      readDocument(
        format,
        identity.content,
        columns,
        this.table.making.records,
        { path: file.path },
        {
          record: (at, values, faults = []) => {
            // What cannot be taken is kept all the same, for whoever mends the record.
            for (const { column, found } of faults) values[columns.findIndex(({ name }) => name === column)] ??= found;
            write.row(at, faults.map((fault) => `${fault.column}:${fault.code}`).join(',') || null, values);
          },
          fault: write.fault,
        },
      ),
    );
  }

  async #readParquet(file: RawFile, identity: Identity, number: number): Promise<Found> {
    const { relation, records, extra } = await parquetRecords(
      this.#db,
      this.table.columns,
      file,
      identity,
      refuseMissing,
    );
    try {
      await this.#conform(this.#t('split'), String(number), relation);
    } catch (cause) {
      await this.#db.run(`delete from ${this.#t('split')} where _file = ${number}`);
      throw new RefusedFile('corrupt_parquet', file.path, cause instanceof Error ? cause.message : String(cause));
    }
    return { records, extra };
  }

  /** Opens the bulk writers, hands them to a reader, and closes them whatever happens. */
  async #withSink<T>(number: number, read: (write: SinkWriter) => Promise<T>): Promise<T> {
    const text = await this.#db.append(`text_${this.#name}`);
    const broken = await this.#db.append(`broken_${this.#name}`);
    const append = (target: typeof text, value: string | null) =>
      value === null ? target.appendNull() : target.appendVarchar(value);
    try {
      return await read({
        row: (at, fault, values) => {
          text.appendInteger(number);
          text.appendBigInt(BigInt(at));
          append(text, fault);
          for (const value of values) append(text, value === '' ? null : value);
          text.endRow();
        },
        fault: (at, code, detail, raw) => {
          broken.appendInteger(number);
          broken.appendBigInt(BigInt(at));
          broken.appendVarchar(code);
          broken.appendVarchar(detail);
          broken.appendVarchar(raw.replaceAll('\0', '\u2400').slice(0, RAW_KEPT));
          broken.endRow();
        },
      });
    } finally {
      text.closeSync();
      broken.closeSync();
    }
  }
}

/** Marks the line that holds the place of a record which the splitter took. */
const PLACEHOLDER = 'placeholder';

/** The tables that hold typed records: of plain lines, whose row ids number them, and of what the splitter took. */
const PARTS = ['plain', 'split'] as const;
type Part = (typeof PARTS)[number];

/** Characters kept of a record that could not be split; the file has the rest. */
const RAW_KEPT = 2000;

interface SinkWriter {
  row(at: number, fault: string | null, values: readonly (string | null)[]): void;
  readonly fault: RecordSink['fault'];
}

function refuseMissing(columns: readonly ColumnPlan[], path: string, found: readonly string[]): void {
  const missing = columns.filter((column) => !found.includes(column.path));
  const required = missing.filter((column) => !column.nullable).map((column) => column.path);
  if (required.length === 0) return;
  // Without one known name it is no header but the first record: what that says may be personal, so it is not repeated.
  const known = missing.length < columns.length;
  const instead = known ? `found: ${found.join(', ')}` : `found ${found.length} others: is the header missing?`;
  throw new RefusedFile('missing_column', path, `required columns are missing: ${required.join(', ')}; ${instead}`);
}
