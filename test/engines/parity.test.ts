import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParityTable } from '../../lib/parity/engine.ts';
import { faultLines } from '../../lib/parity/fault.ts';
import { type ProbedEngine, parityPage } from '../../lib/parity/page.ts';
import { askProbes, withProbeTables } from '../../lib/parity/probes/ask-probes.ts';
import { prove } from '../../lib/parity/prove.ts';
import { type Question, questionsOf } from '../../lib/parity/questions.ts';
import { type RunningEngines, startEngines } from '../../lib/parity/start-engines.ts';
import { nastyRows, nastyTables } from '../parity/nasty-lake.ts';
import { loadQuestions, loadTables, nastyLoads } from '../parity/nasty-loads.ts';
import { sameOnRows } from '../parity/same-on-rows.ts';
import { ourPlan, paymentsPlan, tempFolder } from '../support/run-lake.ts';
import { tablesOfRun, tablesOfSample } from './lake-tables.ts';

const RETAIL = fileURLToPath(new URL('../../../shared/data/retail/', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/parity.md', import.meta.url));

let running: RunningEngines;
beforeAll(async () => {
  // A place whose clocks are half an hour off and change twice a year: answers must not know where a machine stands.
  process.env.TZ = 'America/St_Johns';
  running = await startEngines(['duckdb', 'spark', 'trino', 'postgres']);
});
afterAll(() => running?.close());

/** Asks all engines; nothing may differ. @returns the rows that were compared. */
async function expectSame(tables: readonly ParityTable[], questions: readonly Question[], asOf: string) {
  const { rows, mismatches } = await prove({ tables, questions, asOf, engines: running.engines });
  expect(mismatches.map((fault) => faultLines(fault).join('\n'))).toEqual([]);
  return rows;
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
  });

  it('spell alike what is no finite number', async () => {
    const words = ['Infinity', '-Infinity', 'NaN'];
    const answers = await Promise.all(
      running.engines.map(async (engine) => {
        const type = engine.name === 'postgres' ? 'double precision' : 'double';
        const columns = words.map((word, place) => `cast('${word}' as ${type}) as x${place}`);
        return [engine.name, (await engine.ask(`select ${columns.join(', ')}`)).rows];
      }),
    );
    expect(answers).toEqual(running.engines.map(({ name }) => [name, [words]]));
  });

  it.each([
    { rows: 40, seed: 3, dirt: 0.3 },
    { rows: 600, seed: 7, dirt: 0.05 },
  ])(
    'give the same rows on sample data to every select, check, offender and question: $rows rows, seed $seed, dirt $dirt',
    async (size) => {
      const plan = ourPlan();
      const { tables, asOf } = await tablesOfSample(plan, size);
      expect(await expectSame(tables, questionsOf(plan), asOf)).toBeGreaterThan(size.rows);
    },
  );

  // To repeat what failed, write the seed and the path that it printed here.
  it.each([{ seed: 1 }, {}])('give the same rows on rows that no source would send: %j', async (repeat) => {
    const [plan, asOf] = [ourPlan(), '2026-05-31'];
    await sameOnRows(
      {
        engines: running.engines,
        questions: questionsOf(plan),
        asOf,
        rows: nastyRows(plan),
        tables: (rows, wanted) => nastyTables(plan, rows, asOf, wanted),
      },
      repeat,
    );
  });

  // Loads run on two of the engines; the others read what these two loaded.
  it.each([{ seed: 1 }, {}])(
    'type the same text alike and settle the same claims, where they load: %j',
    async (repeat) => {
      const plan = ourPlan();
      await sameOnRows(
        {
          engines: running.engines,
          questions: loadQuestions(plan),
          asOf: '2026-05-31',
          rows: nastyLoads(plan),
          tables: (rows, wanted) => loadTables(plan, rows, wanted),
        },
        repeat,
      );
    },
  );

  it.runIf(existsSync(RETAIL))('give the same rows on the real retail data', async () => {
    const [plan, asOf] = [paymentsPlan(), '2011-05-31'];
    const tables = await tablesOfRun(plan, retailRaw(), asOf);
    expect(await expectSame(tables, questionsOf(plan), asOf)).toBeGreaterThan(100);
  });
});
