import type { DuckDb } from '../engines/index.ts';
import type { Discovery } from '../ingest/index.ts';
import type { Plan, TablePlan } from '../plan/index.ts';
import type { BuiltTable } from './building.ts';
import type { Fates } from './fates.ts';
import { type Faults, standingFaults } from './faults.ts';
import { type Made, madeTables } from './ledger.ts';
import type { Loading } from './loading.ts';
import type { FileResult, RunEvent, TableResult } from './result.ts';
import type { LoadedTable } from './staging-tables.ts';
import { type Measurement, type Standing, standingOutcomes } from './standing.ts';
import { decideWork, namedTables, refuseLoss, type Work } from './work.ts';

/** What a run is given. */
export interface RunRequest {
  readonly plan: Plan;
  /** The raw zone. */
  readonly raw: string;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  /** Products or tables; empty means everything. What they need comes with them. */
  readonly only: readonly string[];
  /** Products or tables to make anew from raw. */
  readonly rebuild: readonly string[];
  /** The raw files to look at; default: all that are discovered. Others are neither read nor forgotten. */
  readonly found?: Discovery;
  readonly onEvent: (event: RunEvent) => void;
}

/** A table that was built and waits to be published. */
export interface Build {
  readonly table: BuiltTable;
  /** The temporary table with its new rows. */
  readonly next: string;
  /** Whether it replaces what stands, whole. */
  readonly fresh: boolean;
  /** The as-of dates it then holds. */
  readonly asOfs: readonly string[];
}

/** One run on an open lake: what it found there, and what it has come to so far. */
export interface RunState {
  readonly db: DuckDb;
  readonly request: RunRequest;
  readonly runId: string;
  readonly scratch: string;
  readonly work: Work;
  /** The tables of the lake; while the run publishes, as they are by then. */
  readonly made: Map<string, Made>;
  /** Each check's latest outcome before this run. */
  readonly standing: ReadonlyMap<string, Standing>;
  readonly loadings: Map<string, Loading>;
  /** What stands for a table that changes in this run, until it is published. */
  readonly candidates: Map<string, string>;
  readonly builds: Map<string, Build>;
  /** Tables whose rows change in this run. */
  readonly changed: Set<string>;
  /** Tables that keep their last good version, and why: a fault there or above. */
  readonly held: Map<string, string>;
  /** What the last run left held and refused. */
  readonly faults: Faults;
  readonly tables: Map<string, TableResult>;
  readonly outcomes: Map<string, Measurement>;
  readonly files: FileResult[];
  readonly notes: string[];
}

/** Looks at plan and lake and decides the work. @throws UnknownNameError, ChangeRefusedError */
export async function beginRun(db: DuckDb, request: RunRequest, runId: string, scratch: string): Promise<RunState> {
  const made = await madeTables(db);
  const work = decideWork(request.plan, made, request);
  refuseLoss(work, namedTables(request.plan, request.rebuild));
  return {
    db,
    request,
    runId,
    scratch,
    work,
    made,
    standing: await standingOutcomes(db),
    loadings: new Map(),
    candidates: new Map(),
    builds: new Map(),
    changed: new Set(),
    held: new Map(),
    faults: await standingFaults(db),
    tables: new Map(),
    outcomes: new Map(),
    files: [],
    notes: work.changes.map((change) => `${change.table} is made anew: ${change.differences.join(', ')}`),
  };
}

/** The fates of a table that read nothing. */
export const NO_FATES: Fates = { read: 0, accepted: 0, duplicate: 0, superseded: 0, quarantined: 0 };

const isLoaded = (table: TablePlan): table is LoadedTable => table.making.kind === 'load';
const isBuilt = (table: TablePlan): table is BuiltTable => table.making.kind === 'select';

/** The run's tables that are loaded from raw records. */
export const loadedTables = ({ work }: RunState): LoadedTable[] => work.tables.filter(isLoaded);

/** The run's tables that are made by a select, in order. */
export const builtTables = ({ work }: RunState): BuiltTable[] => work.tables.filter(isBuilt);

/** The run that last changed a table's rows, before this one; empty text where the lake has none. */
export const versionOf = ({ made }: RunState, table: string): string => made.get(table)?.changedIn ?? '';

/** What the run says of a table so far. */
export function resultOf({ tables, made }: RunState, table: TablePlan): TableResult {
  const rows = made.get(table.name)?.rows ?? 0;
  return tables.get(table.name) ?? { name: table.name, layer: table.layer, ...NO_FATES, rows, seconds: 0 };
}

/** Keeps a table's last good version. */
export function hold(state: RunState, table: TablePlan, why: string): void {
  state.held.set(table.name, why);
  state.changed.delete(table.name);
  state.candidates.delete(table.name);
  state.tables.delete(table.name);
}
