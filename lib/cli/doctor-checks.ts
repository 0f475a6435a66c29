import { accessSync, constants, existsSync, mkdirSync, rmdirSync, statfsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

/** What the doctor found. */
export interface Diagnosis {
  readonly check: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it; empty when nothing is to be done. */
  readonly next: string;
}

const ok = (check: string, detail: string): Diagnosis => ({ check, verdict: 'ok', detail, next: '' });
const warn = (check: string, detail: string, next: string): Diagnosis => ({ check, verdict: 'warn', detail, next });
const fail = (check: string, detail: string, next: string): Diagnosis => ({ check, verdict: 'fail', detail, next });

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** The oldest Node that works; package.json says the same. */
export const OLDEST_NODE = '20.19';

const MEMORY = { least: 2 * 2 ** 30, good: 4 * 2 ** 30 };
const DISK = { least: 200 * 2 ** 20, good: 5 * 2 ** 30 };
const EXTENSIONS = ['icu', 'json', 'parquet'] as const;

/** Whether this Node is new enough. */
export function checkNode(version: string = process.versions.node): Diagnosis {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST_NODE.split('.').map(Number);
  return major > needMajor || (major === needMajor && minor >= needMinor)
    ? ok('node', `${version}, needs ${OLDEST_NODE}`)
    : fail('node', `${version}, needs ${OLDEST_NODE}`, `install Node ${OLDEST_NODE} or newer`);
}

/** Whether the engine's binding for a platform is installed. */
export function checkBinding(platform: string = process.platform, arch: string = process.arch): Diagnosis {
  const name = `@duckdb/node-bindings-${platform}-${arch}`;
  // Linux has one for each C library; the engine picks, and the next check tells whether it loads.
  const found = [name, `${name}-musl`].filter(isInstalled);
  return found.length > 0
    ? ok('engine binding', found.join(', '))
    : fail('engine binding', `${name} is not installed`, 'run npm ci on this machine, with optional dependencies');
}

function isInstalled(binding: string): boolean {
  try {
    // The binding hangs off the engine's own packages, wherever the installer put them.
    const api = createRequire(import.meta.url).resolve('@duckdb/node-api');
    const bindings = createRequire(api).resolve('@duckdb/node-bindings');
    createRequire(bindings).resolve(`${binding}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/** Whether the engine loads and answers, and has built in what it may not fetch. */
export async function checkEngine(): Promise<Diagnosis[]> {
  const mend = 'run npm ci again on this machine';
  try {
    const { DuckDb, rowsOf } = await import('../engines/index.ts');
    const db = await DuckDb.open();
    try {
      const [engine] = await rowsOf(db, 'select version() as version');
      const loaded = await rowsOf(db, 'select extension_name as name from duckdb_extensions() where loaded');
      const missing = EXTENSIONS.filter((name) => !loaded.some((row) => row.name === name));
      return [
        ok('engine', `DuckDB ${engine?.version} answers`),
        missing.length === 0
          ? ok('engine parts', `${EXTENSIONS.join(', ')} are built in`)
          : fail('engine parts', `not built in: ${missing.join(', ')}`, mend),
      ];
    } finally {
      db.close();
    }
  } catch (error) {
    return [fail('engine', said(error), mend)];
  }
}

/** Memory that this process may have: a container's limit where there is one. */
export function checkMemory(bytes: number = memory()): Diagnosis {
  const detail = `${gib(bytes)}; a run takes up to 4 GiB`;
  if (bytes < MEMORY.least) return fail('memory', detail, `give it at least ${gib(MEMORY.least)}`);
  return bytes < MEMORY.good ? warn('memory', detail, 'large loads will be slow, or may fail') : ok('memory', detail);
}

function memory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** Cores are a fact, not a condition. */
export const checkCores = (cores: number = availableParallelism()): Diagnosis =>
  ok('cores', `${cores}; every query uses them all`);

/** Space on the disk that the lake is on, or will be. */
export function checkDisk(lake: string, free: number = freeAt(lake)): Diagnosis {
  const detail = `${gib(free)} free where ${lake} is`;
  if (free < DISK.least) return fail('disk', detail, 'free some space, or name another --lake');
  return free < DISK.good ? warn('disk', detail, 'enough for small lakes only') : ok('disk', detail);
}

function freeAt(path: string): number {
  const { bavail, bsize } = statfsSync(nearestFolder(path));
  return bavail * bsize;
}

/** The folder itself, or the nearest one above that is there. */
function nearestFolder(path: string): string {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** Whether the raw zone can be read, and what is in it. `datasets` are those that contracts know. */
export async function checkRaw(raw: string, datasets: readonly string[]): Promise<Diagnosis> {
  if (!existsSync(raw))
    return warn('raw', `${raw} is not there`, `make samples: lakehouse sample --out ${raw}; or name yours with --raw`);
  try {
    const { discover } = await import('../ingest/index.ts');
    const { files } = await discover(raw);
    for (const file of files) accessSync(file.absolute, constants.R_OK);
    const counts = new Map<string, number>();
    for (const { dataset } of files) counts.set(dataset, (counts.get(dataset) ?? 0) + 1);
    const detail = `${files.length} files of ${counts.size} datasets`;
    if (counts.size === 0)
      return warn('raw', `no files in ${raw}`, `files go to ${join(raw, '<dataset>')}; known: ${datasets.join(', ')}`);
    const strangers = [...counts.keys()].filter((dataset) => !datasets.includes(dataset));
    return strangers.length === 0
      ? ok('raw', detail)
      : warn('raw', detail, `no contract knows ${strangers.join(', ')}; these files are left alone`);
  } catch (error) {
    return fail('raw', said(error), 'make it readable for this user');
  }
}

/** Whether the lake can be opened and written, or made. */
export async function checkLake(lake: string): Promise<Diagnosis[]> {
  const { readHeartbeat } = await import('../run/heartbeat.ts');
  const { closeReader, lakePaths, readLake } = await import('../run/lake.ts');
  const { LakeHeldError } = await import('../run/lake-errors.ts');
  const { database } = lakePaths(lake);
  const there = existsSync(database);
  const writable = writing(lake, there ? database : null);
  if (!there) return [ok('lake', `${lake} is not there yet; the first run makes it`), writable];
  try {
    closeReader(await readLake(lake, 0));
    return [ok('lake', `${lake} can be read, ${gib(statSync(database).size)}`), writable];
  } catch (error) {
    if (!(error instanceof LakeHeldError)) return [fail('lake', said(error), 'see the message'), writable];
    const heart = readHeartbeat(lake);
    const holder = error.pid === null ? 'another process' : `process ${error.pid}`;
    const doing = heart ? ` (${heart.doing})` : '';
    return [
      warn('lake', `${lake} is held by ${holder}${doing}`, 'wait for its run to end: lakehouse status'),
      writable,
    ];
  }
}

function writing(lake: string, database: string | null): Diagnosis {
  const folder = nearestFolder(lake);
  const probe = join(folder, `.doctor-${process.pid}`);
  try {
    if (database !== null) accessSync(database, constants.R_OK | constants.W_OK);
    // Rights alone do not tell: a disk may be read-only, and root may do anything.
    mkdirSync(probe);
    rmdirSync(probe);
    return ok('lake writable', folder);
  } catch (error) {
    return fail('lake writable', said(error), `make ${folder} writable for this user, or name another --lake`);
  }
}

/** What people ask about and no run on this machine needs, with what does. */
const OPTIONAL = {
  java: 'only lakehouse parity and npm test need it',
  python3: 'only lakehouse parity and npm test need it',
  git: 'not needed',
} as const;

/** Things that people ask about and that a run on this machine does not need. */
export function checkUnneeded(path: string): Diagnosis[] {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const found = (program: string) => folders.map((folder) => join(folder, program)).find((each) => existsSync(each));
  const optional = Object.entries(OPTIONAL).map(([program, need]) => {
    const where = found(program);
    return ok(program, `${need} (${where === undefined ? 'not found' : `found: ${where}`})`);
  });
  return [...optional, ok('aws', 'only commands with --env call AWS or read credentials')];
}
