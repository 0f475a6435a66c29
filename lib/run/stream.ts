import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { descendants } from '../dag/index.ts';
import { rowOf } from '../engines/index.ts';
import { rawFileAt } from '../ingest/index.ts';
import { lineageOf, type Plan, quoted } from '../plan/index.ts';
import type { Lake } from './lake.ts';
import { type BatchLimits, type MicroBatch, microBatches } from './micro-batches.ts';
import { relationOf } from './relation.ts';
import type { RunReport } from './result.ts';
import { runIn } from './run.ts';
import { SharedLake } from './shared-lake.ts';
import type { LoadedTable } from './staging-tables.ts';

/** What a stream is given. */
export interface StreamRequest {
  readonly plan: Plan;
  readonly raw: string;
  readonly lake: string;
  /** The raw dataset whose records arrive. */
  readonly dataset: string;
  /** `YYYY-MM-DD`: the day that answers are given for, and on which the batches arrive. */
  readonly asOf: string;
  readonly limits: BatchLimits;
  readonly source: AsyncIterable<Buffer>;
  /** Ends the stream after the lines that are complete. */
  readonly stop: AbortSignal;
}

/** A micro-batch that was published. */
export interface StreamedBatch {
  /** From 1; 0 is what an earlier stream had kept and not published. */
  readonly number: number;
  /** Its raw file, relative to the raw zone; null for batch 0. */
  readonly path: string | null;
  readonly report: RunReport;
  /** From the arrival of its first record to its publication. */
  readonly lagSeconds: number;
  /** From the newest event that the lake knows to now; null where rows have no time, or there are none. */
  readonly eventLagSeconds: number | null;
}

/** The dataset cannot be streamed: nobody reads it, or its records have no key to be told apart by. */
export class StreamDatasetError extends Error {
  constructor(dataset: string, why: string, plan: Plan) {
    const known = plan.sources.filter(({ name }) => isKeyed(plan, name)).map(({ name }) => name);
    super(`raw.${dataset} cannot be streamed: ${why}; datasets with a key: ${known.join(', ')}`);
    this.name = 'StreamDatasetError';
  }
}

/**
 * Feeds a stream through the plan, batch by batch: each is kept as a raw file first, then loaded, built, checked and
 * published like any other file, so that nothing is lost or counted twice wherever it is interrupted. The lake is held while
 * batches follow each other, and released when the stream is idle and every few seconds, so that others can read.
 * @throws StreamDatasetError, RunFailedError, EndlessLineError, LakeHeldError
 */
export async function* stream(request: StreamRequest): AsyncGenerator<StreamedBatch> {
  const tables = streamedTables(request.plan, request.dataset);
  const lake = new SharedLake(request.lake);
  const only = tables.affected;
  const base = {
    plan: request.plan,
    raw: request.raw,
    asOf: request.asOf,
    only,
    rebuild: [],
    onEvent: () => undefined,
  };
  try {
    const began = performance.now();
    await mkdir(request.raw, { recursive: true });
    // A stream that was killed may have kept a batch that it did not publish.
    const report = await runIn(await lake.open(), base);
    if (report.result.tables.some(({ read }) => read > 0))
      yield await published(lake, tables.loaded, { number: 0, path: null, report }, began);
    let number = 0;
    for await (const batch of lake.idleAware(microBatches(request.source, request.limits, request.stop))) {
      const path = await keepRaw(request, batch);
      const file = await rawFileAt(request.raw, path);
      if (file === null) throw new Error(`${path} was kept, but is no raw file`);
      const batchReport = await runIn(await lake.open(), { ...base, found: { files: [file], ignored: [] } });
      number += 1;
      yield await published(lake, tables.loaded, { number, path, report: batchReport }, batch.since);
    }
  } finally {
    lake.close();
  }
}

const isKeyed = (plan: Plan, source: string): boolean =>
  loadedFrom(plan, source).every(({ grain }) => grain.length > 0);

const loadedFrom = (plan: Plan, source: string): LoadedTable[] =>
  plan.tables.filter((table): table is LoadedTable => table.making.kind === 'load' && table.making.source === source);

/** The tables that a raw dataset feeds, and all that depends on them. */
function streamedTables(plan: Plan, dataset: string): { loaded: readonly LoadedTable[]; affected: string[] } {
  const loaded = loadedFrom(plan, dataset);
  if (loaded.length === 0) throw new StreamDatasetError(dataset, 'no contract reads it', plan);
  if (!isKeyed(plan, dataset))
    throw new StreamDatasetError(dataset, 'its records have no key, so one that comes twice would count twice', plan);
  const below = new Set(loaded.flatMap(({ name }) => descendants(lineageOf(plan), name)));
  const names = plan.tables.map(({ name }) => name).filter((name) => below.has(name));
  return { loaded, affected: [...loaded.map(({ name }) => name), ...names] };
}

/**
 * Writes a batch beside its place, onto the disk, and renames it there. The name is its content's: the same batch again is
 * the same file, and no raw file is ever changed.
 */
async function keepRaw({ raw, dataset, asOf }: StreamRequest, { bytes }: MicroBatch): Promise<string> {
  const content = createHash('sha256').update(bytes).digest('hex');
  const path = posix.join(dataset, `dt=${asOf}`, `stream-${content.slice(0, 32)}.jsonl`);
  const absolute = join(raw, path);
  if (await stat(absolute).catch(() => null)) return path;
  await mkdir(dirname(absolute), { recursive: true });
  const beside = join(dirname(absolute), `.stream-${randomUUID()}.tmp`);
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(beside, absolute);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  return path;
}

async function published(
  lake: SharedLake,
  loaded: readonly LoadedTable[],
  batch: Pick<StreamedBatch, 'number' | 'path' | 'report'>,
  since: number,
): Promise<StreamedBatch> {
  const lagSeconds = (performance.now() - since) / 1000;
  return { ...batch, lagSeconds, eventLagSeconds: await eventLag(await lake.open(), loaded) };
}

/** Seconds from the newest event of these tables to now. */
async function eventLag({ db }: Lake, loaded: readonly LoadedTable[]): Promise<number | null> {
  const newest = loaded.flatMap(({ name, making }) =>
    making.eventTime === null
      ? []
      : [`select max(${quoted(making.eventTime, 'duckdb')}) as newest from ${relationOf(name)}`],
  );
  if (newest.length === 0) return null;
  const { ms } = await rowOf(
    db,
    `select epoch_ms(cast(max(newest) as timestamp)) as ms from (${newest.join(' union all ')})`,
  );
  return ms === null || ms === undefined ? null : (Date.now() - Number(ms)) / 1000;
}
