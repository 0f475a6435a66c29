import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, type RawFile, RefusedFile, StillGrowing } from '../ingest/index.ts';
import { stampOf } from './intake.ts';
import type { KnownFile } from './ledger.ts';
import type { Loading } from './loading.ts';

/** A file whose rows are in the lake and that cannot be read again; `refused` says why where it still stands. */
export interface MissingFile {
  readonly path: string;
  readonly refused: string | null;
}

/** The files whose rows stand but that a load from raw did not meet: gone, overwritten, or refused by now. */
export function missingFrom(loading: Loading, known: readonly KnownFile[]): MissingFile[] {
  const present = new Set(loading.staged.map(({ identity }) => identity.sha256));
  const refusal = new Map(loading.files.map((file) => [file.path, file.reason ?? null]));
  return known
    .filter((file) => file.status === 'loaded' && !present.has(file.sha256))
    .map(({ path }) => ({ path, refused: refusal.get(path) ?? null }));
}

/** The same before a load: by path and stamp, and only where that misses a content by hashing the files that the ledger does not know. */
export async function missingBefore(files: readonly RawFile[], known: readonly KnownFile[]): Promise<MissingFile[]> {
  const byStamp = new Map(known.map((file) => [`${file.path} ${file.stamp}`, file.sha256]));
  const present = new Set(files.map((file) => byStamp.get(`${file.path} ${stampOf(file)}`)));
  const missing = () => known.filter((file) => file.status === 'loaded' && !present.has(file.sha256));
  for (const file of files)
    if (missing().length > 0 && !byStamp.has(`${file.path} ${stampOf(file)}`)) present.add(await contentOf(file));
  return missing().map(({ path }) => ({ path, refused: null }));
}

/** The content hash of a file; undefined for one that cannot be read as a whole, which a run refuses. */
async function contentOf(file: RawFile): Promise<string | undefined> {
  const scratch = mkdtempSync(join(tmpdir(), 'lakehouse-plan-'));
  try {
    return (await identify(file, scratch)).sha256;
  } catch (error) {
    if (error instanceof RefusedFile || error instanceof StillGrowing) return undefined;
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Why a table cannot be made anew, with the way out. */
export function whyNotAnew(missing: readonly MissingFile[]): string {
  const list = missing.slice(0, 5).map(({ path, refused }) => (refused === null ? path : `${path} (${refused})`));
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  const [what, next] = missing.some((file) => file.refused === null)
    ? [
        'are no longer in the raw zone',
        'bring them back (by any name) and run again, or make a new lake of what is left',
      ]
    : [
        'are refused by its contract as it is now',
        'change the contract, for example make a new column nullable, or mend the files',
      ];
  return `it cannot be made anew, its last good version stands: its rows come from files that ${what}: ${list.join(', ')}${more}; ${next}`;
}
