import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSqlFiles } from '../../lib/cli/plan-files.ts';
import { DuckDb, type Row, rowsOf } from '../../lib/engines/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import type { Plan, SqlFiles, TablePlan } from '../../lib/plan/index.ts';
import { products } from '../../lib/products/index.ts';
import { payments } from '../../lib/products/payments.ts';
import { type RunReport, type RunRequest, run } from '../../lib/run/index.ts';
import { SQL_FOLDER } from './cli.ts';

/** The project's own SQL, by path. */
export const OUR_SQL: SqlFiles = readSqlFiles(SQL_FOLDER);

let ours: Plan | null = null;

/** The project's own plan, compiled once a process. */
export function ourPlan(): Plan {
  ours ??= compile(products, OUR_SQL);
  return ours;
}

/** The SQL of some files of ours: `compile` refuses none too many, but few are compiled sooner. */
export const sqlOf = (...paths: readonly string[]): SqlFiles =>
  Object.fromEntries(paths.map((path) => [path, OUR_SQL[path] ?? '']));

let forPayments: Plan | null = null;

/** The plan of the product payments alone: three base tables and a mart. */
export function paymentsPlan(): Plan {
  forPayments ??= compile([payments], sqlOf('mart/refunds_by_customer.sql'));
  return forPayments;
}

/** A folder that goes with the test file. */
export const tempFolder = (): string => mkdtempSync(join(tmpdir(), 'lake-'));

/** A raw zone and a lake of a test's own. */
export class Workshop {
  readonly folder: string;
  readonly raw: string;
  readonly lake: string;
  readonly plan: Plan;

  constructor(plan: Plan = ourPlan(), folder: string = tempFolder()) {
    this.plan = plan;
    this.folder = folder;
    this.raw = join(folder, 'raw');
    this.lake = join(folder, 'lake');
    mkdirSync(this.raw, { recursive: true });
  }

  /** Writes a raw file, whole. */
  put(path: string, content: string | Buffer): string {
    const absolute = join(this.raw, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    return absolute;
  }

  remove(path: string): void {
    rmSync(join(this.raw, path), { recursive: true });
  }

  request(given: Partial<RunRequest> = {}): RunRequest {
    return {
      plan: this.plan,
      raw: this.raw,
      asOf: '2024-06-30',
      only: [],
      rebuild: [],
      onEvent: () => undefined,
      ...given,
    };
  }

  run(given: Partial<RunRequest> = {}): Promise<RunReport> {
    return run(this.lake, this.request(given));
  }

  query(sql: string): Promise<readonly Row[]> {
    return queryFile(join(this.lake, 'lake.duckdb'), sql);
  }

  /** Every row of every table of the plan that the lake has, provenance apart, in a stated order. */
  tables(): Promise<Record<string, string[]>> {
    return lakeTables(join(this.lake, 'lake.duckdb'), this.plan);
  }
}

/** Opens a database file to read, asks, closes. */
export async function queryFile(path: string, sql: string): Promise<readonly Row[]> {
  const db = await DuckDb.open({ path, readOnly: true });
  try {
    return await rowsOf(db, sql);
  } finally {
    db.close();
  }
}

/** Changes a database file by hand. */
export async function alterFile(path: string, ...statements: readonly string[]): Promise<void> {
  const db = await DuckDb.open({ path });
  try {
    for (const sql of statements) await db.run(sql);
  } finally {
    db.close();
  }
}

async function lakeTables(path: string, plan: Plan): Promise<Record<string, string[]>> {
  const db = await DuckDb.open({ path, readOnly: true });
  try {
    const stored = await rowsOf(
      db,
      "select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('raw', 'base', 'mart', 'feature')",
    );
    const present = new Set(stored.map((row) => String(row.name)));
    const tables: Record<string, string[]> = {};
    for (const { name, columns } of plan.tables) {
      if (!present.has(name)) continue;
      const [layer, bare] = name.split('.');
      const list = columns.map((column) => `"${column.name}"`).join(', ');
      tables[name] = (await rowsOf(db, `select ${list} from ${layer}."${bare}"`)).map(rowText).sort();
    }
    return tables;
  } finally {
    db.close();
  }
}

/** A row as text that tells null from the word null, and a number from its text. */
export const rowText = (row: Row): string =>
  JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));

/** The result of a run for one table. */
export function tableResult(report: RunReport, name: string) {
  const found = report.result.tables.find((table) => table.name === name);
  if (!found) throw new Error(`no table ${name} in the result`);
  return found;
}

/** The result of a run for one check. */
export function checkResult(report: RunReport, table: string, check: string) {
  const found = report.result.checks.find((each) => each.table === table && each.check === check);
  if (!found) {
    const names = report.result.checks.filter((each) => each.table === table).map((each) => each.check);
    throw new Error(`no check ${check} of ${table}; there are ${names.join(', ')}`);
  }
  return found;
}

/** The result of a run for one file. */
export function fileResult(report: RunReport, path: string) {
  const found = report.result.files.find((file) => file.path === path);
  if (!found)
    throw new Error(`no file ${path}; there are ${report.result.files.map((file) => file.path).join(', ') || 'none'}`);
  return found;
}

/** A table of a plan. */
export function planTable(plan: Plan, name: string): TablePlan {
  const found = plan.tables.find((table) => table.name === name);
  if (!found) throw new Error(`no table ${name} in the plan`);
  return found;
}

/** Rows as CSV, `null` as nothing, quoted where RFC 4180 wants it. */
export function csv(header: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const cell = (value: string | null) =>
    value === null ? '' : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}
