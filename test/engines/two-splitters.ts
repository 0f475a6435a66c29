import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { RecordsIn } from '../../lib/contract/index.ts';
import {
  type ColumnFault,
  identify,
  type JsonColumn,
  type RawFormat,
  type RecordSink,
  RefusedFile,
  rawFileAt,
  readCsv,
  readDocument,
} from '../../lib/ingest/index.ts';
import { findPython } from '../../lib/tools/find-python.ts';

/** Bytes to split, and how. */
export interface SplitCase {
  /** Its ending says the format. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Null: a CSV file, all columns of its header. */
  readonly columns: readonly JsonColumn[] | null;
  readonly recordsIn?: RecordsIn | null;
  readonly maxRecordBytes?: number;
  readonly chunkBytes?: number;
}

/** A file that was taken: its records and faults, and the figures of it. */
export interface Taken {
  readonly header: readonly string[] | null;
  readonly records: readonly { number: number; fields: (string | null)[]; faults: readonly ColumnFault[] }[];
  readonly faults: readonly { number: number; code: string; detail: string; raw: string }[];
  readonly read: number;
  readonly blanks: number;
  readonly extra: readonly string[];
  readonly sha256: string;
  readonly bytes: number;
}

/** All that a splitter says of a file. How the words go over gzip or XML that is broken is the parser's affair. */
type Split = Taken | { readonly refused: string; readonly detail: string | null };

const refusal = (refused: string, detail: string): Split => ({
  refused,
  detail: /^(corrupt_gzip|invalid_xml)$/.test(refused) ? null : detail,
});

/** Bad halves of characters become U+FFFD, as in every file that is written. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** What the TypeScript splitter makes of a case. */
export async function splitHere(one: SplitCase): Promise<Split> {
  const dir = mkdtempSync(join(tmpdir(), 'split-'));
  try {
    writeFileSync(join(dir, one.name), one.bytes);
    const file = await rawFileAt(join(dir, '..'), `${dir.slice(tmpdir().length + 1)}/${one.name}`);
    if (file === null) throw new Error(`${one.name} is no raw file`);
    const { sha256, bytes, content } = await identify(file, join(dir, 'scratch'));
    return { ...(await readHere(one, file.format, content, dir)), sha256, bytes };
  } catch (error) {
    if (error instanceof RefusedFile) return refusal(error.code, error.detail);
    throw error;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function readHere(
  one: SplitCase,
  format: RawFormat,
  content: string,
  dir: string,
): Promise<Omit<Taken, 'sha256' | 'bytes'>> {
  const records: Taken['records'][number][] = [];
  const faults: Taken['faults'][number][] = [];
  const sink: RecordSink = {
    record: (number, fields, found = []) =>
      records.push({
        number,
        fields,
        faults: found.map((fault) => ({
          ...fault,
          detail: wellFormed(fault.detail),
          found: wellFormed(fault.found),
        })),
      }),
    fault: (number, code, detail, raw) => faults.push({ number, code, detail, raw: wellFormed(raw) }),
  };
  const options = { path: `corpus/${one.name}`, ...bounds(one) };
  if (one.columns === null) {
    const read = await readCsv(content, { ...options, scratchDir: dir, splitterBelow: Number.POSITIVE_INFINITY }, sink);
    return { header: read.header, records, faults, read: read.records, blanks: read.blanks, extra: [] };
  }
  if (format === 'csv' || format === 'parquet') throw new Error(`${one.name} has no columns of its own`);
  const read = await readDocument(format, content, one.columns, one.recordsIn ?? null, options, sink);
  return { header: null, records, faults, read: read.records, blanks: read.blanks, extra: read.extra };
}

const bounds = ({ maxRecordBytes, chunkBytes }: SplitCase) => ({
  ...(maxRecordBytes === undefined ? {} : { maxRecordBytes }),
  ...(chunkBytes === undefined ? {} : { chunkBytes }),
});

/** The Python splitter, in one process that answers one case after the other. */
export class SplitterThere {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  private constructor(python: string) {
    const here = new URL('.', import.meta.url).pathname;
    const scripts = new URL('../../glue-scripts', import.meta.url).pathname;
    const child = spawn(python, [join(here, 'split_cases.py')], {
      env: { ...process.env, PYTHONPATH: scripts, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    this.#reader = createInterface({ input: child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  static async start(): Promise<SplitterThere> {
    return new SplitterThere((await findPython()).executable);
  }

  /** What the Python splitter makes of a case. */
  async split({ name, bytes, columns, recordsIn = null, maxRecordBytes, chunkBytes }: SplitCase): Promise<Split> {
    const limits = {
      ...(maxRecordBytes === undefined ? {} : { max_record_bytes: maxRecordBytes }),
      ...(chunkBytes === undefined ? {} : { chunk_bytes: chunkBytes }),
    };
    const found = await this.#ask({ name, bytes: bytes.toString('base64'), columns, recordsIn, limits });
    return 'refused' in found ? refusal(found.refused, found.detail) : found;
  }

  /** What the Python splitter makes of paths: raw files, or why they are left alone. */
  rawFiles(paths: readonly string[]): Promise<unknown[]> {
    return this.#ask({ paths });
  }

  /** What the Python splitter finds below a folder: why it is left alone, null for files to read. */
  listed(folder: string): Promise<Record<string, string | null>> {
    return this.#ask({ folder });
  }

  async #ask(question: object) {
    this.#process.stdin?.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the Python splitter has ended');
    return JSON.parse(value);
  }

  /** Ends the process. */
  end(): void {
    this.#process.stdin?.end();
    this.#reader.close();
  }
}
