import { type Discovery, discover } from '../ingest/index.ts';
import { type KnownFile, knownFiles } from './ledger.ts';
import { type Loading, loadDataset } from './loading.ts';
import { missingFrom, whyNotAnew } from './raw-missing.ts';
import { relationOf } from './relation.ts';
import { type FileResult, secondsSince } from './result.ts';
import type { LoadedTable } from './staging-tables.ts';
import { hold, loadedTables, NO_FATES, type RunState, resultOf } from './state.ts';

/** Reads every new file of the raw zone and settles the fates of its records. */
export async function readRaw(state: RunState): Promise<void> {
  const found = state.request.found ?? (await discover(state.request.raw));
  noteStrangers(state, found);
  const known = await knownFiles(state.db);
  const tables = loadedTables(state);
  state.request.onEvent({ kind: 'level', level: 0, tables: tables.map((table) => table.name) });
  for (const table of tables) await read(state, table, found, known);
}

function noteStrangers({ request, notes }: RunState, found: Discovery): void {
  const sources = new Set(request.plan.sources.map((source) => source.name));
  const strangers = new Set(found.files.map((file) => file.dataset).filter((dataset) => !sources.has(dataset)));
  for (const dataset of strangers) notes.push(`raw/${dataset} is ignored: no contract reads it`);
  for (const { path, reason } of found.ignored) notes.push(`${path} is left alone: ${reason}`);
}

async function read(state: RunState, table: LoadedTable, found: Discovery, known: readonly KnownFile[]): Promise<void> {
  const { request, work, made } = state;
  const started = performance.now();
  request.onEvent({ kind: 'table_started', level: 0, table: table.name });
  const fresh = work.rebuild.has(table.name);
  const stands = made.get(table.name);
  const mine = known.filter((file) => file.dataset === table.making.source);
  const files = found.files.filter((file) => file.dataset === table.making.source);
  if (files.length === 0 && mine.length === 0 && table.making.madeBy !== null)
    state.notes.push(
      `raw/${table.making.source} has no files: deliver some, or make them with: ${table.making.madeBy} --raw ${request.raw}`,
    );
  const loading = await loadDataset(state.db, {
    table,
    files,
    known: fresh ? [] : mine,
    scratch: state.scratch,
    stored: fresh || !stands ? null : relationOf(table.name),
    onEvent: request.onEvent,
  });
  state.loadings.set(table.name, loading);
  state.notes.push(...loading.notes);
  const missing = fresh ? missingFrom(loading, mine) : [];
  if (missing.length > 0) {
    state.files.push(...takenBack(table, loading, mine));
    hold(state, table, whyNotAnew(missing));
    return request.onEvent({ kind: 'table_done', level: 0, table: resultOf(state, table) });
  }
  state.files.push(...loading.files);
  const refused = loading.settled?.refusals.fields ?? 0;
  if (refused > 0)
    state.notes.push(
      `${table.name}: ${refused} irregular fields were refused by themselves, the rest of their records counts (lakehouse quarantine ${table.name})`,
    );
  if (loading.settled || fresh || !stands) state.changed.add(table.name);
  const fates = loading.settled?.fates ?? NO_FATES;
  const rows = stands?.rows ?? 0;
  state.tables.set(table.name, {
    name: table.name,
    layer: table.layer,
    ...fates,
    rows,
    seconds: secondsSince(started),
  });
  request.onEvent({ kind: 'table_done', level: 0, table: resultOf(state, table) });
}

/** The files of a table that cannot be made anew: those whose rows stand are known, new ones wait. */
function takenBack({ name }: LoadedTable, loading: Loading, known: readonly KnownFile[]): FileResult[] {
  const standing = new Set(known.map(({ sha256 }) => sha256));
  const stands = new Set(
    loading.staged.filter(({ identity }) => standing.has(identity.sha256)).map(({ file }) => file.path),
  );
  return loading.files.map((file) => {
    if (file.status !== 'loaded') return file;
    if (stands.has(file.path)) return { ...file, rows: 0, status: 'known' };
    return { ...file, rows: 0, status: 'refused', reason: `it waits: ${name} is held` };
  });
}
