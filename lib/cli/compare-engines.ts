import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParityEngineName, ParityTable } from '../parity/engine.ts';
import { type ProbedEngine, parityPage } from '../parity/page.ts';
import { askProbes, type ProbeFailure, withProbeTables } from '../parity/probes/ask-probes.ts';
import { type Proof, prove } from '../parity/prove.ts';
import { questionsOf } from '../parity/questions.ts';
import { startEngines } from '../parity/start-engines.ts';
import { tablesOfLake } from '../parity/tables.ts';
import type { Plan } from '../plan/index.ts';
import { closeReader, readLake, run } from '../run/index.ts';

/** What is to be compared. */
export interface ParityRequest {
  readonly plan: Plan;
  readonly engines: readonly ParityEngineName[];
  /** The raw zone; null for sample data. */
  readonly raw: string | null;
  /** Null for the last day of the sample. */
  readonly asOf: string | null;
  /** Where the page is written; null for nowhere. */
  readonly out: string | null;
  readonly onProgress: (step: string) => void;
}

/** What the engines made of the probes and of the questions. */
export interface ParityFound extends Proof {
  readonly probed: readonly { readonly engine: ProbedEngine['engine']; readonly failures: readonly ProbeFailure[] }[];
}

/** Makes a lake of the raw files in a folder that goes again, starts the engines and asks them everything. */
export async function compareEngines(request: ParityRequest): Promise<ParityFound> {
  const { plan, engines: names, out, onProgress } = request;
  const folder = await mkdtemp(join(tmpdir(), 'lakehouse-parity-'));
  try {
    onProgress('making the tables');
    const { tables, asOf } = await makeTables(folder, request);
    onProgress(`starting ${names.join(', ')}`);
    const { engines, close } = await startEngines(names);
    try {
      const probed = await withProbeTables(async (probeTables) => {
        const all: ParityFound['probed'][number][] = [];
        for (const engine of engines) {
          onProgress(`${engine.name}: probes`);
          all.push({ engine, failures: await askProbes(engine, probeTables) });
        }
        return all;
      });
      if (out !== null) await writePage(out, parityPage(probed));
      return { probed, ...(await prove({ tables, questions: questionsOf(plan), asOf, engines, onProgress })) };
    } finally {
      await close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writePage(folder: string, page: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'parity.md'), page);
}

/** The lake's tables as files, all of them made by this engine from the raw files. */
async function makeTables(
  folder: string,
  { plan, raw, asOf }: ParityRequest,
): Promise<{ tables: ParityTable[]; asOf: string }> {
  const [lakeFolder, files] = [join(folder, 'lake'), join(folder, 'tables')];
  const source = raw === null ? await sample(join(folder, 'raw')) : { raw, lastDay: '' };
  const day = asOf ?? source.lastDay;
  await run(lakeFolder, { plan, raw: source.raw, asOf: day, only: [], rebuild: [], onEvent: () => undefined });
  await mkdir(files, { recursive: true });
  const lake = await readLake(lakeFolder);
  try {
    return { tables: await tablesOfLake(lake.db, plan, files), asOf: day };
  } finally {
    closeReader(lake);
  }
}

async function sample(raw: string): Promise<{ raw: string; lastDay: string }> {
  const { generateSample } = await import('../sample/index.ts');
  const { last_day: lastDay } = await generateSample({ out: raw, rows: 300 });
  return { raw, lastDay };
}
