import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { type FileStamp, type RawFile, stampOf } from './discover.ts';
import { RefusedFile, reason, StillGrowing, systemCode } from './errors.ts';

/** Bounds on what a file may unpack to. */
export interface IdentifyOptions {
  /** Most bytes that a gzip file may have once decompressed. Default 64 GiB. */
  readonly maxBytes?: number;
  /** Most decompressed bytes for one compressed byte, once `ratioFrom` bytes are out. Default 500 (gzip can do 1032). */
  readonly maxRatio?: number;
  /** Default 64 MiB. */
  readonly ratioFrom?: number;
  /** A file modified less than this long ago counts as still being written. Default 0: only a change that is seen counts. */
  readonly quietMs?: number;
}

/** What a file is: `(dataset, sha256)` is its identity. */
export interface Identity {
  /** Of the decompressed bytes, hexadecimal. */
  readonly sha256: string;
  /** Decompressed. */
  readonly bytes: number;
  /** Path of the decompressed bytes: the file itself, or a file in the scratch folder. */
  readonly content: string;
}

const CHUNK_BYTES = 1024 * 1024;
const GIB = 1024 ** 3;
const PARQUET_MAGIC = 'PAR1';

/**
 * Reads a raw file once: verifies gzip, hashes, and puts decompressed bytes where an engine can read them.
 * @throws RefusedFile for what cannot be read as a whole; StillGrowing when the file changed since it was listed.
 */
export async function identify(file: RawFile, scratchDir: string, options: IdentifyOptions = {}): Promise<Identity> {
  await expectUnchanged(file, options.quietMs ?? 0);
  const copied = file.gzip || typeof file.absolute !== 'string';
  const content = copied ? join(scratchDir, `${randomUUID()}.${file.format}`) : String(file.absolute);
  try {
    if (file.format === 'parquet') await expectParquet(file);
    if (copied) await mkdir(scratchDir, { recursive: true });
    const { sha256, bytes } = await digest(file, copied ? content : null, options);
    await expectUnchanged(file, 0);
    return { sha256, bytes, content };
  } catch (error) {
    if (copied) await rm(content, { force: true });
    // A half-written gzip looks corrupt: a file that moves is not judged.
    await expectUnchanged(file, 0);
    throw error;
  }
}

/** Whether the file is still the one that was listed; asked again after reading, since `content` may be the file itself. */
export async function isUnchanged(file: RawFile): Promise<boolean> {
  try {
    return changes(file, await stampOf(file.absolute)).length === 0;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw new RefusedFile('unreadable', file.path, reason(error), error);
  }
}

async function expectUnchanged(file: RawFile, quietMs: number): Promise<void> {
  if (!(await isUnchanged(file))) throw new StillGrowing(file.path, 'it changed since it was listed');
  const age = Date.now() - Number(BigInt(file.mtimeNs) / 1_000_000n);
  // A clock ahead of ours gives a negative age; without a quiet time asked for, only a change that is seen counts.
  if (quietMs > 0 && age < quietMs) throw new StillGrowing(file.path, `modified ${age} ms ago, less than ${quietMs}`);
}

function changes(then: FileStamp, now: FileStamp): string[] {
  const facts = ['size', 'mtimeNs', 'ctimeNs', 'inode'] as const;
  return facts.filter((fact) => then[fact] !== now[fact]);
}

async function digest(file: RawFile, copy: string | null, options: IdentifyOptions) {
  const hash = createHash('sha256');
  const gunzip = file.gzip ? createGunzip({ chunkSize: CHUNK_BYTES }) : null;
  const { maxBytes = 64 * GIB, maxRatio = 500, ratioFrom = 64 * 1024 * 1024 } = options;
  let bytes = 0;
  let head = Buffer.alloc(0);
  const inspect = (chunk: Buffer): void => {
    bytes += chunk.length;
    hash.update(chunk);
    if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4)]).subarray(0, 4);
    if (file.format !== 'parquet') refuseWideEncoding(file, head);
    if (gunzip === null) return;
    if (bytes > maxBytes) throw new RefusedFile('bomb', file.path, `more than ${maxBytes} bytes once decompressed`);
    if (bytes > ratioFrom && bytes > maxRatio * Math.max(1, gunzip.bytesWritten)) {
      throw new RefusedFile('bomb', file.path, `${bytes} bytes out of ${gunzip.bytesWritten}: beyond ${maxRatio} to 1`);
    }
  };
  const target = copy === null ? null : await open(copy, 'wx');
  try {
    const source = (await openRaw(file)).createReadStream({ highWaterMark: CHUNK_BYTES });
    source.on('error', (error) => gunzip?.destroy(error));
    gunzip?.on('close', () => source.destroy());
    for await (const chunk of gunzip === null ? source : source.pipe(gunzip)) {
      inspect(chunk);
      await target?.writeFile(chunk);
    }
  } catch (error) {
    throw asRefusal(file, error);
  } finally {
    await target?.close();
  }
  if (gunzip !== null && (file.size === 0 || gunzip.bytesWritten !== file.size)) {
    const detail = `the gzip data ends after ${gunzip.bytesWritten} of ${file.size} bytes; expected nothing behind it`;
    throw new RefusedFile('corrupt_gzip', file.path, detail);
  }
  return { sha256: hash.digest('hex'), bytes };
}

function refuseWideEncoding(file: RawFile, head: Buffer): void {
  const mark = head.toString('hex');
  const utf16 = mark.startsWith('fffe') || mark.startsWith('feff');
  if (!utf16 && mark !== '0000feff') return;
  const detail = `found the byte order mark of UTF-${utf16 ? '16 or 32' : '32'}, expected UTF-8; convert it with iconv`;
  throw new RefusedFile('not_utf8', file.path, detail);
}

/** What went wrong while reading is the file's fault; a scratch folder that is full or cannot be written is not. */
function asRefusal(file: RawFile, error: unknown): unknown {
  if (systemCode(error)?.startsWith('Z_')) {
    return new RefusedFile('corrupt_gzip', file.path, `${reason(error)}; ask the sender for the file again`, error);
  }
  const reading = error instanceof Error && 'syscall' in error && error.syscall === 'read';
  return reading ? new RefusedFile('unreadable', file.path, reason(error), error) : error;
}

async function openRaw(file: RawFile): Promise<FileHandle> {
  try {
    return await open(file.absolute, 'r');
  } catch (error) {
    throw new RefusedFile('unreadable', file.path, reason(error), error);
  }
}

/** Parquet begins and ends with its magic: without it the file was cut or is something else. */
async function expectParquet(file: RawFile): Promise<void> {
  const handle = await openRaw(file);
  try {
    const ends = Buffer.alloc(8);
    await handle.read(ends, 0, 4, 0);
    await handle.read(ends, 4, 4, Math.max(0, file.size - 4));
    if (file.size >= 12 && ends.toString('latin1') === PARQUET_MAGIC + PARQUET_MAGIC) return;
  } finally {
    await handle.close();
  }
  const detail = `expected ${PARQUET_MAGIC} at both ends; the file was cut or is no Parquet`;
  throw new RefusedFile('corrupt_parquet', file.path, detail);
}
