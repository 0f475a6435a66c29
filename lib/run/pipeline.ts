import { countOf, type DuckDb, rowOf } from '../engines/index.ts';
import { type Discovery, discover } from '../ingest/index.ts';
import { storedColumns } from '../plan/ddl.ts';
import { type CheckPlan, definitionOf, lineageOf, type Plan, sqlType, type TablePlan } from '../plan/index.ts';
import { isBroken, judge, type Outcome } from '../quality/index.ts';
import { afterBuild, type BuiltTable, buildNext, publishBuild, rowCount } from './building.ts';
import { type Fates, publishLoad } from './fates.ts';
import { arrivedOn } from './intake.ts';
import { type KnownFile, knownFiles, type Made, madeTables, noteMade, quote } from './ledger.ts';
import { type Loading, loadDataset, noteFiles } from './loading.ts';
import { decides, measureChecks } from './measuring.ts';
import { bindLocal, columnList, relationOf } from './relation.ts';
import { type FileResult, type RunEvent, secondsSince, type TableResult } from './result.ts';
import type { LoadedTable } from './staging.ts';
import {
  fingerprintOf,
  type Measurement,
  noteOutcomes,
  type Standing,
  standingKey,
  standingOutcomes,
} from './standing.ts';
import { decideWork, namedTables, refuseLoss, staleBecause, type Work } from './work.ts';

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
  readonly onEvent: (event: RunEvent) => void;
}

/** A table that was built and waits to be published. */
interface Build {
  readonly table: BuiltTable;
  /** The temporary table with its new rows. */
  readonly next: string;
  /** Whether it replaces what stands, whole. */
  readonly fresh: boolean;
  /** The as-of dates it then holds. */
  readonly asOfs: readonly string[];
}

/** What a pipeline did, before it is summed up. */
export interface PipelineOutcome {
  /** Whether anything was published. */
  readonly changed: boolean;
  readonly tables: readonly TableResult[];
  readonly outcomes: readonly Outcome[];
  readonly files: readonly FileResult[];
  readonly notes: readonly string[];
  readonly plan: readonly TablePlan[];
}

/** A file whose rows are in the lake is gone from the raw zone, or refused by now, so its table cannot be made anew. */
export class RawMissingError extends Error {
  /** @param files where they stood, and why they are refused where they still stand. */
  constructor(table: string, files: readonly { readonly path: string; readonly refused: string | null }[]) {
    const list = files.slice(0, 5).map(({ path, refused }) => (refused === null ? path : `${path} (${refused})`));
    const more = files.length > 5 ? ` and ${files.length - 5} more` : '';
    const [what, next] = files.some((file) => file.refused === null)
      ? [
          'are no longer in the raw zone',
          'bring them back (by any name) and run again, or make a new lake of what is left',
        ]
      : [
          'are refused by its contract as it is now',
          'change the contract, for example make a new column nullable, or mend the files',
        ];
    super(`${table} cannot be made anew: its rows come from files that ${what}: ${list.join(', ')}${more}; ${next}`);
    this.name = 'RawMissingError';
  }
}

const NO_FATES: Fates = { read: 0, accepted: 0, duplicate: 0, superseded: 0, quarantined: 0 };

const isLoaded = (table: TablePlan): table is LoadedTable => table.making.kind === 'load';
const isBuilt = (table: TablePlan): table is BuiltTable => table.making.kind === 'select';

/**
 * One run of the plan on an open lake. `prepare` reads new records and settles their fates; `compute` builds and checks
 * what will be published, from candidates: temporary relations that show each table as it would be. Both work outside of
 * any transaction, so what data can break breaks there, and the engine reads with every core (rows of an open
 * transaction it reads with one). `publish` only writes, inside the caller's transaction.
 */
export class Pipeline {
  readonly #db: DuckDb;
  readonly #request: RunRequest;
  readonly #runId: string;
  readonly #scratch: string;
  #work: Work = { tables: [], changes: [], rebuild: new Set() };
  #made: Map<string, Made> = new Map();
  #standing: Map<string, Standing> = new Map();
  readonly #loadings = new Map<string, Loading>();
  /** What stands for a table that changes in this run, until it is published. */
  readonly #candidates = new Map<string, string>();
  readonly #builds = new Map<string, Build>();
  /** Tables whose rows change in this run. */
  readonly #changed = new Set<string>();
  /** Tables that keep their last good version, because a blocking check failed there or above. */
  readonly #held = new Set<string>();
  readonly #tables = new Map<string, TableResult>();
  readonly #outcomes = new Map<string, Measurement>();
  readonly #files: FileResult[] = [];
  readonly #notes: string[] = [];

