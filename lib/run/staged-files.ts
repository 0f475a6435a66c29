import type { RawFile } from '../ingest/index.ts';
import { arrivedOn } from './intake.ts';
import { quote } from './ledger.ts';

/** What a file says of all its records: its path, the row id of its first plain line, SQL of the moment from when on they can be known. */
interface FileFacts {
  readonly path: string | null;
  readonly start: number;
  readonly knownFrom: string;
}

/** A file that is not staged (yet, or any more). */
const GONE: FileFacts = { path: null, start: 0, knownFrom: 'null' };

/** From when on a file's rows can be known: the end of the day on which it arrived. */
const knownFrom = (file: RawFile): string => `date ${quote(arrivedOn(file))} + interval 1 day`;

/**
 * The files of a staging area by number, from 1, and what SQL can ask of them. Records carry their file's number; the rest is
 * looked up in lists: a join would be paid by every look at the records, also where nobody asks for it.
 */
export class StagedFiles {
  readonly #files: FileFacts[] = [];

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  /** Gives the next file its number; none of its records shows before `stand`. */
  begin(): number {
    return this.#files.push(GONE);
  }

  /** All of the file is staged; `start` is the row id of its first plain line. */
  stand(number: number, file: RawFile, start: number): void {
    this.#files[number - 1] = { path: file.path, start, knownFrom: knownFrom(file) };
  }

  /** Takes the file's records out of sight. */
  forget(number: number): void {
    this.#files[number - 1] = GONE;
  }

  /** SQL of the path of a record's file; null for a file that was taken back. */
  path(of: string): string {
    return this.#lookup(of, ({ path }) => quote(path));
  }

  /** SQL of the row id of the first plain line of a record's file. */
  start(of: string): string {
    return this.#lookup(of, ({ start }) => String(start));
  }

  /** SQL of the moment from when on a record can be known. */
  knownFrom(of: string): string {
    return this.#lookup(of, (file) => file.knownFrom);
  }

  /** SQL that tells whether a record's file still stands. */
  stands(of: string): string {
    const gone = this.#files.flatMap(({ path }, index) => (path === null ? [index + 1] : []));
    return gone.length === 0 ? 'true' : `${of}._raw_file not in (${gone.join(', ')})`;
  }

  #lookup(of: string, fact: (file: FileFacts) => string): string {
    return `[${this.#files.map(fact).join(', ')}][${of}._raw_file]`;
  }
}
