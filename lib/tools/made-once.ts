import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const ABANDONED_AFTER_MS = 24 * 3_600_000;
const making = new Map<string, Promise<string>>();

/**
 * The file or folder at a path, made beside it by the first who asks and then renamed: it is there whole or not at all,
 * though several processes make it at once or one is killed. @returns the path.
 */
export function madeOnce(path: string, make: (temporary: string) => Promise<void>): Promise<string> {
  const known = making.get(path);
  if (known) return known;
  const made = makeUnlessThere(path, make).finally(() => making.delete(path));
  making.set(path, made);
  return made;
}

async function makeUnlessThere(path: string, make: (temporary: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  await sweep(path);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await make(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process was first: what it made is as good.
    if (!existsSync(path)) throw error;
  }
  return path;
}

/** Removes what killed processes left half-made at this path. */
async function sweep(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`.${basename(path)}.`)) continue;
    const left = join(dirname(path), name);
    const age = await stat(left).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_AFTER_MS) await rm(left, { recursive: true, force: true });
  }
}
