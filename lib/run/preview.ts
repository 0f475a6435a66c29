import { descendants } from '../dag/index.ts';
import { discover } from '../ingest/index.ts';
import { lineageOf } from '../plan/index.ts';
import { stampOf } from './intake.ts';
import { closeReader, NoLakeError, readLake } from './lake.ts';
import { type KnownFile, knownFiles, type Made, madeTables } from './ledger.ts';
import type { RunRequest } from './pipeline.ts';
import { decideWork, namedTables, staleBecause } from './work.ts';

/** What a run would do with a table. */
export interface PlannedTable {
  readonly table: string;
  /** `make`: for the first time. `load`, `build`: take in what is new. `rebuild`: anew from raw or its inputs. `refused`: see `because`. */
  readonly action: 'make' | 'load' | 'build' | 'rebuild' | 'refused';
  /** Files that the ledger does not know, judged by path and stamp: one may turn out to have known content. */
  readonly new_files: number;
  readonly because: readonly string[];
  /** Tables and consumers that read it, near and far. */
  readonly read_by: readonly string[];
}

/** What a run would do. */
export interface Preview {
  readonly files: { readonly new: number; readonly known: number };
  readonly tables: readonly PlannedTable[];
}

/** Looks at raw zone, plan and lake without reading a record or touching anything. */
export async function preview(folder: string, request: Omit<RunRequest, 'onEvent'>): Promise<Preview> {
  const { made, known } = await readState(folder);
  const { plan } = request;
  const work = decideWork(plan, made, request);
  const asked = namedTables(plan, request.rebuild);
  const { files } = await discover(request.raw);
  const stamps = new Set(known.map((file) => `${file.dataset}/${file.path}/${file.stamp}`));
  const isNew = (file: (typeof files)[number]) => !stamps.has(`${file.dataset}/${file.path}/${stampOf(file)}`);
  const lineage = lineageOf(plan);
  const moving = new Set<string>();
  const tables: PlannedTable[] = [];
  for (const table of work.tables) {
    const source = table.making.kind === 'load' ? table.making.source : null;
    const newFiles = files.filter((file) => file.dataset === source && isNew(file)).length;
    const change = work.changes.find((each) => each.table === table.name);
    const because = [
      ...(change?.differences ?? []),
      ...(asked.includes(table.name) && !change ? ['asked for'] : []),
      ...(newFiles > 0 ? [`${newFiles} new files`] : []),
      ...(table.making.kind === 'select'
        ? staleBecause({ ...table, making: table.making }, made, moving, request.asOf)
        : []),
      ...(made.has(table.name) ? [] : ['it was never made']),
    ];
    if (because.length === 0) continue;
    moving.add(table.name);
    const refused = change?.kind === 'refused' && !asked.includes(table.name);
    const again = source === null ? 'build' : 'load';
    const action = refused
      ? 'refused'
      : !made.has(table.name)
        ? 'make'
        : work.rebuild.has(table.name)
          ? 'rebuild'
          : again;
    tables.push({ table: table.name, action, new_files: newFiles, because, read_by: descendants(lineage, table.name) });
  }
  const datasets = new Set(work.tables.flatMap(({ making }) => (making.kind === 'load' ? [making.source] : [])));
  const mine = files.filter((file) => datasets.has(file.dataset));
  const fresh = mine.filter(isNew).length;
  return { files: { new: fresh, known: mine.length - fresh }, tables };
}

async function readState(folder: string): Promise<{ made: Map<string, Made>; known: KnownFile[] }> {
  const lake = await readLake(folder).catch((error: unknown) => {
    if (error instanceof NoLakeError) return null;
    throw error;
  });
  if (!lake) return { made: new Map(), known: [] };
  try {
    return { made: await madeTables(lake.db), known: await knownFiles(lake.db) };
  } finally {
    closeReader(lake);
  }
}
