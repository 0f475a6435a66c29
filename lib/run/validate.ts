import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb } from '../engines/index.ts';
import { discover } from '../ingest/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Outcome } from '../quality/index.ts';
import { judgeDay, type ValidatedDay, type ValidatedTable } from './judge-day.ts';
import { type FileResult, secondsSince } from './result.ts';
import type { LoadedTable } from './staging-tables.ts';
import { namedTables } from './work.ts';

/** What a validation is given. */
export interface ValidationRequest {
  readonly plan: Plan;
  readonly raw: string;
  /** The UTC day to judge, `YYYY-MM-DD`. */
  readonly date: string;
  /** Products or base tables; empty means all. */
  readonly only: readonly string[];
  readonly onTable: (table: string) => void;
  /** Bound of the engine's own memory, as DuckDB writes it; its default where none is given. */
  readonly memoryLimit?: string;
}

/** What a validation found. `fail`: a record breaks its contract, a file was refused, or a check of severity `fail` is broken. */
export interface Validation {
  readonly date: string;
  readonly status: 'pass' | 'fail';
  readonly seconds: number;
  readonly tables: readonly ValidatedTable[];
  readonly checks: readonly Outcome[];
  readonly files: readonly FileResult[];
}

/**
 * Judges one day's source data before anything is loaded: the records, fates and numbers that the run will give.
 * A day is the rows whose event time is that UTC day, or the files that arrived on it where rows have no time.
 * A record whose time cannot be read belongs to the day its file arrived. Reads no lake and leaves nothing behind.
 */
export async function validate(request: ValidationRequest): Promise<Validation> {
  const start = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'lakehouse-validate-'));
  const { memoryLimit, plan, date } = request;
  const db = await DuckDb.open({
    tempDirectory: join(scratch, 'engine'),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  });
  try {
    const { files } = await discover(request.raw);
    const named = new Set(
      request.only.length > 0 ? namedTables(plan, request.only) : plan.tables.map((table) => table.name),
    );
    const days: ValidatedDay[] = [];
    for (const table of plan.tables) {
      if (table.making.kind !== 'load' || !named.has(table.name)) continue;
      request.onTable(table.name);
      days.push(await judgeDay({ db, plan, date, files, scratch }, table as LoadedTable));
    }
    const checks = days.flatMap((each) => each.checks);
    const refused = days.some((each) => each.files.some((file) => file.status === 'refused'));
    return {
      date,
      status: refused || checks.some((check) => check.verdict === 'fail') ? 'fail' : 'pass',
      seconds: secondsSince(start),
      tables: days.map((each) => each.table),
      checks,
      files: days.flatMap((each) => each.files),
    };
  } finally {
    db.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
