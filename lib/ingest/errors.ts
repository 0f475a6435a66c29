/** Why a whole file was refused: stable words that the ledger and the corpus use. */
export type RefusalCode =
  | 'unreadable'
  | 'corrupt_gzip'
  | 'bomb'
  | 'not_utf8'
  | 'corrupt_parquet'
  | 'empty_file'
  | 'broken_header'
  | 'duplicate_header'
  | 'missing_column'
  | 'column_type'
  | 'invalid_json'
  | 'too_large'
  | 'invalid_xml'
  | 'doctype'
  | 'too_deep'
  | 'wrong_root'
  | 'no_records'
  | 'late_head'
  | 'no_record_element';

/** A file that is refused whole: none of its records is taken, and nobody else loses one. */
export class RefusedFile extends Error {
  override readonly name = 'RefusedFile';
  readonly code: RefusalCode;
  readonly path: string;
  readonly detail: string;

  constructor(code: RefusalCode, path: string, detail: string, cause?: unknown) {
    super(`${path}: refused (${code}): ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.detail = detail;
  }
}

/** A file that changed while it was looked at: left alone in this run, taken by the next one. */
export class StillGrowing extends Error {
  override readonly name = 'StillGrowing';
  readonly path: string;
  readonly detail: string;

  constructor(path: string, detail: string) {
    super(`${path}: still being written (${detail}); it is left alone now, the next run takes it`);
    this.path = path;
    this.detail = detail;
  }
}

/** A folder of the raw zone that cannot be listed: the run must stop, since it would lose its files silently. */
export class UnreadableFolder extends Error {
  override readonly name = 'UnreadableFolder';
  readonly path: string;

  constructor(path: string, next: string, cause: unknown) {
    super(`${path}: cannot list this folder (${reason(cause)}); ${next}`, { cause });
    this.path = path;
  }
}

/** The message of anything thrown, for people. */
export const reason = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The system's error code (`ENOENT`, `EACCES`) of anything thrown, or null. */
export function systemCode(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}
