import { rmSync } from 'node:fs';
import { countOf, type DuckDb, rowOf } from '../engines/index.ts';
import type { RawFile } from '../ingest/index.ts';
import { lineageOf, type Plan, quoted, type TablePlan } from '../plan/index.ts';
import { blastRadius, judge, type Outcome } from '../quality/index.ts';
import { judgeChecks, ofEveryTable } from './day-checks.ts';
import { type Fates, type Records, settle } from './fates.ts';
import { arrivedOn, Intake, unreadable } from './intake.ts';
import { quote } from './ledger.ts';
import type { FileResult } from './result.ts';
import { Staging } from './staging.ts';
import type { LoadedTable } from './staging-tables.ts';

/** The records of one table and day, and what they would become. */
export interface ValidatedTable extends Fates {
  readonly name: string;
}

/** What one table's records of a day are judged with. */
export interface DayRequest {
  readonly db: DuckDb;
  readonly plan: Plan;
  /** The UTC day, `YYYY-MM-DD`. */
  readonly date: string;
  /** All files of the raw zone. */
  readonly files: readonly RawFile[];
  readonly scratch: string;
}

/** What was found of one table's day. */
export interface ValidatedDay {
  readonly table: ValidatedTable;
  readonly checks: readonly Outcome[];
  readonly files: readonly FileResult[];
}

/** The check that something came at all. */
const ARRIVED = ofEveryTable('arrived', 'records of the day', 'warn');

/** Judges the records of one table and day, before anything is loaded. */
export async function judgeDay(request: DayRequest, table: LoadedTable): Promise<ValidatedDay> {
  const day = await judgeRecords(request, table);
  if (table.making.eventTime === null) return day;
  // Where rows have a time, a day without any is news: a delivery may be missing.
  const missing = day.table.read === 0;
  const arrived = judge(table, ARRIVED, { failed: missing ? 1 : 0, total: 1 });
  const reaches = missing ? blastRadius(lineageOf(request.plan), table.name) : [];
  return { ...day, checks: [{ ...arrived, reaches }, ...day.checks] };
}

async function judgeRecords(request: DayRequest, table: LoadedTable): Promise<ValidatedDay> {
  const { db, scratch } = request;
  const staging = new Staging(db, table, scratch);
  const results: FileResult[] = [];
  const arrivedThen: string[] = [];
  const intake = new Intake([], table.grain.length === 0);
  for (const file of request.files.filter(
    (each) => each.dataset === table.making.source && mayHold(each, table, request.date),
  )) {
    const result = await stage(staging, intake, file, scratch);
    const then = arrivedOn(file) === request.date;
    // Nobody can read the times in a refused file: like a record without one, it belongs to the day it arrived.
    if (!result || (result.status === 'refused' && !then)) continue;
    results.push(result);
    if (then) arrivedThen.push(file.path);
  }
  if (!results.some((file) => file.status === 'loaded')) {
    const checks = table.checks.map((check) => judge(table, check, null));
    return {
      table: { name: table.name, read: 0, accepted: 0, duplicate: 0, superseded: 0, quarantined: 0 },
      checks,
      files: results,
    };
  }
  await staging.finish();
  const records = ofDay(staging, request.date, arrivedThen);
  const counted = await rowOf(
    db,
    `select (select count(*) from ${records.relation}) + (select count(*) from ${records.broken}) as n`,
  );
  const settled = await settle(db, records, countOf(counted.n), null);
  const checks = await judgeChecks(db, request, records, settled);
  for (const dropped of settled.drop) await db.run(`drop table if exists ${dropped}`);
  await staging.end();
  return { table: { name: table.name, ...settled.fates }, checks, files: results };
}

/**
 * The days on which records of a day may have arrived. A record does not arrive before it happens, so files of earlier days
 * need not be read; but the day before is, since a source may name its folders by a clock behind UTC.
 */
export const arrivalDays = (
  table: Pick<TablePlan, 'making'>,
  date: string,
): { readonly from: string; readonly to: string | null } =>
  table.making.kind === 'load' && table.making.eventTime !== null
    ? { from: dayBefore(date), to: null }
    : { from: date, to: date };

function mayHold(file: RawFile, table: LoadedTable, date: string): boolean {
  const { from, to } = arrivalDays(table, date);
  if (to !== null) return arrivedOn(file) === to;
  return file.arrivalDay === null || file.arrivalDay >= from;
}

const dayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** Stages a file once: a copy of it by another name is not read again, as in a run. Null for a file that is left alone. */
async function stage(staging: Staging, intake: Intake, file: RawFile, scratch: string): Promise<FileResult | null> {
  const judged = intake.judge(await intake.look(file, scratch));
  if (judged.kind !== 'new') return judged.kind === 'settled' ? judged.result : null;
  const { identity } = judged;
  try {
    const { records } = await staging.read(file, identity);
    intake.accept(file, identity);
    return { path: file.path, dataset: file.dataset, rows: records, status: 'loaded' };
  } catch (error) {
    const outcome = unreadable(file, error);
    return outcome.kind === 'settled' ? outcome.result : null;
  } finally {
    if (identity.content !== file.absolute) rmSync(identity.content, { force: true });
  }
}

/** The staged records of one day. */
function ofDay(staging: Staging, date: string, arrivedThen: readonly string[]): Records {
  const { table } = staging;
  const arrived = arrivedThen.length > 0 ? `_raw_file in (${arrivedThen.map(quote).join(', ')})` : 'false';
  const time = table.making.eventTime;
  if (time === null) return staging;
  const column = quoted(time, 'duckdb');
  const onDay = (relation: string) =>
    `(select * from ${relation} where cast(${column} as date) = date '${date}' or (${column} is null and ${arrived}))`;
  return {
    table,
    relation: onDay(staging.relation),
    broken: `(select * from ${staging.broken} where ${arrived})`,
    refused: staging.refused && `(select * from ${staging.refused} where cast(_time as date) = date '${date}')`,
    setAside: async (contested) => onDay(await staging.setAside(contested)),
  };
}
