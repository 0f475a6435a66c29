import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParityTable } from '../../lib/parity/engine.ts';
import { type ProbedEngine, parityPage } from '../../lib/parity/page.ts';
import { askProbes, withProbeTables } from '../../lib/parity/probes/ask-probes.ts';
import { type Mismatch, prove } from '../../lib/parity/prove.ts';
import { type Question, questionsOf } from '../../lib/parity/questions.ts';
import { type RunningEngines, startEngines } from '../../lib/parity/start-engines.ts';
import { tablesOfLake } from '../../lib/parity/tables.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { closeReader, readLake, run } from '../../lib/run/index.ts';
import { generateSample } from '../../lib/sample/index.ts';
import { ourPlan, paymentsPlan, tempFolder } from '../support/run-lake.ts';
import { nastyTables } from './nasty-lake.ts';

const RETAIL = fileURLToPath(new URL('../../../shared/data/retail/', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/parity.md', import.meta.url));

let running: RunningEngines;
beforeAll(async () => {
  running = await startEngines(['duckdb', 'spark', 'trino', 'postgres']);
}, 900_000);
afterAll(() => running?.close(), 60_000);

const told = ({ question, engine, difference }: Mismatch) => ({ question, engine, ...difference });

async function mismatches(tables: readonly ParityTable[], questions: readonly Question[], asOf: string) {
  const proof = await prove({ tables, questions, asOf, engines: running.engines });
  expect(proof.questions).toBe(questions.length);
  return { rows: proof.rows, found: proof.mismatches.map(told) };
}

/** The tables of a run over raw files. */
async function tablesOfRun(plan: Plan, raw: string, asOf: string): Promise<ParityTable[]> {
  const folder = tempFolder();
  await run(join(folder, 'lake'), { plan, raw, asOf, only: [], rebuild: [], onEvent: () => undefined });
  const lake = await readLake(join(folder, 'lake'));
  const files = join(folder, 'tables');
  mkdirSync(files);
  try {
    return await tablesOfLake(lake.db, plan, files);
  } finally {
    closeReader(lake);
  }
}

/** The retail files as a raw zone: a folder for each dataset. */
function retailRaw(): string {
  const raw = join(tempFolder(), 'raw');
  for (const name of ['purchase', 'refund', 'void'])
    cpSync(join(RETAIL, `${name}.csv.gz`), join(raw, name, `${name}.csv.gz`));
  return raw;
}

describe('DuckDB, Spark, Trino and PostgreSQL', () => {
  it('answer every probe as by hand, and docs/parity.md says so', async () => {
    const probed: ProbedEngine[] = await withProbeTables(async (tables) => {
      const all = [];
      for (const engine of running.engines) all.push({ engine, failures: await askProbes(engine, tables) });
      return all;
    });
    expect(probed.flatMap(({ engine, failures }) => failures.map(({ probe }) => [engine.name, probe.shows]))).toEqual(
      [],
    );
    expect(readFileSync(PAGE, 'utf8'), 'write it anew: npx lakehouse parity --out docs').toBe(parityPage(probed));
  }, 900_000);

  it('give the same rows on sample data to every select, check, offender and question', async () => {
    const raw = join(tempFolder(), 'raw');
    const { last_day: asOf } = await generateSample({ out: raw, rows: 300, seed: 7, dirt: 0.05 });
    const { rows, found } = await mismatches(await tablesOfRun(ourPlan(), raw, asOf), questionsOf(ourPlan()), asOf);
    expect(found).toEqual([]);
    expect(rows).toBeGreaterThan(1000);
  }, 900_000);

  it('give the same rows on rows that no source would send', async () => {
    const asOf = '2026-05-31';
    const { found } = await mismatches(await nastyTables(ourPlan(), 1, asOf), questionsOf(ourPlan()), asOf);
    expect(found).toEqual([]);
  }, 900_000);

  it.runIf(existsSync(RETAIL))(
    'give the same rows on the real retail data',
    async () => {
      const asOf = '2011-05-31';
      const { rows, found } = await mismatches(
        await tablesOfRun(paymentsPlan(), retailRaw(), asOf),
        questionsOf(paymentsPlan()),
        asOf,
      );
      expect(found).toEqual([]);
      expect(rows).toBeGreaterThan(100);
    },
    900_000,
  );
});
