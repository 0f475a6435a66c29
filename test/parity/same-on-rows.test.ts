import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDbParity } from '../../lib/parity/duckdb.ts';
import type { ParityEngine } from '../../lib/parity/engine.ts';
import { questionsOf } from '../../lib/parity/questions.ts';
import { paymentsPlan } from '../support/run-lake.ts';
import { nastyRows, nastyTables } from './nasty-lake.ts';
import { sameOnRows } from './same-on-rows.ts';

let honest: DuckDbParity;
let other: DuckDbParity;
beforeAll(async () => {
  honest = await DuckDbParity.start();
  other = await DuckDbParity.start();
});
afterAll(async () => {
  await honest.close();
  await other.close();
});

/** An engine that reads one word as another. */
const misreading = (word: string, as: string): ParityEngine => ({
  name: 'spark',
  reads: 'duckdb',
  version: '',
  load: (tables) => other.load(tables),
  relation: (table) => other.relation(table),
  ask: (sql) => other.ask(sql.replaceAll(word, as)),
  close: () => other.close(),
});

function onNastyRows(engine: ParityEngine, repeat: { readonly seed: number; readonly path?: string }) {
  const [plan, asOf] = [paymentsPlan(), '2026-05-31'];
  const questions = questionsOf(plan).filter(({ name }) => name.startsWith('mart.refunds_by_customer'));
  return sameOnRows(
    {
      engines: [honest, engine],
      questions,
      asOf,
      rows: nastyRows(plan),
      tables: (rows, wanted) => nastyTables(plan, rows, asOf, wanted),
    },
    repeat,
  );
}

const thrown = (engine: ParityEngine, repeat: { readonly seed: number; readonly path?: string }): Promise<string> =>
  onNastyRows(engine, repeat).then(
    () => '',
    (error: unknown) => (error instanceof Error ? `${error.message}\n${String(error.cause ?? '')}` : String(error)),
  );

const rowsIn = (told: string): readonly string[] => told.match(/^ {4}\{.*\}$/gm) ?? [];

describe('engines on nasty rows', () => {
  it('are the same where they are', async () => {
    expect(await thrown(misreading('select', 'select'), { seed: 1 })).toBe('');
  });

  it('differ by few rows of the tables that one question reads, told with seed and path', async () => {
    const engine = misreading('NOT EXISTS', 'EXISTS');
    const told = await thrown(engine, { seed: 4 });
    expect(told).toMatch(/mart\.refunds_by_customer select on spark/);
    expect(told).toMatch(/sql of duckdb\n.*sql of spark\n/s);
    const rows = rowsIn(told);
    // A refund that counts, and its purchase.
    expect(rows).toHaveLength(2);
    const [, seed = '', path = ''] = /seed: (-?\d+), path: "([\d:]+)"/.exec(told) ?? [];
    expect(rowsIn(await thrown(engine, { seed: Number(seed), path }))).toEqual(rows);
  });
});
