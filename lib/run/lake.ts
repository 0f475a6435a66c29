import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DuckDb, rowsOf } from '../engines/index.ts';
import { explain, LakeError, LakeHeldError, NoLakeError } from './lake-errors.ts';
import { createLedger, FORMAT_VERSION, quote } from './ledger.ts';

/** Memory that the engine may use before it works on disk; the process itself needs up to 1 GiB beside it. */
const MEMORY_LIMIT = '2.5GiB';

/** An open lake: a folder with one database file, a scratch folder, and the heartbeat of a run. */
export interface Lake {
  readonly folder: string;
  readonly db: DuckDb;
  /** For files that live no longer than the run. */
  readonly scratch: string;
}

/** Where a lake keeps what. */
export const lakePaths = (folder: string) => ({
  database: join(folder, 'lake.duckdb'),
  heartbeat: join(folder, 'heartbeat.json'),
  // Emptied by whoever opens the lake, so by a name that nobody else gives a folder.
  scratch: join(folder, '.lakehouse-scratch'),
});

/** How long a lake that another process holds is waited for. */
const PATIENCE_MS = 3000;

/** Opens what may be held for a moment: by a query, or the end of a run. @throws LakeHeldError when it is held for longer. */
async function patiently<T>(patienceMs: number, open: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof LakeHeldError) || Date.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * Opens a lake to write, making it when it is not there; waits up to `patienceMs` for who holds it. The engine's lock on the
 * database file is the lake's lock: it goes with the process, so a killed run leaves none behind.
 * @throws LakeHeldError, LakeError
 */
export async function openLake(folder: string, patienceMs = PATIENCE_MS): Promise<Lake> {
  const { database, scratch } = lakePaths(folder);
  try {
    makeFolder(resolve(folder));
  } catch (error) {
    throw explain(folder, error);
  }
  const options = { path: database, memoryLimit: MEMORY_LIMIT, tempDirectory: join(scratch, 'engine') };
  const db = await patiently(patienceMs, () =>
    DuckDb.open(options).catch((error: unknown) => {
      throw explain(folder, error);
    }),
  );
  try {
    await checkFormat(db, folder);
    // Only the holder of the lock may empty the scratch folder: what lies there is a dead run's.
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    await createLedger(db);
    return { folder, db, scratch };
  } catch (error) {
    db.close();
    throw error instanceof LakeError ? error : explain(folder, error);
  }
}

/** Opens a lake to read; waits up to `patienceMs` for a run that holds it. @throws LakeHeldError, NoLakeError, LakeError */
export async function readLake(folder: string, patienceMs = PATIENCE_MS): Promise<Lake> {
  const { database, scratch } = lakePaths(folder);
  if (!statSync(database, { throwIfNoEntry: false })) {
    throw new NoLakeError(folder);
  }
  return patiently(patienceMs, async () => {
    try {
      const db = await DuckDb.open({ path: database, readOnly: true });
      try {
        if (!(await checkFormat(db, folder))) throw new NoLakeError(folder);
      } catch (error) {
        db.close();
        throw error;
      }
      return { folder, db, scratch };
    } catch (error) {
      throw error instanceof LakeError ? error : explain(folder, error);
    }
  });
}

/** Lets a lake that is open to read work on disk in a folder of the caller's: that of the lake may be read-only. */
export async function spillTo({ db }: Lake, folder: string): Promise<void> {
  await db.run(`set temp_directory = ${quote(folder)}`);
  await db.run(`set memory_limit = ${quote(MEMORY_LIMIT)}`);
}

/** Closes a lake and clears its scratch folder. */
export function closeLake(lake: Lake): void {
  lake.db.close();
  rmSync(lake.scratch, { recursive: true, force: true });
}

/** Closes a lake that was opened to read. The scratch folder is left: it may be a run's. */
export const closeReader = (lake: Lake): void => lake.db.close();

/** Makes a folder and those above it. One by one, since Node's own way never ends in a folder that refuses to hold any (`/proc`). */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** @returns whether there is a ledger at all; a database without one must be empty. */
async function checkFormat(db: DuckDb, folder: string): Promise<boolean> {
  const tables = await rowsOf(
    db,
    "select table_name from information_schema.tables where table_schema = 'ops' and table_name = 'meta'",
  );
  if (tables.length === 0) {
    const others = await rowsOf(
      db,
      "select table_name from information_schema.tables where table_schema <> 'information_schema' limit 1",
    );
    if (others.length > 0)
      throw new LakeError(`${lakePaths(folder).database} is a database, but not a lake; name another --lake folder`);
    return false;
  }
  const [meta] = await rowsOf(db, 'select format from ops.meta');
  const format = Number(meta?.format);
  if (format !== FORMAT_VERSION) {
    throw new LakeError(
      `the lake ${folder} has format ${format}, this program reads format ${FORMAT_VERSION}; ` +
        (format > FORMAT_VERSION
          ? 'use the newer program that made it'
          : 'make a new lake from the raw files: lakehouse run --lake NEW'),
    );
  }
  return true;
}
