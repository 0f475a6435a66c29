import type { DuckDb } from '../engines/index.ts';
import type { Identity, RawFile } from '../ingest/index.ts';
import { quoted } from '../plan/index.ts';
import { type FinishScan, type Found, PLACEHOLDER, scanFile } from './scan-file.ts';
import { StagedFiles } from './staged-files.ts';
import { type LoadedTable, PARTS, type Part, StagingTables } from './staging-tables.ts';

/** A file whose records are staged. */
export interface StagedFile extends Found {
  /** Number of the file within the run. */
  readonly number: number;
  readonly file: RawFile;
  readonly identity: Identity;
}

/** A file whose bytes were passed: what the splitter took is staged, what the engine reads is still to come. */
export interface ScannedFile extends Pick<StagedFile, 'number' | 'file' | 'identity'> {
  readonly finish: FinishScan;
}

const id = (name: string): string => quoted(name, 'duckdb');

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
  readonly #tables: StagingTables;
  readonly #files = new StagedFiles();

  /** Costs nothing until the first file is read. */
  constructor(db: DuckDb, table: LoadedTable, scratch: string) {
    this.table = table;
    this.#db = db;
    this.#scratch = scratch;
    this.#tables = new StagingTables(db, table);
    this.relation = this.#tables.typed('staged');
  }

  /** Records that are not even records (ragged, bad quotes, bad bytes): `_raw_file`, `_record`, `code`, `detail`, `_raw`. */
  get broken(): string {
    return `(select ${this.#files.path('b')} as _raw_file, b._at as _record, b.code, b.detail, b._raw from ${this.#tables.scratch('broken')} as b where ${this.#files.stands('b')})`;
  }

  /** Fields refused by themselves in records that count: `_raw_file`, `_record`, `code`, `value`, `_time`; null where no column is lenient. */
  get refused(): string | null {
    return this.#tables.isLenient ? this.#tables.typed('refused') : null;
  }

  /** Reads a file's records into the staging area. @throws RefusedFile: then nothing of it is staged. */
  async read(file: RawFile, identity: Identity): Promise<StagedFile> {
    return this.store(await this.scan(file, identity));
  }

  /** The first half of `read`: passes over the bytes. May run while the engine stores another file. @throws RefusedFile */
  async scan(file: RawFile, identity: Identity): Promise<ScannedFile> {
    if (this.#files.isEmpty) await this.#tables.create();
    const number = this.#files.begin();
    const finish = await scanFile({ tables: this.#tables, number, file, identity, scratch: this.#scratch });
    return { number, file, identity, finish };
  }

  /** The other half of `read`, one file at a time. @throws RefusedFile */
  async store({ number, file, identity, finish }: ScannedFile): Promise<StagedFile> {
    const start = await this.#tables.count('plain');
    const found = await finish();
    this.#files.stand(number, file, start);
    return { number, file, identity, ...found };
  }

  /** Takes a staged file back: it changed while it was read. */
  forget({ number }: StagedFile): void {
    this.#files.forget(number);
  }

  /**
   * Takes the good records with contested keys out of `relation`, whose row ids stay as they are.
   * @returns the relation that has them now: the contract's columns, `_raw_file`, `_record`.
   */
  readonly setAside = async (contested: string): Promise<string> => {
    const sameKey = this.table.grain.map((column) => `c.${id(column)} = s.${id(column)}`).join(' and ');
    const rows = PARTS.map((part) =>
      this.#rowsOf(
        part,
        `semi join ${contested} as c on ${sameKey} where s._faults is null and ${this.#files.stands('s')}`,
      ),
    );
    const good = `select * exclude (_faults, _raw) from (${rows.join('\nunion all\n')})`;
    const aside = this.#tables.typed('aside');
    await this.#db.run(`create temp table ${aside} as ${good}`);
    for (const part of PARTS)
      await this.#db.run(
        `delete from ${this.#tables.typed(part)} as s using ${contested} as c where ${sameKey} and s._faults is null`,
      );
    return aside;
  };

  /** Types what the splitter took and shows everything in `relation`. To be called once, after the last file. */
  async finish(): Promise<void> {
    if (this.#files.isEmpty) return;
    const text = this.#tables.scratch('text');
    await this.#tables.conform('split', '_raw_file', text);
    await this.#db.run(`drop table ${text}`);
    const stands = this.#files.stands('s');
    const plain = `where (s._faults is null or not starts_with(s._faults, '${PLACEHOLDER}')) and ${stands}`;
    const parts = [
      this.#rowsOf('plain', plain),
      ...((await this.#tables.count('split')) > 0 ? [this.#rowsOf('split', `where ${stands}`)] : []),
    ];
    await this.#db.run(`create temp view ${this.relation} as ${parts.join('\nunion all\n')}`);
    if (this.#tables.isLenient) await this.#noteRefused();
  }

  /** Drops everything staged. */
  async end(): Promise<void> {
    if (!this.#files.isEmpty) await this.#tables.drop();
  }

  /** The records of one of the two tables, with the path of their file and their number in it. */
  #rowsOf(part: Part, rest: string, more = ''): string {
    const columns = this.table.columns.map((column) => `s.${id(column.name)}`).join(', ');
    const record = part === 'plain' ? `s.rowid - ${this.#files.start('s')} + 1` : 's._at';
    return `select ${columns}, s._faults, s._raw, ${this.#files.path('s')} as _raw_file, ${record} as _record, ${this.#files.knownFrom('s')} as _known_from${more} from ${this.#tables.typed(part)} as s ${rest}`;
  }

  /** Refused fields are listed before anything is set aside. */
  async #noteRefused(): Promise<void> {
    const { eventTime } = this.table.making;
    const time = eventTime === null ? 'cast(null as timestamp)' : `cast(${id(eventTime)} as timestamp)`;
    const rows = PARTS.map((part) =>
      this.#rowsOf(part, `where s._refused is not null and ${this.#files.stands('s')}`, ', s._refused'),
    );
    await this.#db.run(
      `create temp table ${this.#tables.typed('refused')} as
       select _raw_file, _record, code, json_extract_string(_raw, split_part(code, ':', 1)) as value, _time from (
         select _raw_file, _record, _raw, unnest(string_split(_refused, ',')) as code, ${time} as _time
         from (${rows.join('\nunion all\n')}) as r) as f`,
    );
  }
}