  constructor(db: DuckDb, request: RunRequest, runId: string, scratch: string) {
    this.#db = db;
    this.#request = request;
    this.#runId = runId;
    this.#scratch = scratch;
  }

  /** Reads everything new and settles the fates of its records. @returns whether there is anything to publish. */
  async prepare(): Promise<boolean> {
    const { plan, raw, only, rebuild, onEvent } = this.#request;
    this.#made = await madeTables(this.#db);
    this.#standing = await standingOutcomes(this.#db);
    this.#work = decideWork(plan, this.#made, { only, rebuild });
    refuseLoss(this.#work, namedTables(plan, rebuild));
    for (const change of this.#work.changes)
      this.#notes.push(`${change.table} is made anew: ${change.differences.join(', ')}`);
    const found = await discover(raw);
    this.#noteStrangers(found);
    const known = await knownFiles(this.#db);
    const loaded = this.#work.tables.filter(isLoaded);
    onEvent({ kind: 'level', level: 0, tables: loaded.map((table) => table.name) });
    for (const table of loaded) await this.#load(table, found, known);
    for (const table of this.#work.tables.filter(isBuilt)) if (this.#isStale(table)) this.#changed.add(table.name);
    const recognised = [...this.#loadings.values()].some((loading) => loading.recognised.length > 0);
    return recognised || this.#changed.size > 0 || this.#work.tables.some((table) => this.#due(table).length > 0);
  }

  /** Builds what is stale and measures what is due, on candidates. */
  async compute(): Promise<void> {
    const loaded = this.#work.tables.filter(isLoaded);
    for (const table of loaded)
      if (this.#changed.has(table.name)) this.#candidates.set(table.name, this.#candidateOf(table));
    await this.#guardAll(loaded);
    this.#candidates.set('ops.file', this.#filesAfter(loaded));
    const built = this.#work.tables.filter(isBuilt);
    for (const level of new Set(built.map((table) => table.level))) {
      const tables = built.filter((table) => table.level === level);
      if (tables.some((table) => this.#changed.has(table.name)))
        this.#request.onEvent({ kind: 'level', level, tables: tables.map((table) => table.name) });
      for (const table of tables) await this.#build(table);
    }
    for (const table of this.#work.tables) await this.#measure(table, this.#due(table));
  }

  /** Puts data and ledger into the lake. To be called inside a transaction. */
  async publish(): Promise<void> {
    for (const table of this.#work.tables.filter(isLoaded)) await this.#publishLoad(table);
    for (const build of this.#builds.values()) await this.#publishBuild(build);
    await noteOutcomes(this.#db, this.#runId, [...this.#outcomes.values()]);
    for (const table of this.#work.tables) await this.#noteStep(table);
  }

  /** What came of it. */
  async outcome(): Promise<PipelineOutcome> {
    const tables: TableResult[] = [];
    for (const table of this.#work.tables) tables.push(this.#tables.get(table.name) ?? (await this.#unchanged(table)));
    const outcomes = this.#work.tables.flatMap((table) =>
      table.checks.map((check) => {
        const key = standingKey(table.name, check.name);
        return (this.#outcomes.get(key) ?? this.#standing.get(key))?.outcome ?? judge(table, check, null);
      }),
    );
    const changed = this.#changed.size > 0 || this.#outcomes.size > 0;
    return { changed, tables, outcomes, files: this.#files, notes: this.#notes, plan: this.#work.tables };
  }

  /** Drops what was staged. */
  async end(): Promise<void> {
    for (const { staging, settled } of this.#loadings.values()) {
      for (const table of settled?.drop ?? []) await this.#db.run(`drop table if exists ${table}`);
      await staging.end();
    }
    for (const { next } of this.#builds.values()) await this.#db.run(`drop table if exists ${next}`);
  }

  #noteStrangers(found: Discovery): void {
    const sources = new Set(this.#request.plan.sources.map((source) => source.name));
    const strangers = new Set(found.files.map((file) => file.dataset).filter((dataset) => !sources.has(dataset)));
    for (const dataset of strangers) this.#notes.push(`raw/${dataset} is ignored: no contract reads it`);
    for (const { path, reason } of found.ignored) this.#notes.push(`${path} is left alone: ${reason}`);
  }

  async #load(table: LoadedTable, found: Discovery, known: readonly KnownFile[]): Promise<void> {
    const started = performance.now();
    this.#request.onEvent({ kind: 'table_started', level: 0, table: table.name });
    const fresh = this.#work.rebuild.has(table.name);
    const mine = known.filter((file) => file.dataset === table.making.source);
    const made = this.#made.has(table.name);
    const loading = await loadDataset(this.#db, {
      table,
      files: found.files.filter((file) => file.dataset === table.making.source),
      known: fresh ? [] : mine,
      scratch: this.#scratch,
      stored: fresh || !made ? null : relationOf(table.name),
      onEvent: this.#request.onEvent,
    });
    this.#loadings.set(table.name, loading);
    this.#files.push(...loading.files);
    this.#notes.push(...loading.notes);
    if (fresh) this.#refuseIfRawIsGone(table, loading, mine);
    if (loading.settled || fresh || !made) this.#changed.add(table.name);
    const fates = loading.settled?.fates ?? NO_FATES;
    this.#tables.set(table.name, {
      name: table.name,
      layer: 'base',
      ...fates,
      rows: this.#made.get(table.name)?.rows ?? 0,
      seconds: secondsSince(started),
    });
    this.#request.onEvent({ kind: 'table_done', level: 0, table: this.#tableResult(table) });
  }

  #refuseIfRawIsGone(table: LoadedTable, loading: Loading, known: readonly KnownFile[]): void {
    const present = new Set([...loading.staged.map(({ identity }) => identity.sha256)]);
    const gone = known.filter((file) => file.status === 'loaded' && !present.has(file.sha256));
    if (gone.length > 0)
      throw new RawMissingError(
        table.name,
        gone.map(({ path }) => ({
          path,
          refused: loading.files.find((file) => file.path === path && file.status === 'refused')?.reason ?? null,
        })),
      );
  }

  #isStale(table: BuiltTable): boolean {
    if (!this.#made.has(table.name) || this.#work.rebuild.has(table.name)) return true;
    return staleBecause(table, this.#made, this.#changed, this.#request.asOf).length > 0;
  }

  /** The checks to measure: where rows that decide them changed since, or the as-of date did, or the check itself, or nothing stands yet. */
  #due(table: TablePlan): CheckPlan[] {
    return table.checks.filter((check) => {
      const key = standingKey(table.name, check.name);
      if (this.#outcomes.has(key)) return false;
      const standing = this.#standing.get(key);
      if (!standing) return true;
      const deciding = decides(table, check);
      const moved = deciding.tables.some(
        (name) => this.#changed.has(name) || standing.from?.[name] !== this.#versionOf(name),
      );
      return moved || standing.by !== fingerprintOf(check) || (deciding.asOf && standing.asOf !== this.#request.asOf);
    });
  }

  /** The run that last changed a table's rows; empty text where the lake has none. */
  #versionOf(table: string): string {
    return this.#made.get(table)?.changedIn ?? '';
  }

  /** What a base table would be with this load: for checks that may keep it out. */
  #candidateOf(table: LoadedTable): string {
    const settled = this.#loadings.get(table.name)?.settled;
    const columns = `${columnList(table)}, _file, _record`;
    const kept = this.#work.rebuild.has(table.name) || !this.#made.has(table.name) ? null : relationOf(table.name);
    const notBeaten = settled?.beaten
      ? ` where not exists (select 1 from ${settled.beaten} as w where ${table.grain.map((column) => `w."${column}" = b."${column}"`).join(' and ')})`
      : '';
    const parts = [
      kept ? `select ${columns} from ${kept} as b${notBeaten}` : null,
      settled ? `select ${columns} from ${settled.incoming} as i` : null,
    ];
    const present = parts.filter((part) => part !== null);
    const nulls = storedColumns(table).map(({ name, type }) => `cast(null as ${sqlType(type, 'duckdb')}) as "${name}"`);
    const empty = `select ${nulls.join(', ')} where false`;
    return `(${present.join(' union all ') || empty})`;
  }

  /** The file ledger as it would be: `arrived_on` of every loaded file. */
  #filesAfter(tables: readonly LoadedTable[]): string {
    const kept = tables.filter((table) => !this.#held.has(table.name));
    const again = kept.filter((table) => this.#work.rebuild.has(table.name)).map((table) => quote(table.making.source));
    const rows = kept.flatMap((table) =>
      (this.#loadings.get(table.name)?.staged ?? []).map(
        ({ file }) => `select ${quote(file.dataset)}, 'loaded', date ${quote(arrivedOn(file))}`,
      ),
    );
    const stored = `select dataset, status, arrived_on from ops.file${again.length > 0 ? ` where dataset not in (${again.join(', ')})` : ''}`;
    return `(${[stored, ...rows].join(' union all ')})`;
  }

  /** Guards every base table. One that is held shows its last good version to the others, so they are judged again. */
  async #guardAll(tables: readonly LoadedTable[]): Promise<void> {
    let held: number;
    do {
      held = this.#held.size;
      for (const table of tables) if (this.#changed.has(table.name)) await this.#guard(table);
    } while (this.#held.size > held);
  }

  /** Measures blocking checks on a candidate; a broken one keeps the last good version. */
  async #guard(table: TablePlan): Promise<void> {
    await this.#measure(
      table,
      table.checks.filter((check) => check.severity === 'blocking'),
    );
    if (!this.#isBlocked(table)) return;
    this.#hold(table);
    this.#candidates.delete(table.name);
  }

  #isBlocked(table: TablePlan): boolean {
    return [...this.#outcomes.values()].some(
      ({ outcome }) => outcome.table === table.name && outcome.severity === 'blocking' && isBroken(outcome),
    );
  }

  #hold(table: TablePlan): void {
    this.#held.add(table.name);
    this.#changed.delete(table.name);
    this.#tables.delete(table.name);
    const reason = `a blocking check of ${table.name} failed: its last good version stands`;
    this.#notes.push(reason);
    for (const [index, file] of this.#files.entries()) {
      if (isLoaded(table) && file.dataset === table.making.source && file.status === 'loaded') {
        this.#files[index] = { ...file, rows: 0, status: 'refused', reason };
      }
    }
  }

  async #publishLoad(table: LoadedTable): Promise<void> {
    const loading = this.#loadings.get(table.name);
    if (!loading || this.#held.has(table.name)) return;
    if (!this.#changed.has(table.name)) return noteFiles(this.#db, this.#runId, loading);
    const started = performance.now();
    const fresh = this.#work.rebuild.has(table.name);
    if (fresh) await this.#forget(table);
    if (fresh || !this.#made.has(table.name)) await this.#db.run(bindLocal(table.ddl.duckdb, null));
    if (loading.settled) await publishLoad(this.#db, this.#runId, loading.staging, loading.settled);
    await noteFiles(this.#db, this.#runId, loading);
    await this.#noteMade(table, [], secondsSince(started));
  }

  /** Clears a table that is made anew, with all that the ledger says of its files. */
  async #forget(table: LoadedTable): Promise<void> {
    await this.#db.run(`drop table if exists ${relationOf(table.name)}`);
    for (const ledger of ['file', 'quarantine', 'discard']) {
      await this.#db.run(`delete from ops.${ledger} where dataset = ${quote(table.making.source)}`);
    }
  }

  async #build(table: BuiltTable): Promise<void> {
    if (table.reads.some((read) => this.#held.has(read))) {
      this.#held.add(table.name);
      this.#changed.delete(table.name);
      this.#notes.push(
        `${table.name} is skipped: it reads ${table.reads.filter((read) => this.#held.has(read)).join(', ')}`,
      );
      return;
    }
    if (!this.#changed.has(table.name)) return;
    const started = performance.now();
    this.#request.onEvent({ kind: 'table_started', level: table.level, table: table.name });
    const asOfs = this.#asOfs(table);
    const fresh = this.#work.rebuild.has(table.name) || !this.#made.has(table.name);
    const next = await buildNext(this.#db, table, asOfs.compute, this.#candidates);
    this.#builds.set(table.name, { table, next, fresh, asOfs: asOfs.stored });
    this.#candidates.set(table.name, fresh ? next : afterBuild(table, next, this.#request.asOf));
    await this.#guard(table);
    if (this.#held.has(table.name)) return;
    const rows = countOf((await rowOf(this.#db, `select count(*) as n from ${next}`)).n);
    this.#tables.set(table.name, { ...this.#tableResult(table), rows, seconds: secondsSince(started) });
    this.#request.onEvent({ kind: 'table_done', level: table.level, table: this.#tableResult(table) });
  }

  async #publishBuild({ table, next, fresh, asOfs }: Build): Promise<void> {
    if (this.#held.has(table.name)) return;
    const started = performance.now();
    await publishBuild(this.#db, table, next, this.#request.asOf, fresh);
    await this.#noteMade(table, asOfs, secondsSince(started));
  }

  /** The as-of dates to answer for: this run's; all that were ever answered when the table is made anew. */
  #asOfs(table: BuiltTable): { compute: readonly string[]; stored: readonly string[] } {
    const { asOf } = this.#request;
    if (!table.making.takesAsOf || table.write.kind !== 'merge')
      return { compute: [asOf], stored: table.making.takesAsOf ? [asOf] : [] };
    const earlier = (this.#made.get(table.name)?.asOfs ?? []).filter((date) => date !== asOf);
    return { compute: this.#work.rebuild.has(table.name) ? [...earlier, asOf] : [asOf], stored: [...earlier, asOf] };
  }

  async #measure(table: TablePlan, checks: readonly CheckPlan[]): Promise<void> {
    const instead = this.#candidates;
    if (checks.length === 0) return;
    if (this.#held.has(table.name)) return;
    const settled = this.#loadings.get(table.name)?.settled;
    const context = {
      db: this.#db,
      asOf: this.#request.asOf,
      lineage: lineageOf(this.#request.plan),
      instead,
      conflicts: settled ? { failed: settled.conflicts, total: settled.fates.accepted } : { failed: 0, total: 0 },
    };
    // A check that looks at a table which the lake does not have (yet) says nothing: it is measured once the table is there.
    const isThere = (name: string) =>
      name === table.name || name.startsWith('ops.') || instead.has(name) || this.#made.has(name);
    const measurable = checks.filter((check) => decides(table, check).tables.every(isThere));
    const outcomes = new Map(
      (await measureChecks(context, table, measurable)).map((outcome) => [outcome.check, outcome]),
    );
    for (const check of checks) {
      const outcome = outcomes.get(check.name) ?? judge(table, check, null);
      // Rows that are only a candidate have no version: should they be held, the check is due on those that stand.
      const version = (name: string) => (this.#changed.has(name) ? this.#runId : this.#versionOf(name));
      const from = Object.fromEntries(decides(table, check).tables.map((name) => [name, version(name)]));
      this.#outcomes.set(standingKey(table.name, check.name), { outcome, by: fingerprintOf(check), from });
    }
  }

  async #noteMade(table: TablePlan, asOfs: readonly string[], seconds: number): Promise<void> {
    const rows = await rowCount(this.#db, table.name);
    const madeFrom = Object.fromEntries(table.reads.map((read) => [read, this.#made.get(read)?.changedIn ?? '']));
    const made: Made = { definition: definitionOf(table), changedIn: this.#runId, madeFrom, asOfs, rows };
    await noteMade(this.#db, table.name, made);
    this.#made.set(table.name, made);
    const before = this.#tableResult(table);
    this.#tables.set(table.name, { ...before, rows, seconds: Math.round((before.seconds + seconds) * 1000) / 1000 });
  }

  async #noteStep(table: TablePlan): Promise<void> {
    if (!this.#changed.has(table.name)) return;
    const { read, accepted, duplicate, superseded, quarantined, rows, seconds } = this.#tableResult(table);
    await this.#db.run(
      `insert into ops.step values (${quote(this.#runId)}, ${quote(table.name)}, ${table.level}, ${seconds}, ${[read, accepted, duplicate, superseded, quarantined, rows].join(', ')})`,
    );
  }

  #tableResult(table: TablePlan): TableResult {
    return this.#tables.get(table.name) ?? { name: table.name, layer: table.layer, ...NO_FATES, rows: 0, seconds: 0 };
  }

  async #unchanged(table: TablePlan): Promise<TableResult> {
    return {
      name: table.name,
      layer: table.layer,
      ...NO_FATES,
      rows: this.#made.get(table.name)?.rows ?? 0,
      seconds: 0,
    };
  }
}
