import type { RecordSink } from '../ingest/index.ts';
import type { StagingTables } from './staging-tables.ts';

/** Writes what a splitter finds in one file. */
export interface RecordWriter {
  /** A record: its number, what the splitter has against its values, and these as text in contract order. */
  row(at: number, fault: string | null, values: readonly (string | null)[]): void;
  /** What is no record. */
  readonly fault: RecordSink['fault'];
}

/** Characters kept of a record that could not be split; the file has the rest. */
const RAW_KEPT = 2000;

/** Opens the bulk writers for a file, hands them to a reader, and closes them whatever happens. */
export async function withWriter<T>(
  tables: StagingTables,
  number: number,
  read: (write: RecordWriter) => Promise<T>,
): Promise<T> {
  const text = await tables.db.append(tables.written('text'));
  const broken = await tables.db.append(tables.written('broken'));
  const append = (value: string | null) => (value === null ? text.appendNull() : text.appendVarchar(value));
  try {
    return await read({
      row: (at, fault, values) => {
        text.appendInteger(number);
        text.appendBigInt(BigInt(at));
        append(fault);
        for (const value of values) append(value === '' ? null : value);
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
