import type { z } from 'zod';
import type { Check, Rule } from './check.ts';
import type { Column } from './column.ts';
import type { Dashboard } from './dashboard.ts';
import type { FeatureDataset } from './feature.ts';
import type { Model } from './model.ts';
import type { RecordsIn } from './records.ts';

/** Columns by name, in contract order. The order is part of the contract: it decides between equal claims on a key. */
export type Columns = Readonly<Record<string, Column>>;

/** `raw` holds typed records that feed several base tables, `base` typed records and what they say of a thing, `mart` answers, `feature` inputs of models. */
export type Layer = 'raw' | 'base' | 'mart' | 'feature';

/**
 * How records become rows. All are order-free: the table depends on the set of records that ever arrived.
 * - `append`: facts by key. - `merge`: one row per key, rewritten by newer records or newer answers.
 * - `replace`: the select's result, whole. - `keep`: no key; every record is a row, known by file and record number.
 * - `merge_fields`: one row per key, each field its latest value (type 1). - `history`: one row per key and state (type 2).
 * `version` names the column whose greater value wins a key; without one, or when equal, the smallest content wins.
 */
export type WritePolicy<C extends string = string> =
  | { readonly kind: 'append'; readonly version: C | null }
  | { readonly kind: 'merge'; readonly version: C | null }
  | { readonly kind: 'replace' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'merge_fields'; readonly orderBy: readonly string[] }
  | History<C>;

/** The states of a thing over time, told by events. */
export interface History<C extends string = string> {
  readonly kind: 'history';
  /** Columns of the events: the moment first, then what breaks a tie. */
  readonly orderBy: readonly string[];
  /** Every row of a key shows the latest value. */
  readonly type1: readonly C[];
  /** A change of any of these begins a row. */
  readonly type2: readonly C[];
  /** Those of `type2` that keep their value where an event has none. */
  readonly carryForward: readonly C[];
}

/** Facts by key; the later `version` of a key wins. */
export function append(): { kind: 'append'; version: null };
export function append<const C extends string>(version: C): { kind: 'append'; version: C };
export function append(version: string | null = null) {
  return { kind: 'append', version } as const;
}
/** One row per key (type 1); the later `version` of a key wins. */
export function merge(): { kind: 'merge'; version: null };
export function merge<const C extends string>(version: C): { kind: 'merge'; version: C };
export function merge(version: string | null = null) {
  return { kind: 'merge', version } as const;
}
/** The whole table anew from its select. */
export const replace = () => ({ kind: 'replace' }) as const;
/** Every record is a row of its own: for datasets without a key. */
export const keep = () => ({ kind: 'keep' }) as const;

/** One row per key, made of events (type 1): each column has the latest value that any event of the key had. */
export const mergeFields = ({ orderBy }: { readonly orderBy: readonly string[] }) =>
  ({ kind: 'merge_fields', orderBy }) as const;

/**
 * One row per key and state, made of events (type 2). A row begins at the first event of its key and at each event after
 * which a `type2` column differs from before; of events at one moment only the state after the last counts. The row has
 * `effective_start`, `effective_end` (null while it stands), `is_current`, and `<name>_sk`, a key made of its content.
 */
export const history = <const C extends string>(options: Omit<History<C>, 'kind'>) =>
  ({ kind: 'history', ...options }) as const;

/** A partition of the table on the lake; the column is a date or an instant. */
export interface Partition<C extends string = string> {
  readonly transform: 'month' | 'day';
  readonly column: C;
}

/** One partition per calendar month of the column. */
export const month = <const C extends string>(column: C) => ({ transform: 'month', column }) as const;

/** A time column by day: used where months grow too large. */
export const day = <const C extends string>(column: C) => ({ transform: 'day', column }) as const;

