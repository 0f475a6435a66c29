import { rowsOf } from '../engines/index.ts';
import type { Plan } from '../plan/index.ts';
import { isBroken, type Outcome } from '../quality/index.ts';
import { type RefusedFileNote, standingFaults } from './faults.ts';
import { type Heartbeat, readHeartbeat } from './heartbeat.ts';
import { closeReader, readLake } from './lake.ts';
import { LakeHeldError } from './lake-errors.ts';
import { madeTables } from './ledger.ts';
import { standingKey, standingOutcomes } from './standing.ts';

/** A run as the ledger has it. */
export interface PastRun {
  readonly run_id: string;
  readonly started_at: string;
  readonly seconds: number;
  readonly status: string;
  readonly as_of: string;
  readonly error: string | null;
}

/** A table as it stands. */
export interface TableStatus {
  readonly name: string;
  /** Null when it was never made. */
  readonly rows: number | null;
  /** The run that last changed it began then. */
  readonly changed_at: string | null;
  /** Newest arrival of its raw files; null for marts. */
  readonly newest_file: string | null;
  readonly quarantined: number;
  readonly broken_checks: number;
  /** Files of its dataset that the last run over it refused. */
  readonly refused_files: number;
  /** Why it keeps an earlier version; null when it is up to date. */
  readonly held: string | null;
}

/** What a lake is doing and how it stands. */
export type LakeStatus =
  | { readonly state: 'running'; readonly heartbeat: Heartbeat | null; readonly holder: number | null }
  | {
      readonly state: 'idle';
      readonly runs: readonly PastRun[];
      readonly tables: readonly TableStatus[];
      readonly broken: readonly Outcome[];
      readonly refused: readonly RefusedFileNote[];
    };

/** Reads a lake's ledger; while a run holds the lake, its heartbeat. */
export async function lakeStatus(folder: string, plan: Plan): Promise<LakeStatus> {
  try {
    return await idleStatus(folder, plan);
  } catch (error) {
    if (error instanceof LakeHeldError)
      return { state: 'running', heartbeat: readHeartbeat(folder), holder: error.pid };
    throw error;
  }
}

async function idleStatus(folder: string, plan: Plan): Promise<LakeStatus> {
  const lake = await readLake(folder, 0);
  try {
    const runs = await rowsOf(
      lake.db,
      'select run_id, started_at, seconds, status, as_of, error from ops.run order by started_at desc limit 10',
    );
    const started = await rowsOf(lake.db, 'select run_id, started_at from ops.run');
    const startOf = new Map(started.map((row) => [String(row.run_id), `${row.started_at}Z`]));
    const made = await madeTables(lake.db);
    // A check that a contract no longer has stands in the ledger, but says nothing of the table any more.
    const declared = new Set(
      plan.tables.flatMap(({ name, checks }) => checks.map((check) => standingKey(name, check.name))),
    );
    const broken = [...(await standingOutcomes(lake.db))]
      .filter(([key, { outcome }]) => declared.has(key) && isBroken(outcome))
      .map(([, { outcome }]) => outcome);
    const { held, refused } = await standingFaults(lake.db);
    const perDataset = async (sql: string) =>
      new Map((await rowsOf(lake.db, sql)).map((row) => [String(row.dataset), row.value]));
    const newest = await perDataset(
      "select dataset, max(arrived_on) as value from ops.file where status = 'loaded' group by dataset",
    );
    const quarantined = await perDataset('select dataset, count(*) as value from ops.quarantine group by dataset');
    return {
      state: 'idle',
      runs: runs.map((row) => ({
        run_id: String(row.run_id),
        started_at: `${row.started_at}Z`,
        seconds: Number(row.seconds),
        status: String(row.status),
        as_of: String(row.as_of),
        error: row.error === null ? null : String(row.error),
      })),
      tables: plan.tables.map(({ name, making }) => {
        const stands = made.get(name);
        const source = making.kind === 'load' ? making.source : null;
        return {
          name,
          rows: stands?.rows ?? null,
          changed_at: stands ? (startOf.get(stands.changedIn) ?? null) : null,
          newest_file: source && newest.has(source) ? String(newest.get(source)) : null,
          quarantined: source ? Number(quarantined.get(source) ?? 0) : 0,
          broken_checks: broken.filter((outcome) => outcome.table === name).length,
          refused_files: refused.filter((file) => file.dataset === source).length,
          held: held.find((each) => each.table === name)?.because ?? null,
        };
      }),
      broken,
      refused,
    };
  } finally {
    closeReader(lake);
  }
}
