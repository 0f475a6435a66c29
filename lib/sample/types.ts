import type { ColumnType } from '../contract/index.ts';
import type { XmlPlace } from './xml-format.ts';

/** A value in its written form; null is missing. Every format is written from this one form. */
export type Cell = string | null;

/** A record: its values in contract order. Reused from record to record. */
export type Cells = Cell[];

/** The formats that a file of a sample has; the last two are JSON lines of document analyses. */
export type Format = 'csv' | 'jsonl' | 'json' | 'log' | 'parquet' | 'xml' | 'textract' | 'rekognition';

/** How one file is written. None of its habits is dirt. */
export interface FileStyle {
  readonly format: Format;
  readonly gzip?: boolean;
  /** How far the columns are turned round: files differ in their order. */
  readonly turn?: number;
  readonly crlf?: boolean;
  readonly bom?: boolean;
  /** A column `note` that no contract has: reported and ignored. */
  readonly note?: boolean;
  /** Values that must be quoted occur. */
  readonly quotes?: boolean;
  /** Blank lines between records: no records. */
  readonly blank?: boolean;
  /** How instants are written. */
  readonly instant?: 'space' | 'zulu' | 'offset';
  /** Parquet: all columns as text. */
  readonly text?: boolean;
}

/** The part of a dataset that one file carries: records `start` to `end`, what happened from day `from` to its arrival. */
export interface Slice {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly arrival: number;
}

/** A column as the sample writes it; a test holds it to the contract. */
export interface SampleColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Values of the right form that a rule refuses. */
  readonly outside?: readonly string[];
  /** Where it stands in a record that is a tree, as the contract says it, and the name in a CSV header; the name where there is none. */
  readonly path?: string;
  /** What is refused by itself while its record counts, as written in JSON and in CSV. */
  readonly irregular?: { readonly json: readonly string[]; readonly csv: readonly string[] };
}

/** A record that loads and that a check finds: an orphan, a negative amount, a number given twice. */
export interface Finding {
  readonly kind: 'between' | 'refers_to' | 'unique';
  readonly column: string;
  readonly value: (serial: number) => string;
}

/** A dataset of the sample: how to make each of its records, at any time and in any order. */
export interface SampleDataset {
  readonly name: string;
  /** The layer of the table that its records become; default `base`. */
  readonly layer?: 'raw';
  readonly columns: readonly SampleColumn[];
  /** Place of the key among the columns; null without one. */
  readonly key: number | null;
  readonly count: number;
  readonly files: readonly Slice[];
  readonly styles: readonly FileStyle[];
  readonly findings: readonly Finding[];
  /** Where records stand, for XML. */
  readonly xml?: XmlPlace;
  /** Writes record `index` into `cells`. `quotes` allows values that a CSV file must quote. */
  fill(index: number, cells: Cells, quotes: boolean): void;
  /** A key that no record has. */
  unusedKey(serial: number): string;
  /** Changes what else no two records share, once the key is an unused one. */
  renew?(cells: Cells, serial: number): void;
  /** Changes the content of a record, not its key, to one that is smaller or greater. */
  vary(cells: Cells, smaller: boolean): void;
  /** Second deliveries of earlier records, fuller than the first: carried by file `file`. */
  redeliver?(file: number, cells: Cells): Iterable<Cells>;
}