/** What every dataset says. */
export interface Common<R extends Columns, L extends Layer> {
  /** snake_case, unique within its layer. */
  readonly name: string;
  readonly product: string;
  readonly layer: L;
  readonly owner: string;
  /** One sentence that begins with *One row per*. */
  readonly description: string;
  readonly row: R;
  /** The key. Empty only where the policy is `keep`. */
  readonly grain: readonly (keyof R & string)[];
  readonly partitionBy?: Partition<keyof R & string>;
  readonly write: WritePolicy<keyof R & string>;
  readonly checks?: readonly Check<keyof R & string>[];
}

/** A table of typed records, loaded from raw files: a base table, or a raw one that several base tables are made of. */
export interface LoadedDataset<R extends Columns = Columns> extends Common<R, 'raw' | 'base'> {
  readonly made: 'load';
  /** The raw dataset it is loaded from; default: its own name. */
  readonly source?: string;
  /** How records are found in its files, where the format alone does not say it: XML, results of document analysis. */
  readonly records?: RecordsIn;
  /** The column that says when the record happened; null where rows have no time. Decides what the daily validation calls a day. */
  readonly eventTime: (keyof R & string) | null;
  readonly rules?: readonly Rule<keyof R & string>[];
  /** The command that makes raw files of it where no source delivers any. */
  readonly madeBy?: string;
}

/** A base table made of the events that a raw table holds, as its write policy says; its select follows from the contract. */
export interface EventDataset<R extends Columns = Columns> extends Common<R, 'base'> {
  readonly made: 'events';
  /** Name of the raw table. A column stands in it by its own name unless `from(…)` says otherwise. */
  readonly events: string;
}

/** A mart: a table computed by a select in `sql/mart/<name>.sql`. */
export interface DerivedDataset<R extends Columns = Columns> extends Common<R, 'mart'> {
  readonly made: 'select';
}

/** A dataset contract: what a table promises. */
export type Dataset = LoadedDataset | EventDataset | DerivedDataset | FeatureDataset;

type Declared<D extends Dataset> = Omit<D, 'layer' | 'made'>;

/**
 * Declares a base table. Column names in grain, partition, policy, rules and checks are checked by the compiler.
 * The result is plain data; `compile` judges what types cannot (names, references, empty grains).
 */
export const base = <const R extends Columns>(contract: Declared<LoadedDataset<R>>): LoadedDataset<R> => ({
  ...contract,
  layer: 'base',
  made: 'load',
});

/** Declares a raw table: typed records, kept as they are, that several base tables are made of. */
export const raw = <const R extends Columns>(contract: Declared<LoadedDataset<R>>): LoadedDataset<R> => ({
  ...contract,
  layer: 'raw',
  made: 'load',
});

/** Declares a base table made of the events of a raw table. */
export const ofEvents = <const R extends Columns>(contract: Declared<EventDataset<R>>): EventDataset<R> => ({
  ...contract,
  layer: 'base',
  made: 'events',
});

/** Declares a mart: an answer that people and dashboards read. */
export const mart = <const R extends Columns>(contract: Declared<DerivedDataset<R>>): DerivedDataset<R> => ({
  ...contract,
  layer: 'mart',
  made: 'select',
});

/** The TypeScript type of a row of this dataset. */
export type RowOf<D extends { readonly row: Columns }> = { [K in keyof D['row']]: z.infer<D['row'][K]['schema']> };

/** A consumer that is neither table nor dashboard: where lineage ends, and whom an alert names. A model is one by being declared as a model. */
export interface Exposure {
  readonly name: string;
  readonly kind: 'feature_group' | 'export' | 'report' | 'model';
  readonly product: string;
  readonly owner: string;
  readonly description: string;
  /** Qualified names of the tables it reads. */
  readonly reads: readonly string[];
}

/** Declares a consumer of tables. */
export const exposure = (declared: Exposure): Exposure => declared;

/** A data product: its tables and their consumers. */
export interface Product {
  readonly name: string;
  readonly description: string;
  readonly datasets: readonly Dataset[];
  readonly exposures: readonly (Exposure | Dashboard)[];
  /** Models that are trained on its features. */
  readonly models?: readonly Model[];
}
