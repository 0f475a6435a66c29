import { posix } from 'node:path';
import { dayText } from './calendar.ts';
import type { FileStyle, Format, SampleDataset, Slice } from './types.ts';

const PLAIN: FileStyle = { format: 'csv' };

/** How each file of a dataset is written; fewer files than styles keep the first and spread over the rest. */
export const stylesOf = ({ files, styles }: SampleDataset, plain: boolean): readonly FileStyle[] =>
  files.map((_, file) =>
    plain && !isTree(styles) ? PLAIN : (styles[Math.floor((file * styles.length) / files.length)] ?? PLAIN),
  );

/** Trees cannot be written as CSV. */
const isTree = ([style]: SampleDataset['styles']): boolean =>
  style !== undefined && ENDINGS[style.format] !== undefined;

/** The endings of formats that are named otherwise. */
const ENDINGS: Partial<Record<Format, string>> = { xml: 'xml', textract: 'jsonl', rekognition: 'jsonl' };

/** The folder of the files that arrive on a day: `orders/dt=2026-06-30`. */
const folder = (dataset: string, { arrival }: Slice): string => posix.join(dataset, `dt=${dayText(arrival)}`);

/** Where a file lies, relative to the sample. */
export const filePath = (dataset: string, slice: Slice, { format, gzip }: FileStyle, part = 1): string =>
  posix.join(
    folder(dataset, slice),
    `part-${String(part).padStart(4, '0')}.${ENDINGS[format] ?? format}${gzip ? '.gz' : ''}`,
  );

/** The copy of a file under another name: a CSV file comes compressed, since a file is known by its decompressed bytes. */
export const copyPath = (dataset: string, slice: Slice, style: FileStyle, plain: boolean): string =>
  filePath(dataset, slice, { ...style, gzip: style.gzip || (style.format === 'csv' && !plain) }, 2);

/** Files beside the first one that nobody may read: unfinished, hidden, of another's bookkeeping. */
export const leftAlonePaths = (dataset: string, slice: Slice): readonly string[] =>
  ['part-0003.csv.tmp', '.part-0004.csv', '_SUCCESS', '_temporary/part-0001.csv'].map((name) =>
    posix.join(folder(dataset, slice), name),
  );
