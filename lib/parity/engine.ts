import type { ColumnType } from '../contract/index.ts';
import type { EngineName, Rendered } from '../plan/index.ts';
import type { Answer } from './answer.ts';

/** The engines that can be compared: one for each rendering of the plan. */
export const PARITY_ENGINES = ['duckdb', 'spark', 'trino', 'postgres'] as const;
export type ParityEngineName = (typeof PARITY_ENGINES)[number];

/** A table to be compared on: what it is, how an engine makes it, and a Parquet file with its rows. */
export interface ParityTable {
  /** Qualified: `base.purchase`. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly ddl: Rendered;
  readonly file: string;
}

/** An engine under comparison. Questions may be asked side by side. */
export interface ParityEngine {
  readonly name: ParityEngineName;
  /** What runs, with its version, in words. */
  readonly version: string;
  /** Whose rendering it reads. */
  readonly reads: EngineName;
  /** Makes the tables and fills them; those of an earlier call are out of reach. */
  load(tables: readonly ParityTable[]): Promise<void>;
  /** The name that a loaded table has there. */
  relation(table: string): string;
  /** @throws EngineError in the engine's own words. */
  ask(sql: string): Promise<Answer>;
  close(): Promise<void>;
}
