import { isUtf8 } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from './canonical.ts';
import { systemCode, UnreadableFolder } from './errors.ts';

/** How the bytes of a raw file spell records. `json` is one array of objects or one object; `log` is a web server's. */
export type RawFormat = 'csv' | 'jsonl' | 'json' | 'xml' | 'log' | 'parquet';

/** What the file system says about a file: when any of it changes, the file was touched. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  readonly inode: string;
}

/** One raw file. */
export interface RawFile extends FileStamp {
  /** The folder right below the raw zone. */
  readonly dataset: string;
  /** Relative to the raw zone, with `/`. Bytes of a name that are not UTF-8 are written `\xff`. */
  readonly path: string;
  /** Bytes only when the name is not UTF-8, which no string can hold. Prefer the `content` that `identify` gives. */
  readonly absolute: string | Buffer;
  readonly format: RawFormat;
  readonly gzip: boolean;
  /** From a folder `dt=YYYY-MM-DD` that names a real day. */
  readonly arrivalDay: string | null;
}

/** What stands in the raw zone: the files to read, and what is left alone, with the reason. */
export interface Discovery {
  readonly files: readonly RawFile[];
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
}

const ENDINGS: readonly (readonly [string, RawFormat, boolean])[] = [
  ['.csv', 'csv', false],
  ['.csv.gz', 'csv', true],
  ['.jsonl', 'jsonl', false],
  ['.jsonl.gz', 'jsonl', true],
  ['.json', 'json', false],
  ['.json.gz', 'json', true],
  ['.xml', 'xml', false],
  ['.xml.gz', 'xml', true],
  ['.log', 'log', false],
  ['.log.gz', 'log', true],
  ['.parquet', 'parquet', false],
];

const SLASH = Buffer.from('/');
const ARRIVAL = 'dt=';

/**
 * Lists the raw zone: `<raw>/<dataset>/…any nesting…/*.{csv,csv.gz,jsonl,jsonl.gz,json,json.gz,xml,xml.gz,log,log.gz,parquet}`, sorted by
 * path by code unit. Symbolic links are never followed: a link to a file that is also listed would double its rows.
 * @throws UnreadableFolder when a folder cannot be listed; leaving it out would lose its files silently.
 */
export async function discover(rawDir: string): Promise<Discovery> {
  const files: RawFile[] = [];
  const ignored: { path: string; reason: string }[] = [];
  const visit = async (folder: Buffer, segments: readonly string[]): Promise<void> => {
    for (const name of await list(folder, segments.length === 0)) {
      const absolute = Buffer.concat([folder, SLASH, name]);
      const path = [...segments, printable(name)];
      const found = await look(absolute, path);
      if (found === 'folder') await visit(absolute, path);
      else if (typeof found === 'string') ignored.push({ path: path.join('/'), reason: found });
      else files.push(found);
    }
  };
  await visit(Buffer.from(rawDir), []);
  return { files: files.sort(byPath), ignored: ignored.sort(byPath) };
}

/** One file of the raw zone, by its path relative to it, as `discover` would list it; null where it would be left alone. */
export async function rawFileAt(rawDir: string, path: string): Promise<RawFile | null> {
  const found = await look(Buffer.from(join(rawDir, path)), path.split('/'));
  return typeof found === 'string' ? null : found;
}

/** What the file system says now, for a `RawFile` that was listed earlier. */
export async function stampOf(absolute: string | Buffer): Promise<FileStamp> {
  return stampFrom(await lstat(absolute, { bigint: true }));
}

/** The stamp in file system statistics. */
const stampFrom = (stats: BigIntStats): FileStamp => ({
  size: Number(stats.size),
  mtimeNs: String(stats.mtimeNs),
  ctimeNs: String(stats.ctimeNs),
  inode: String(stats.ino),
});

/** A file to read, `folder` to go into, or the reason to leave the entry alone. */
async function look(absolute: Buffer, path: readonly string[]): Promise<RawFile | string> {
  const name = path.at(-1) ?? '';
  if (name.startsWith('.')) return 'hidden';
  if (name.startsWith('_')) return "begins with '_': somebody's work in progress or marker";
  let stats: BigIntStats;
  try {
    stats = await lstat(absolute, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'went away while the folder was listed';
    throw new UnreadableFolder(path.join('/'), 'make the entry readable', error);
  }
  if (stats.isSymbolicLink()) return 'a symbolic link: links are not followed, so that no row is read twice';
  if (name.endsWith('.tmp')) return 'temporary';
  if (stats.isDirectory()) return 'folder';
  if (!stats.isFile()) return 'not a regular file';
  const ending = ENDINGS.find(([end]) => name.endsWith(end) && name.length > end.length);
  if (ending === undefined) return `unknown ending; known: ${ENDINGS.map(([end]) => end).join(' ')}`;
  const dataset = path[0];
  if (dataset === undefined || path.length < 2) return 'in no dataset: files stand in <raw>/<dataset>/';
  const [, format, gzip] = ending;
  return {
    dataset,
    path: path.join('/'),
    absolute: isUtf8(absolute) ? absolute.toString() : absolute,
    format,
    gzip,
    ...stampFrom(stats),
    arrivalDay: arrivalDay(path.slice(1, -1)),
  };
}

async function list(folder: Buffer, isRoot: boolean): Promise<Buffer[]> {
  try {
    return await readdir(folder, 'buffer');
  } catch (error) {
    const missing = isRoot && systemCode(error) === 'ENOENT';
    const next = missing ? 'name the raw zone with --raw, or make one with `lakehouse sample`' : 'make it readable';
    throw new UnreadableFolder(folder.toString(), next, error);
  }
}

/** The first folder that names a real day; `dt=2026-02-31` is a folder like any other. */
function arrivalDay(folders: readonly string[]): string | null {
  for (const folder of folders) {
    if (!folder.startsWith(ARRIVAL)) continue;
    const day = judge({ kind: 'date' }, folder.slice(ARRIVAL.length));
    if ('value' in day) return day.value;
  }
  return null;
}

/** The name as text; bytes that are not UTF-8 as `\xff`. */
function printable(name: Buffer): string {
  if (isUtf8(name)) return name.toString();
  return Array.from(name, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
