import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteWindow } from './byte-window.ts';
import { plainHeader, readHeader } from './csv-header.ts';
import { CsvPass } from './csv-pass.ts';
import { MAX_RECORD_BYTES, type RecordSink } from './record.ts';

/** How a CSV file is read. */
export interface CsvOptions {
  /** The file's name in messages; default: the path that is read. */
  readonly path?: string;
  /** Folder for a sanitised copy; the caller empties it. */
  readonly scratchDir: string;
  /** Files smaller than this go through the splitter alone: a copy and an engine's scan would cost more. Default 1 MiB. */
  readonly splitterBelow?: number;
  /** Default 64 MiB. */
  readonly maxRecordBytes?: number;
  /** Judges the header before any record is read; throws `RefusedFile` to refuse the file. */
  readonly checkHeader?: (header: readonly string[]) => void;
  /** Bytes of one read; for tests. */
  readonly chunkBytes?: number;
}

/** A CSV file of plain lines only, for an engine's fast reader: UTF-8, LF, a header line, no quotes, every line with all fields. */
export interface PlainFile {
  /** The file itself, or the sanitised copy. */
  readonly path: string;
  readonly sanitised: boolean;
  /** Lines after the header. Line `n` (counted from 1 after the header) is record `n`. */
  readonly lines: number;
  /** How many of them only keep a number: their first field is the byte 0x01, all others are empty; the sink has their records. */
  readonly placeholders: number;
}

/** What was read. Every record went to exactly one place: a line of `plain` that is no placeholder, or one call of the sink. */
export interface CsvRead {
  readonly header: readonly string[];
  /** All records, broken ones included. */
  readonly records: number;
  readonly blanks: number;
  /** Null when the sink got every record. */
  readonly plain: PlainFile | null;
  /** Longest line of the plain file in bytes, its header included; 0 without one. */
  readonly longestLine: number;
}

/** The lines of small files are split here: starting an engine's reader costs as much as splitting 1 MiB. */
const SPLITTER_BELOW = 1024 * 1024;

/**
 * Reads a CSV file (decompressed, RFC 4180, UTF-8, with header) into records and faults, in one pass.
 * @throws RefusedFile when the file has no header that can be used.
 */
export async function readCsv(path: string, options: CsvOptions, sink: RecordSink): Promise<CsvRead> {
  const split = (await stat(path)).size < (options.splitterBelow ?? SPLITTER_BELOW);
  const window = await ByteWindow.open(path, options.chunkBytes);
  let pass: CsvPass | null = null;
  try {
    const header = await readHeader(window, options.path ?? path);
    options.checkHeader?.(header.names);
    pass = new CsvPass({
      path,
      copyPath: split ? null : join(options.scratchDir, `${randomUUID()}.plain.csv`),
      names: header.names,
      dataStart: window.offset,
      maxRecordBytes: options.maxRecordBytes ?? MAX_RECORD_BYTES,
      sink,
    });
    if (!header.plain) pass.diverge(window.offset);
    while (!window.done || window.start < window.end) {
      pass.consume(window);
      if (!window.done) await window.more();
    }
    pass.copy?.close();
    return result(path, header.names, header.blanks, split, pass);
  } catch (error) {
    pass?.discard();
    throw error;
  } finally {
    await window.close();
  }
}

function result(path: string, header: readonly string[], blanksBefore: number, split: boolean, pass: CsvPass): CsvRead {
  const { records, placeholders, copy } = pass;
  const counts = { header, records, blanks: pass.blanks + blanksBefore };
  if (split || placeholders === records) {
    pass.discard();
    return { ...counts, plain: null, longestLine: 0 };
  }
  const longestLine = Math.max(pass.longestLine, Buffer.byteLength(plainHeader(header)));
  const plain = { path: copy?.path ?? path, sanitised: copy !== null, lines: records, placeholders };
  return { ...counts, plain, longestLine };
}
