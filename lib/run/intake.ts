import { type Identity, identify, type RawFile, RefusedFile, StillGrowing } from '../ingest/index.ts';
import type { KnownFile } from './ledger.ts';
import type { FileResult } from './result.ts';

/** What is to be done with a file of the raw zone. */
export type Delivery =
  | { readonly kind: 'new'; readonly file: RawFile; readonly identity: Identity }
  | {
      readonly kind: 'settled';
      readonly file: RawFile;
      readonly result: FileResult;
      readonly remember: Identity | null;
    }
  | { readonly kind: 'growing'; readonly file: RawFile; readonly why: string };

/** A file that was identified, or settled before that. */
export type Looked =
  | { readonly kind: 'identified'; readonly file: RawFile; readonly identity: Identity }
  | Exclude<Delivery, { readonly kind: 'new' }>;

/** Tells without reading whether a file is still the one the ledger knows. */
export const stampOf = (file: RawFile): string => [file.size, file.mtimeNs, file.ctimeNs, file.inode].join(':');

/** The day a file arrived: its `dt=` folder's, else that of its last change, UTC. */
export const arrivedOn = (file: RawFile): string =>
  file.arrivalDay ?? new Date(Number(BigInt(file.mtimeNs) / 1_000_000n)).toISOString().slice(0, 10);

/** What the ledger and this run know of one raw dataset's files. Identity is content: a known one is not read again. */
export class Intake {
  /** Paths with rows that stand, whatever was delivered there since. */
  readonly #loadedPaths = new Set<string>();
  /** Every delivery, by path and stamp: a path may have carried several contents. */
  readonly #byStamp = new Map<string, KnownFile>();
  readonly #pathOfContent = new Map<string, string>();
  readonly #keyless: boolean;

  /** @param keyless whether rows have no key, so that a changed file cannot be told from new rows. */
  constructor(known: readonly KnownFile[], keyless: boolean) {
    this.#keyless = keyless;
    for (const file of known) {
      this.#byStamp.set(`${file.stamp} ${file.path}`, file);
      if (file.status !== 'loaded') continue;
      this.#loadedPaths.add(file.path);
      this.#pathOfContent.set(file.sha256, file.path);
    }
  }

  /** Identifies a file; opens it only when its stamp is not known. */
  async look(file: RawFile, scratch: string): Promise<Looked> {
    const same = this.#byStamp.get(`${stampOf(file)} ${file.path}`);
    if (same) return settled(file, same.status === 'duplicate' ? 'duplicate' : 'known', null);
    try {
      return { kind: 'identified', file, identity: await identify(file, scratch) };
    } catch (error) {
      return unreadable(file, error);
    }
  }

  /** Judges a file by its content: new, known, a duplicate, or one that cannot be taken. */
  judge(looked: Looked): Delivery {
    if (looked.kind !== 'identified') return looked;
    const { file, identity } = looked;
    const sameContent = this.#pathOfContent.get(identity.sha256);
    if (sameContent !== undefined) return settled(file, sameContent === file.path ? 'known' : 'duplicate', identity);
    if (this.#keyless && this.#loadedPaths.has(file.path)) {
      const reason =
        'it was loaded before with other content, and rows without a key cannot be told from new ones: deliver a new file instead';
      return refused(file, reason);
    }
    return { kind: 'new', file, identity };
  }

  /** Notes that a file's content is now staged, so that the next file with it is a duplicate. */
  accept(file: RawFile, identity: Identity): void {
    this.#pathOfContent.set(identity.sha256, file.path);
  }
}

/** The outcome for a file that could not be read: refused or left alone; anything else is a crash and passes through. */
export function unreadable(file: RawFile, error: unknown): Exclude<Delivery, { kind: 'new' }> {
  if (error instanceof StillGrowing) return { kind: 'growing', file, why: error.message };
  if (!(error instanceof RefusedFile)) throw error;
  return refused(file, `${error.code}: ${error.detail}`);
}

const refused = (file: RawFile, reason: string): Extract<Delivery, { kind: 'settled' }> => ({
  kind: 'settled',
  file,
  remember: null,
  result: { path: file.path, dataset: file.dataset, rows: 0, status: 'refused', reason },
});

const settled = (
  file: RawFile,
  status: 'known' | 'duplicate',
  remember: Identity | null,
): Extract<Delivery, { kind: 'settled' }> => ({
  kind: 'settled',
  file,
  remember,
  result: { path: file.path, dataset: file.dataset, rows: 0, status },
});
