import { rmSync } from 'node:fs';
import type { DuckDb } from '../engines/index.ts';
import { type Identity, isUnchanged, type RawFile } from '../ingest/index.ts';
import { type Settled, settle } from './fates.ts';
import { arrivedOn, type Delivery, Intake, type Looked, stampOf, unreadable } from './intake.ts';
import { type KnownFile, quote } from './ledger.ts';
import type { FileResult, RunEvent } from './result.ts';
import { type ScannedFile, type StagedFile, Staging } from './staging.ts';
import type { LoadedTable } from './staging-tables.ts';

/** A dataset read and settled, nothing of it published yet. */
export interface Loading {
  readonly staging: Staging;
  /** Null when there was nothing new to read. */
  readonly settled: Settled | null;
  readonly staged: readonly StagedFile[];
  /** Files whose content was known under another stamp or path: to be remembered, so that they are not hashed again. */
  readonly recognised: readonly {
    readonly file: RawFile;
    readonly identity: Identity;
    readonly status: 'known' | 'duplicate';
  }[];
  readonly files: readonly FileResult[];
  readonly notes: readonly string[];
}

/** What a load is given. */
export interface LoadRequest {
  readonly table: LoadedTable;
  readonly files: readonly RawFile[];
  readonly known: readonly KnownFile[];
  readonly scratch: string;
  /** The stored table, or null when there is none or it is made anew. */
  readonly stored: string | null;
  readonly onEvent: (event: RunEvent) => void;
}

/** Reads every new file of a dataset into a staging area and settles the fates of its records. */
export async function loadDataset(db: DuckDb, request: LoadRequest): Promise<Loading> {
  const { table, scratch } = request;
  const intake = new Intake(request.known, table.grain.length === 0);
  const staging = new Staging(db, table, scratch);
  const staged: StagedFile[] = [];
  const recognised: Loading['recognised'][number][] = [];
  const files: FileResult[] = [];
  const notes: string[] = [];
  let done = 0;
  for await (const { looked, scan } of lookAhead(request.files, lookAndScan(intake, staging, scratch))) {
    const { file } = looked;
    const judged = intake.judge(looked);
    const delivery = judged.kind === 'new' ? await take(judged, staging, scan) : judged;
    if (looked.kind === 'identified') dropCopy(file, looked.identity);
    done++;
    if (delivery.kind === 'growing') notes.push(delivery.why);
    else if (delivery.kind === 'settled') {
      files.push(delivery.result);
      const { status } = delivery.result;
      if (status === 'duplicate' && table.grain.length === 0)
        notes.push(
          `${file.path} has the very content of another file: rows without a key count once, deliver them in one file if they are new`,
        );
      if (delivery.remember && (status === 'known' || status === 'duplicate'))
        recognised.push({ file, identity: delivery.remember, status });
    } else {
      staged.push(delivery.staged);
      intake.accept(file, delivery.staged.identity);
      files.push({ path: file.path, dataset: file.dataset, rows: delivery.staged.records, status: 'loaded' });
      if (delivery.staged.extra.length > 0)
        notes.push(`${file.path}: columns that no contract knows were ignored: ${delivery.staged.extra.join(', ')}`);
      request.onEvent({ kind: 'file', table: table.name, path: file.path, done, of: request.files.length });
    }
  }
  const read = staged.reduce((sum, file) => sum + file.records, 0);
  await staging.finish();
  const settled = staged.length > 0 ? await settle(db, staging, read, request.stored) : null;
  return { staging, settled, staged, recognised, files, notes };
}

type Taken = { readonly kind: 'staged'; readonly staged: StagedFile } | Exclude<Delivery, { kind: 'new' }>;

/** A file that was looked at, and how its scan ended if it is surely new. */
interface Ahead {
  readonly looked: Looked;
  /** Gives the scan or throws what went wrong with it. */
  readonly scan: (() => Promise<ScannedFile>) | null;
}

/** Identifies a file and passes over its bytes, unless it may carry what the file before it does: then that one decides first. */
function lookAndScan(intake: Intake, staging: Staging, scratch: string): (file: RawFile) => Promise<Ahead> {
  let before: string | null = null;
  return async (file) => {
    const looked = await intake.look(file, scratch);
    if (looked.kind !== 'identified') return { looked, scan: null };
    const sameAsBefore = looked.identity.sha256 === before;
    before = looked.identity.sha256;
    if (sameAsBefore || intake.judge(looked).kind !== 'new') return { looked, scan: null };
    const [scanned] = await Promise.allSettled([staging.scan(file, looked.identity)]);
    if (scanned.status === 'rejected') return { looked, scan: () => Promise.reject(scanned.reason) };
    return { looked, scan: () => Promise.resolve(scanned.value) };
  };
}

/** Stages a new file; a file that turns out to be bad, or that changed meanwhile, leaves nothing behind. */
async function take(
  { file, identity }: Extract<Delivery, { kind: 'new' }>,
  staging: Staging,
  scan: Ahead['scan'],
): Promise<Taken> {
  try {
    const staged = await staging.store(await (scan?.() ?? staging.scan(file, identity)));
    if (await isUnchanged(file)) return { kind: 'staged', staged };
    staging.forget(staged);
    return { kind: 'growing', file, why: `${file.path} changed while it was read; it is left for the next run` };
  } catch (error) {
    if (!(await isUnchanged(file)))
      return { kind: 'growing', file, why: `${file.path} changed while it was read; it is left for the next run` };
    return unreadable(file, error);
  }
}

/** Starts on the next item while the present one is worked on: the pass over the bytes and the engine keep different cores busy. */
async function* lookAhead<I, O>(items: readonly I[], look: (item: I) => Promise<O>): AsyncGenerator<O> {
  let next: Promise<O> | null = null;
  for (const [index, item] of items.entries()) {
    const present = next ?? look(item);
    const following = items[index + 1];
    yield await present.finally(() => {
      next = following === undefined ? null : look(following);
      // Its failure is for whoever waits for it, which may be later.
      next?.catch(() => undefined);
    });
  }
}

/** Removes the decompressed copy of a file, if it has one. */
function dropCopy(file: RawFile, identity: Identity): void {
  if (identity.content !== file.absolute) rmSync(identity.content, { force: true });
}

/** Writes the deliveries of a load into the ledger. */
export async function noteFiles(db: DuckDb, runId: string, loading: Loading): Promise<void> {
  const row = (file: RawFile, identity: Identity, status: string, rows: number) =>
    `(${[file.dataset, file.path, identity.sha256, stampOf(file), status].map(quote).join(', ')}, ${identity.bytes}, ${rows}, date ${quote(arrivedOn(file))}, ${quote(runId)})`;
  const known = loading.recognised.filter(({ status }) => status === 'known');
  for (const { file, identity } of known) {
    await db.run(
      `update ops.file set stamp = ${quote(stampOf(file))} where dataset = ${quote(file.dataset)} and path = ${quote(file.path)} and sha256 = ${quote(identity.sha256)}`,
    );
  }
  const rows = [
    ...loading.staged.map(({ file, identity, records }) => row(file, identity, 'loaded', records)),
    ...loading.recognised
      .filter(({ status }) => status === 'duplicate')
      .map(({ file, identity }) => row(file, identity, 'duplicate', 0)),
  ];
  if (rows.length > 0) await db.run(`insert into ops.file values ${rows.join(',\n')}`);
}
