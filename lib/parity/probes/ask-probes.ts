import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb } from '../../engines/index.ts';
import { bind, quoted, sqlType } from '../../plan/index.ts';
import { render } from '../../plan/sql/index.ts';
import { relationOf } from '../../run/relation.ts';
import type { Answer } from '../answer.ts';
import { compareAnswers, type Difference } from '../compare.ts';
import type { ParityEngine, ParityTable } from '../engine.ts';
import { tableOf, written } from '../tables.ts';
import { PROBE_DAY, PROBE_TABLES, PROBES, type Probe, type ProbeTable } from './index.ts';

/** A probe that an engine answers otherwise than by hand. */
export interface ProbeFailure {
  readonly probe: Probe;
  readonly sql: string;
  readonly difference: Difference;
}

/** Puts every probe to an engine. @returns those that it fails. */
export async function askProbes(engine: ParityEngine, tables: readonly ParityTable[]): Promise<ProbeFailure[]> {
  await engine.load(tables);
  const failures: ProbeFailure[] = [];
  for (const probe of PROBES) {
    const sql = bind(render(probe.sql, engine.reads), { table: (name) => engine.relation(name), asOf: PROBE_DAY });
    const difference = await differenceOf(engine, probe, sql);
    if (difference !== null) failures.push({ probe, sql, difference });
  }
  return failures;
}

async function differenceOf(engine: ParityEngine, { rows, ordered }: Probe, sql: string): Promise<Difference | null> {
  const found = await engine
    .ask(sql)
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof found === 'string') return { key: '', column: 'answer', expected: `${rows.length} rows`, found };
  const expected: Answer = { columns: found.columns, rows };
  return compareAnswers(expected, found, { key: [], ordered: ordered ?? false });
}

/** Has the tables of the probes as files while they are used. */
export async function withProbeTables<T>(use: (tables: readonly ParityTable[]) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lakehouse-probes-'));
  const db = await DuckDb.open();
  try {
    await db.run('create schema probe');
    const tables: ParityTable[] = [];
    for (const table of PROBE_TABLES) {
      await make(db, table);
      tables.push(await written(db, folder, table.name, table.columns, tableOf(table.name, table.columns)));
    }
    return await use(tables);
  } finally {
    db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function make(db: DuckDb, { name, columns, rows }: ProbeTable): Promise<void> {
  const typed = columns.map((column) => `${quoted(column.name, 'duckdb')} ${sqlType(column.type, 'duckdb')}`);
  await db.run(`create table ${relationOf(name)} (${typed.join(', ')})`);
  const tuples = rows.map((row) => `(${row.map(literal).join(', ')})`);
  if (tuples.length > 0) await db.run(`insert into ${relationOf(name)} values ${tuples.join(', ')}`);
}

const literal = (value: string | null): string => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`);
