import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Plan } from '../../lib/plan/index.ts';
import type { RunRequest, RunResult } from '../../lib/run/index.ts';
import { Workshop } from '../support/run-lake.ts';
import { LEDGER_OF_RECORDS, ledgers, onDuckDb, onSpark } from './both-lakes.ts';
import type { Meanwhile, SparkSession } from './spark-session.ts';

const LAYERS = ['raw', 'base', 'mart', 'feature', 'ops'];
let shops = 0;

/** A raw zone with two lakes: this machine's, and one of Iceberg tables in databases of its own. */
export class TwinShop {
  readonly spark: SparkSession;
  readonly prefix: string;
  readonly #shop: Workshop;
  /** What the last run took of Spark. */
  jobs = 0;

  constructor(spark: SparkSession, plan: Plan, twin?: TwinShop) {
    this.spark = spark;
    shops += 1;
    this.prefix = twin?.prefix ?? `shop${shops}_`;
    this.#shop = twin ? new Workshop(plan, twin.#shop.folder) : new Workshop(plan);
  }

  /** The same lakes under another plan. */
  under(plan: Plan): TwinShop {
    return new TwinShop(this.spark, plan, this);
  }

  put(path: string, content: string | Buffer): void {
    this.#shop.put(path, content);
  }

  remove(path: string): void {
    this.#shop.remove(path);
  }

  /** The arguments of the script for these lakes. */
  options(given: Partial<RunRequest> = {}): string[] {
    const { folder, raw, plan } = this.#shop;
    writeFileSync(join(folder, 'plan.json'), JSON.stringify({ plan }));
    const { asOf, rebuild } = this.#shop.request(given);
    const databases = LAYERS.map((layer) => `${layer}=${this.prefix}${layer}`).join();
    const more = rebuild.length > 0 ? ['--rebuild', rebuild.join()] : [];
    const files = ['--plan', join(folder, 'plan.json'), '--raw', raw, '--result', join(folder, 'result.json')];
    return [...files, '--as_of', asOf, '--databases', databases, ...more];
  }

  /** Runs the plan on Spark alone. */
  async runSpark(
    given: Partial<RunRequest> = {},
    more: readonly string[] = [],
    meanwhile?: Meanwhile,
  ): Promise<RunResult> {
    const { jobs } = await this.spark.run([...this.options(given), ...more], meanwhile);
    this.jobs = jobs;
    return JSON.parse(readFileSync(join(this.#shop.folder, 'result.json'), 'utf8')) as RunResult;
  }

  /** Runs the plan on this machine's engine alone. */
  async runDuckDb(given: Partial<RunRequest> = {}): Promise<RunResult> {
    return (await this.#shop.run(given)).result;
  }

  /** Runs the plan on both engines, and holds what they say and what they made against each other. */
  async run(given: Partial<RunRequest> = {}, more: readonly string[] = []): Promise<RunResult> {
    const ours = await this.runDuckDb(given);
    const theirs = await this.runSpark(given, more);
    expectSameSaid(theirs, ours);
    await this.expectSameRows();
    return theirs;
  }

  /** Every table has the same rows on both sides, where they came from included. */
  async expectSameRows(): Promise<void> {
    for (const table of this.#shop.plan.tables)
      expect(await onSpark(this.spark, table, this.prefix), table.name).toEqual(await onDuckDb(this.#shop.lake, table));
  }

  /** The ledger of single records says the same on both sides. */
  async expectSameLedger(): Promise<void> {
    for (const table of Object.keys(LEDGER_OF_RECORDS)) {
      const [theirs, ours] = await ledgers(this.spark, this.#shop.lake, table, this.prefix);
      expect(theirs, table).toEqual(ours);
    }
  }

  /** Where a table of the Iceberg lake is asked for. */
  at(table: string): string {
    return `lake.${this.prefix}${table}`;
  }
}

/** A result without ids, times and what is worded by each engine. */
const said = ({ status, as_of, tables, checks, files, held }: RunResult) => ({
  status,
  as_of,
  tables: tables.map(({ seconds, ...table }) => table),
  checks,
  files: files.map(({ reason, ...file }) => file).sort((a, b) => (a.path < b.path ? -1 : 1)),
  held: (held ?? []).map(({ table }) => table).sort(),
});

/** Holds what both engines say of a run against each other. */
export function expectSameSaid(theirs: RunResult, ours: RunResult): void {
  expect(said(theirs)).toEqual(said(ours));
}
