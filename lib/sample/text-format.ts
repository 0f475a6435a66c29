import type { Cells } from './types.ts';

/**
 * What is wrong with a record, where the cells cannot say it. `value`: the text of one value, quoted as its type is.
 * `raw`: one value's characters, as they are. The others concern the whole record.
 */
export type Spoil =
  | { readonly how: 'value' | 'raw'; readonly column: number; readonly text: string }
  | { readonly how: 'absent' | 'repeated'; readonly column: number }
  | { readonly how: 'line'; readonly change: (line: string) => string }
  | { readonly how: 'too_few' | 'too_many' | 'open_quote' };

/** Stands in text for bytes that are no UTF-8. */
export const BAD_BYTES_MARK = '\ue000';

/** Byte sequences that are no UTF-8: a lone byte, a broken pair, a surrogate, an overlong slash. */
export const BAD_BYTES: readonly Buffer[] = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0xaf]].map((bytes) =>
  Buffer.from(bytes),
);

/** How records become the text of a file. */
export interface TextFormat {
  readonly head: string;
  readonly tail: string;
  /** A clean record, its end included. */
  row(cells: Cells, serial: number): string;
  /** A planted record: any content, with something wrong when `spoil` says so. */
  spoiled(cells: Cells, spoil: Spoil | null): string;
}

/** A file that records are added to. When it is `full`, `flush` it: memory stays bounded. */
export interface SampleFile {
  readonly full: boolean;
  add(cells: Cells, serial: number): void;
  /** A planted record: any content, with something wrong when `spoil` says so. */
  plant(cells: Cells, spoil: Spoil | null): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}
