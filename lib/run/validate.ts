import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, DuckDb, rowOf, rowsOf } from '../engines/index.ts';
import { discover, type RawFile } from '../ingest/index.ts';
import { lineageOf, type Plan, quoted, type TablePlan } from '../plan/index.ts';
import { blastRadius, isBroken, judge, mask, type Offender, type Outcome } from '../quality/index.ts';
import { contestsAfter } from './contests.ts';
import { type Fates, type Records, type Settled, settle } from './fates.ts';
import { arrivedOn, Intake, unreadable } from './intake.ts';
import { quote } from './ledger.ts';
import { measureChecks } from './measuring.ts';
import { reasonsOf } from './reasons.ts';
import { refusalsOf } from './refused.ts';
import { type FileResult, secondsSince } from './result.ts';
import { type LoadedTable, Staging } from './staging.ts';
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

/** The records of one table and day, and what they would become. */
export interface ValidatedTable extends Fates {
  readonly name: string;
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

/** Checks that one day's records can decide; references, freshness and sums are judged by the run, which sees the whole table. */
const DECIDABLE = /^(regular$|(at_least|between|one_of|capitals|email|unique|one_claim)\()/;

/**
 * Judges one day's source data before anything is loaded: the records, fates and numbers that the run will give.
 * A day is the rows whose event time is that UTC day, or the files that arrived on it where rows have no time.
 * A record whose time cannot be read belongs to the day its file arrived. Reads no lake and leaves nothing behind.
 */
export async function validate(request: ValidationRequest): Promise<Validation> {
  const start = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'lakehouse-validate-'));
  const { memoryLimit } = request;
  const db = await DuckDb.open({
    tempDirectory: join(scratch, 'engine'),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  });
  try {
    const { files } = await discover(request.raw);
    const named = new Set(
      request.only.length > 0
        ? namedTables(request.plan, request.only)
        : request.plan.tables.map((table) => table.name),
    );
    const days: Day[] = [];
    for (const table of request.plan.tables) {
      if (table.making.kind !== 'load' || !named.has(table.name)) continue;
      request.onTable(table.name);
      days.push(await judgeDay(db, request, table as LoadedTable, files, scratch));
    }
    const checks = days.flatMap((each) => each.checks);
    const refused = days.some((each) => each.files.some((file) => file.status === 'refused'));
    return {
      date: request.date,
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

interface Day {
  readonly table: ValidatedTable;
  readonly checks: readonly Outcome[];
  readonly files: readonly FileResult[];
}

async function judgeDay(
  db: DuckDb,
  request: ValidationRequest,
  table: LoadedTable,
  files: readonly RawFile[],
  scratch: string,
): Promise<Day> {
  const day = await judgeRecords(db, request, table, files, scratch);
  if (table.making.eventTime === null) return day;
  // Where rows have a time, a day without any is news: a delivery may be missing.
  const missing = day.table.read === 0;
  const arrived = judge(table, ARRIVED, { failed: missing ? 1 : 0, total: 1 });
  const reaches = missing ? blastRadius(lineageOf(request.plan), table.name) : [];
  return { ...day, checks: [{ ...arrived, reaches }, ...day.checks] };
}

async function judgeRecords(
  db: DuckDb,
  request: ValidationRequest,
  table: LoadedTable,
  files: readonly RawFile[],
  scratch: string,
): Promise<Day> {
  const staging = new Staging(db, table, scratch);
  const results: FileResult[] = [];
  const arrivedThen: string[] = [];
  const intake = new Intake([], table.grain.length === 0);
  for (const file of files.filter(
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
  const arrived = arrivedThen.length > 0 ? `_file in (${arrivedThen.map(quote).join(', ')})` : 'false';
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

async function judgeChecks(
  db: DuckDb,
  request: ValidationRequest,
  records: Records,
  settled: Settled,
): Promise<Outcome[]> {
  const { table } = records;
  const lineage = lineageOf(request.plan);
  const decidable = table.checks.filter((check) => DECIDABLE.test(check.name));
  const measured = await measureChecks(
    {
      db,
      asOf: request.date,
      lineage,
      instead: new Map([[table.name, settled.incoming]]),
      contests: await contestsAfter(db, table, settled, null),
      refusals: refusalsOf(table, settled),
    },
    table,
    decidable,
  );
  const skipped = table.checks.filter((check) => !decidable.includes(check)).map((check) => judge(table, check, null));
  const conforms: Outcome = {
    ...judge(table, CONFORMS, { failed: settled.fates.quarantined, total: settled.fates.read }),
    ...(settled.fates.quarantined > 0
      ? { offenders: await refusedRecords(db, records), reaches: blastRadius(lineage, table.name) }
      : {}),
  };
  return [
    conforms,
    ...measured.filter((outcome) => isBroken(outcome)),
    ...measured.filter((outcome) => !isBroken(outcome)),
    ...skipped,
  ];
}

const ofEveryTable = (name: string, says: string, severity: 'warn' | 'fail'): TablePlan['checks'][number] => ({
  name,
  says,
  severity,
  tolerate: { rows: 0 },
  measure: { kind: 'load' },
  offenders: null,
});

/** The check that something came at all. */
const ARRIVED = ofEveryTable('arrived', 'records of the day', 'warn');

/** The check that the contract itself is: a record that breaks it would be quarantined. */
const CONFORMS = ofEveryTable('conforms', 'every record keeps the contract', 'fail');

async function refusedRecords(db: DuckDb, { table, relation, broken }: Records): Promise<Offender[]> {
  const rows = await rowsOf(
    db,
    `select _file, _record, string_split(_faults, ',') as reasons, _raw, true as split from ${relation} where _faults is not null
     union all select _file, _record, [code || ': ' || detail], null, false from ${broken} order by 1, 2 limit 3`,
  );
  return rows.map((row) => {
    const raw = typeof row._raw === 'string' ? (JSON.parse(row._raw) as Record<string, string | null>) : {};
    const values = Object.fromEntries(
      table.columns
        .filter((column) => column.name in raw)
        .map((column) => [column.name, mask(column, raw[column.name] ?? null)]),
    );
    const reasons = (Array.isArray(row.reasons) ? row.reasons : []).map(String);
    return {
      file: String(row._file),
      record: Number(row._record),
      values: { ...values, reasons: reasonsOf(table, reasons).join('; ') },
    };
  });
}
