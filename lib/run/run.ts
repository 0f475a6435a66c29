import { randomUUID } from 'node:crypto';
import { isBroken } from '../quality/index.ts';
import { criticalPathOf } from './critical-path.ts';
import { beat, stopBeating } from './heartbeat.ts';
import { closeLake, type Lake, openLake } from './lake.ts';
import { quote } from './ledger.ts';
import { compute, end, outcomeOf, type PipelineOutcome, prepare, publish } from './pipeline.ts';
import { checkResult, type RunEvent, type RunReport, type RunResult, secondsSince } from './result.ts';
import { beginRun, type RunRequest } from './state.ts';
import { UnknownNameError } from './work.ts';

/** A run that published nothing. `report.result` says what `run --format json` prints; `cause` is the error. */
export class RunFailedError extends Error {
  readonly result: RunResult;

  constructor(result: RunResult, cause: unknown) {
    super(result.error ?? 'the run failed', { cause });
    this.name = 'RunFailedError';
    this.result = result;
  }
}

interface Clock {
  readonly runId: string;
  readonly startedAt: string;
  readonly start: number;
  readonly asOf: string;
}

const startClock = (asOf: string): Clock => ({
  runId: randomUUID(),
  startedAt: new Date().toISOString(),
  start: performance.now(),
  asOf,
});

/** The failure of a run that never began: contracts and SQL gave no plan. It has a result like any other. */
export const neverBegun = (asOf: string, error: unknown): RunFailedError =>
  new RunFailedError(failed(startClock(asOf), error), error);

/**
 * Runs the plan: new raw files become typed rows, marts are built level by level, checks are measured, and one
 * transaction publishes data and ledger together. Safe to repeat and to kill at any moment.
 * @throws RunFailedError when nothing was published; UnknownNameError (inside it) for a name that the plan does not have.
 */
export async function run(lakeFolder: string, request: RunRequest): Promise<RunReport> {
  const clock = startClock(request.asOf);
  let lake: Lake;
  try {
    lake = await openLake(lakeFolder);
  } catch (error) {
    throw new RunFailedError(failed(clock, error), error);
  }
  try {
    return await runTimed(lake, clock, request);
  } finally {
    closeLake(lake);
  }
}

/** A run on a lake that is open already and stays open: what `run` does between opening and closing. @throws RunFailedError */
export const runIn = (lake: Lake, request: RunRequest): Promise<RunReport> =>
  runTimed(lake, startClock(request.asOf), request);

async function runTimed(lake: Lake, clock: Clock, request: RunRequest): Promise<RunReport> {
  const heart = startHeart(lake, clock);
  try {
    request.onEvent({ kind: 'began', runId: clock.runId });
    const onEvent = (event: RunEvent) => {
      heart.say(event);
      request.onEvent(event);
    };
    return await runOn(lake, clock, { ...request, onEvent });
  } catch (error) {
    const result = failed(clock, error);
    // A name that the plan does not have is a slip of the caller's, not a run.
    if (!(error instanceof UnknownNameError)) await recordFailure(lake, clock, result);
    throw new RunFailedError(result, error);
  } finally {
    heart.stop();
  }
}

async function runOn(lake: Lake, clock: Clock, request: RunRequest): Promise<RunReport> {
  await lake.db.run('set preserve_insertion_order = true');
  const state = await beginRun(lake.db, request, clock.runId, lake.scratch);
  try {
    if (!(await prepare(state))) return summary(clock, outcomeOf(state));
    await compute(state);
    request.onEvent({ kind: 'publishing' });
    // Staging needs rows in the order of the file; tables have no order, and writing without one uses every core.
    await lake.db.run('set preserve_insertion_order = false');
    await lake.db.run('begin');
    try {
      await publish(state);
      const report = summary(clock, outcomeOf(state));
      await noteRun(lake, clock, report.result);
      await lake.db.run('commit');
      request.onEvent({ kind: 'published' });
      return report;
    } catch (error) {
      // A statement that failed has ended the transaction's use, not the transaction: it must be rolled back.
      await lake.db.run('rollback').catch(() => undefined);
      throw error;
    }
  } finally {
    await end(state).catch(() => undefined);
  }
}

function summary(clock: Clock, outcome: PipelineOutcome): RunReport {
  const seconds = new Map(outcome.tables.map((table) => [table.name, table.seconds]));
  const worst = { fail: 0, warn: 1, skipped: 2, pass: 3 };
  return {
    result: {
      run_id: clock.runId,
      as_of: clock.asOf,
      status: outcome.changed ? 'ok' : 'nothing_new',
      seconds: secondsSince(clock.start),
      tables: outcome.tables,
      checks: outcome.outcomes.map(checkResult),
      files: outcome.files,
      critical_path: criticalPathOf(outcome.plan, (table) => seconds.get(table) ?? 0),
      ...(outcome.held.length > 0 ? { held: outcome.held } : {}),
    },
    findings: outcome.outcomes.filter(isBroken).sort((a, b) => worst[a.verdict] - worst[b.verdict]),
    notes: outcome.notes,
  };
}

function failed(clock: Clock, error: unknown): RunResult {
  return {
    run_id: clock.runId,
    as_of: clock.asOf,
    status: 'failed',
    seconds: secondsSince(clock.start),
    tables: [],
    checks: [],
    files: [],
    critical_path: [],
    error: error instanceof Error ? error.message : String(error),
  };
}

async function noteRun(lake: Lake, clock: Clock, result: RunResult): Promise<void> {
  const facts = [clock.runId, clock.startedAt.replace('T', ' ').replace('Z', '')].map(quote).join(', ');
  await lake.db.run(
    `insert into ops.run values (${facts}, ${result.seconds}, ${quote(result.status)}, date ${quote(clock.asOf)}, ${quote(result.error ?? null)}, ${quote(JSON.stringify(result))})`,
  );
}

/** A failed run records itself in a transaction of its own; where even that cannot be written, the error itself is the record. */
async function recordFailure(lake: Lake, clock: Clock, result: RunResult): Promise<void> {
  await noteRun(lake, clock, result).catch(() => undefined);
}

/** Says every second what the run is doing, for `lakehouse status` while the lake is held. */
function startHeart(lake: Lake, clock: Clock): { say: (event: RunEvent) => void; stop: () => void } {
  let doing = 'starting';
  const write = () => {
    try {
      beat(lake.folder, {
        pid: process.pid,
        run_id: clock.runId,
        started_at: clock.startedAt,
        beat_at: new Date().toISOString(),
        doing,
      });
    } catch {
      // A heartbeat is a courtesy: a full disk must fail the run by its data, with a clear error, not by this.
    }
  };
  write();
  const timer = setInterval(write, 1000);
  return {
    say: (event) => {
      if (event.kind === 'table_started') doing = `level ${event.level}: ${event.table}`;
      if (event.kind === 'publishing') doing = 'publishing';
    },
    stop: () => {
      clearInterval(timer);
      stopBeating(lake.folder);
    },
  };
}
