import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ParityTable } from '../../lib/parity/engine.ts';
import { tablesOfLake } from '../../lib/parity/tables.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { closeReader, readLake, run } from '../../lib/run/index.ts';
import { generateSample, type SampleOptions } from '../../lib/sample/index.ts';
import { tempFolder } from '../support/run-lake.ts';

/** The tables of a run over raw files. */
export async function tablesOfRun(plan: Plan, raw: string, asOf: string): Promise<ParityTable[]> {
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

/** The tables of a run over sample data, on its last day. */
export async function tablesOfSample(
  plan: Plan,
  sample: Pick<SampleOptions, 'rows' | 'seed' | 'dirt'>,
): Promise<{ readonly tables: readonly ParityTable[]; readonly asOf: string }> {
  const raw = join(tempFolder(), 'raw');
  const { last_day: asOf } = await generateSample({ out: raw, ...sample });
  return { tables: await tablesOfRun(plan, raw, asOf), asOf };
}
