import { ByteWindow } from './byte-window.ts';
import { RefusedFile } from './errors.ts';
import { RecordSplitter } from './split-record.ts';

/** Longest header that is read: 1 MiB. */
const MAX_HEADER_BYTES = 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** The header of a CSV file. */
interface CsvHeader {
  readonly names: readonly string[];
  /** Blank lines that stand before it. */
  readonly blanks: number;
  /** The file begins with it, unquoted and LF-ended: an engine's reader sees the same names. */
  readonly plain: boolean;
}

/** Reads the header and leaves the window behind it. A byte order mark and blank lines before it are skipped. */
export async function readHeader(window: ByteWindow, path: string): Promise<CsvHeader> {
  while (!window.done && window.end < 3) await window.more();
  const bom = window.bytes.subarray(0, Math.min(3, window.end)).equals(Buffer.from('\uFEFF'));
  if (bom) window.start = 3;
  const blanks = await skipBlankLines(window);
  if (window.done && window.start === window.end) {
    throw new RefusedFile('empty_file', path, 'found no header, expected a line with the column names');
  }
  const splitter = new RecordSplitter(null, MAX_HEADER_BYTES);
  const split = () => splitter.split(window.bytes, window.start, window.end, window.done);
  let outcome = split();
  while (outcome === 'more') {
    await window.more();
    outcome = split();
  }
  if (outcome !== 'record') {
    throw new RefusedFile('broken_header', path, `the header cannot be read (${outcome}); expected RFC 4180 in UTF-8`);
  }
  const names = splitter.fields(window.bytes, window.start).map((name) => name ?? '');
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined) {
    throw new RefusedFile('duplicate_header', path, `column '${twice}' stands more than once in the header`);
  }
  const asWritten = window.bytes.toString('utf8', window.start, splitter.stop);
  const plain = window.offset === 0 && splitter.next === splitter.stop + 1 && asWritten === plainHeader(names);
  window.start = splitter.next;
  return { names, blanks, plain };
}

/** The column names of a CSV file. @throws RefusedFile when it has no header that can be used. */
export async function csvColumns(path: string): Promise<readonly string[]> {
  const window = await ByteWindow.open(path);
  try {
    return (await readHeader(window, path)).names;
  } finally {
    await window.close();
  }
}

/** The header line of a plain file: the names, or `c1,c2,...` where a name cannot stand in a plain line. */
export function plainHeader(names: readonly string[]): string {
  const line = names.join(',');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  const odd = line === '' || names.some((name) => /[",\u0000-\u001f]/.test(name));
  return odd ? names.map((_, n) => `c${n + 1}`).join(',') : line;
}

async function skipBlankLines(window: ByteWindow): Promise<number> {
  for (let blanks = 0; ; blanks += 1) {
    while (!window.done && window.end - window.start < 2) await window.more();
    const first = window.end > window.start ? window.bytes[window.start] : undefined;
    if (first === LF) window.start += 1;
    else if (first === CR && window.end - window.start > 1 && window.bytes[window.start + 1] === LF) window.start += 2;
    else return blanks;
  }
}
