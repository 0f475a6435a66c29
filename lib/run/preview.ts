import { descendants } from '../dag/index.ts';
import { discover, type RawFile } from '../ingest/index.ts';
import { lineageOf, type TablePlan } from '../plan/index.ts';
import { stampOf } from './intake.ts';
import { closeReader, readLake } from './lake.ts';
import { NoLakeError } from './lake-errors.ts';
import { type KnownFile, knownFiles, type Made, madeTables } from './ledger.ts';
import { missingBefore, whyNotAnew } from './raw-missing.ts';
import { fingerprintOf, type Standing, standingKey, standingOutcomes } from './standing.ts';
import type { RunRequest } from './state.ts';
import { decideWork, namedTables, staleBecause } from './work.ts';

/** What a run would do with a table. */
export interface PlannedTable {
  readonly table: string;
  /** `make`: for the first time. `load`, `build`: take in what is new. `rebuild`: anew from raw or its inputs. `check`: only measure checks that changed. `held`: keep the last good version. `refused`: see `because`. */
  readonly action: 'make' | 'load' | 'build' | 'rebuild' | 'check' | 'held' | 'refused';
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

/** Looks at raw zone, plan and lake without touching anything. Reads no file, but where a rebuild may lack one: its content may go by a new name. */
export async function preview(folder: string, request: Omit<RunRequest, 'onEvent'>): Promise<Preview> {
  const { made, known, standing } = await readState(folder);
  const { plan } = request;
  const work = decideWork(plan, made, request);
  const asked = namedTables(plan, request.rebuild);
  const { files } = await discover(request.raw);
  const stamps = new Set(known.map((file) => `${file.dataset}/${file.path}/${file.stamp}`));
  const isNew = (file: (typeof files)[number]) => !stamps.has(`${file.dataset}/${file.path}/${stampOf(file)}`);
  const lineage = lineageOf(plan);
  const moving = new Set<string>();
  const held = new Set<string>();
  const tables: PlannedTable[] = [];
  for (const table of work.tables) {
    const source = table.making.kind === 'load' ? table.making.source : null;
    const newFiles = files.filter((file) => file.dataset === source && isNew(file)).length;
    const change = work.changes.find((each) => each.table === table.name);
    const waits = await whyHeld(table, { held, known, files, rebuild: work.rebuild });
    if (waits !== null) held.add(table.name);
    const because = [
      ...(waits === null ? [] : [waits]),
      ...(change?.differences ?? []),
      ...(asked.includes(table.name) && !change ? ['asked for'] : []),
      ...(newFiles > 0 ? [`${newFiles} new files`] : []),
      ...(table.making.kind === 'select'
        ? staleBecause({ ...table, making: table.making }, made, moving, request.asOf)
        : []),
      ...(made.has(table.name) ? [] : ['it was never made']),
    ];
    const checks = made.has(table.name) ? changedChecks(table, standing) : [];
    if (because.length + checks.length === 0) continue;
    if (because.length > 0 && waits === null) moving.add(table.name);
    const refused = change?.kind === 'refused' && !asked.includes(table.name);
    const again = source === null ? 'build' : 'load';
    const action = refused
      ? 'refused'
      : waits !== null
        ? 'held'
        : !made.has(table.name)
          ? 'make'
          : work.rebuild.has(table.name)
            ? 'rebuild'
            : because.length > 0
              ? again
              : 'check';
    const reasons = [...because, ...checks];
    tables.push({
      table: table.name,
      action,
      new_files: newFiles,
      because: reasons,
      read_by: descendants(lineage, table.name),
    });
  }
  const datasets = new Set(work.tables.flatMap(({ making }) => (making.kind === 'load' ? [making.source] : [])));
  const mine = files.filter((file) => datasets.has(file.dataset));
  const fresh = mine.filter(isNew).length;
  return { files: { new: fresh, known: mine.length - fresh }, tables };
}

interface Waiting {
  readonly held: ReadonlySet<string>;
  readonly known: readonly KnownFile[];
  readonly files: readonly RawFile[];
  readonly rebuild: ReadonlySet<string>;
}

/** Why a table would keep its last good version: files of its rows are gone, or what it reads is held. Null when it would not. */
async function whyHeld({ name, reads, making }: TablePlan, { held, known, files, rebuild }: Waiting) {
  const unsafe = reads.filter((read) => held.has(read));
  if (unsafe.length > 0) return `it reads ${unsafe.join(', ')}`;
  if (making.kind !== 'load' || !rebuild.has(name)) return null;
  const mine = <T extends { readonly dataset: string }>(all: readonly T[]) =>
    all.filter((file) => file.dataset === making.source);
  const missing = await missingBefore(mine(files), mine(known));
  return missing.length > 0 ? whyNotAnew(missing) : null;
}

/** Checks that are new or not the ones that were measured, in words. */
const changedChecks = (table: TablePlan, standing: ReadonlyMap<string, Standing>): string[] =>
  table.checks.flatMap((check) => {
    const measured = standing.get(standingKey(table.name, check.name));
    if (!measured) return [`check ${check.name} is new`];
    return measured.by === fingerprintOf(check) ? [] : [`check ${check.name} changed`];
  });

interface State {
  readonly made: Map<string, Made>;
  readonly known: KnownFile[];
  readonly standing: Map<string, Standing>;
}

async function readState(folder: string): Promise<State> {
  const lake = await readLake(folder).catch((error: unknown) => {
    if (error instanceof NoLakeError) return null;
    throw error;
  });
  if (!lake) return { made: new Map(), known: [], standing: new Map() };
  try {
    return {
      made: await madeTables(lake.db),
      known: await knownFiles(lake.db),
      standing: await standingOutcomes(lake.db),
    };
  } finally {
    closeReader(lake);
  }
}
