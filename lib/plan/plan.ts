import type {
  ColumnType,
  Exposure,
  Layer,
  Model,
  Partition,
  Pii,
  RecordsIn,
  RowPredicate,
  Rule,
  Severity,
  Sheet,
  Tolerance,
  WritePolicy,
} from '../contract/index.ts';
import type { Engine as EngineName } from './sql/engine.ts';

/** The engines that a plan is rendered for. `athena` is Trino's SQL, `spark` is Glue's. */
export type { Engine as EngineName } from './sql/engine.ts';

/**
 * SQL per engine, as a template: a table stands as `{{base.purchase}}`, the as-of date as `{{as_of}}`, the records
 * of a load as `{{records}}`. `bind` puts names and literals there.
 */
export type Rendered = Readonly<Record<EngineName, string>>;

/** Everything an engine must know to run the lakehouse: plain data, the same bytes for the same contracts and SQL. */
export interface Plan {
  /** Version of this shape. */
  readonly format: 1;
  readonly products: readonly { readonly name: string; readonly description: string }[];
  /** Raw datasets, by name. */
  readonly sources: readonly SourcePlan[];
  /** Tables in the order of the run: by level, then by name. */
  readonly tables: readonly TablePlan[];
  /** Consumers: those that contracts declare, and every model. */
  readonly exposures: readonly (Exposure | DashboardPlan)[];
  /** Models that are trained on feature tables, by name. */
  readonly models: readonly ModelPlan[];
  /** Saved questions of analysts, by name. */
  readonly queries: readonly QueryPlan[];
}

/** A raw dataset: a folder of files, and the tables made of its records. */
export interface SourcePlan {
  readonly name: string;
  /** Qualified names of the base tables it feeds. */
  readonly feeds: readonly string[];
  /** The strictest freshness that a contract of these tables asks for; null where none does. */
  readonly fresh: { readonly days: number; readonly severity: Severity } | null;
}

/** One column as engines see it. */
export interface ColumnPlan {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly description: string;
  readonly pii: Pii;
  /** Where the value stands in a raw record: a header name or a dotted path. */
  readonly path: string;
  /** An irregular value is refused by itself and counts as missing. */
  readonly lenient: boolean;
}

/** A table: what it promises, how it is made, how it is judged. */
export interface TablePlan {
  /** Qualified by layer: `base.purchase`. */
  readonly name: string;
  readonly layer: Layer;
  readonly product: string;
  readonly owner: string;
  readonly description: string;
  /** 0 for base tables, else one more than the highest level it reads: tables of a level may run side by side. */
  readonly level: number;
  /** Qualified names of the tables that its select reads; empty for base tables. */
  readonly reads: readonly string[];
  readonly columns: readonly ColumnPlan[];
  /** The key; empty where every record is a row. */
  readonly grain: readonly string[];
  readonly partition: Partition | null;
  readonly write: WritePolicy;
  readonly making: Load | Select;
  /** What a feature table says beside; absent for the others. */
  readonly feature?: FeaturePlan;
  /** Creates the table, with names as templates. */
  readonly ddl: Rendered;
  readonly checks: readonly CheckPlan[];
  /** One aggregate query for every check that looks at rows one by one: column `total`, then one column per such check. */
  readonly scan: Rendered | null;
}

/** How a base table is made of raw records. */
export interface Load {
  readonly kind: 'load';
  /** The raw dataset. */
  readonly source: string;
  /** How records are found in files; null where the format says it. */
  readonly records: RecordsIn | null;
  readonly eventTime: string | null;
  /** What a record must satisfy beside its columns' types; `conform` holds them too. */
  readonly rules: readonly Rule[];
  /** The command that makes raw files of it where no source delivers any. */
  readonly madeBy: string | null;
  /** Types text and names faults: reads `{{records}}` (columns `raw_<name>`, `_fault`), gives typed columns, `_faults`, `_raw`, and `_refused` (faults of lenient columns) where there are such. */
  readonly conform: Readonly<Record<'duckdb' | 'spark', string>>;
  /** What each fault of a value means, by `column:code`. */
  readonly faults: Readonly<Record<string, string>>;
  /** How contested keys are settled; null where rows have no key. */
  readonly claims: Readonly<Record<'duckdb' | 'spark', Claims>> | null;
}

/**
 * SQL that settles who stands for the contested keys. `{{claims}}` has every claim on them, of the load and stored: the contract's columns,
 * provenance, `_stored`; `{{ranked}}` is what `rank` gives of it.
 */
export interface Claims {
  /** The claims with `_place` (1 stands), `_standing` (1 has its content), `_version` (1 has its version). */
  readonly rank: string;
  /** One row: `claims`, `won`, `duplicate`, `superseded` of the load, `replaced` of the stored. */
  readonly tally: string;
  /** Losers of the load: `_raw_file`, `_record`, `fate`. */
  readonly discarded: string;
  /** Records that lost to another content at the version that stands: `key`, `file`, `record`. */
  readonly undecided: string;
  /** Keys whose stored row has an earlier version by now: `key`. */
  readonly decided: string;
}

/** How a table is made of others: by its select. */
export interface Select {
  readonly kind: 'select';
  /** The author's file, relative to `sql/`; null where the select follows from the contract. */
  readonly file: string | null;
  readonly select: Rendered;
  /** Whether the answer depends on the as-of date. */
  readonly takesAsOf: boolean;
}

/** A feature table, in the terms of SageMaker Feature Store, and its select over any points in time. */
export interface FeaturePlan {
  /** Feature Store's RecordIdentifierFeatureName: the entity's key. */
  readonly recordIdentifier: string;
  /** Feature Store's EventTimeFeatureName; written as ISO 8601 text in UTC. */
  readonly eventTime: string;
  /** Feature Store's FeatureDefinitions, in column order. */
  readonly definitions: readonly { readonly name: string; readonly type: FeatureType }[];
  /**
   * The table's select with the points left open: `{{spine.points}}` is any relation with the columns `recordIdentifier` and
   * `eventTime`, no two rows alike. `making.select` is the same text over every entity at the end of the as-of day.
   */
  readonly select: Rendered;
}

/** Feature Store's types. */
export type FeatureType = 'String' | 'Integral' | 'Fractional';

/** A compiled check. */
export interface CheckPlan {
  /** Unique within its table: `at_least(amount)`. */
  readonly name: string;
  /** The statement in words: `amount is at least 0`. */
  readonly says: string;
  /** The statement as data, for tools that have words of their own for it. */
  readonly statement: Statement;
  readonly severity: Severity;
  readonly tolerate: Tolerance;
  readonly measure: Measure;
  /** First offenders of a failed check, at most three rows; null where no single row is at fault. */
  readonly offenders: Rendered | null;
}

/** What a check states. A table is named by its qualified name. */
export type Statement =
  | RowPredicate
  | { readonly kind: 'unique'; readonly columns: readonly string[] }
  | { readonly kind: 'refers_to'; readonly column: string; readonly table: string; readonly key: string }
  | { readonly kind: 'fresh_within'; readonly column: string | null; readonly days: number }
  | { readonly kind: 'row_count'; readonly min: number | null; readonly max: number | null }
  /** Two selects agree: only the check's query says which. */
  | { readonly kind: 'identity' }
  /** About how rows came, not about rows: nobody but the load can tell. */
  | { readonly kind: 'of_the_load' };

/** How a check is measured. */
export type Measure =
  /** In the table's one scan, as column `alias`: a number of rows, or 0 or 1 where the whole table is judged. */
  | { readonly kind: 'scan'; readonly alias: string; readonly of: 'rows' | 'table' }
  /** A query of its own, one row: `failed`, `total`. */
  | { readonly kind: 'query'; readonly query: Rendered }
  /** Told by the loads: keys that ever came with different contents and no version to decide which stands. */
  | { readonly kind: 'load' }
  /** Counted by the load itself: records of which a field was refused by itself. */
  | { readonly kind: 'refusals' };

/** A dashboard: its charts name what they show, a table (`mart.x`) or a saved question (`refund-rate`). */
export interface DashboardPlan extends Omit<Exposure, 'kind'> {
  readonly kind: 'dashboard';
  readonly sheets: readonly Sheet<string>[];
}

/** A saved question: `sql/analyst/<name>.sql`. */
export interface QueryPlan {
  readonly name: string;
  readonly description: string;
  readonly reads: readonly string[];
  readonly takesAsOf: boolean;
  /** What its columns mean, where a dashboard shows it; null elsewhere. */
  readonly columns: readonly ColumnPlan[] | null;
  readonly sql: Rendered;
}

/** A model and the one select that makes its training set. */
export interface ModelPlan extends Pick<Model, (typeof MODEL_FACTS)[number]> {
  /** The column of the training set that says which moment a row is about. */
  readonly eventTime: string;
  /** The numbers that it learns from, in the order in which it must be given them: `card_activity_purchases_1h`. */
  readonly inputs: readonly string[];
  /** Qualified names of the tables that `trainingSet` reads. */
  readonly reads: readonly string[];
  /**
   * A row per point: `eventTime`, the label, the inputs. No identity of anybody is in it. Every feature is by the select of its
   * table, as it was knowable then; the as-of date says which points there are.
   */
  readonly trainingSet: Rendered;
}

/** What a model's contract says and its plan repeats. */
export const MODEL_FACTS = [
  'name',
  'product',
  'owner',
  'description',
  'features',
  'label',
  'learns',
  'labelAfterDays',
  'skillAtLeast',
  'trained',
  'answers',
] as const satisfies readonly (keyof Model)[];

/** The same made for every engine. */
export const forEachEngine = (make: (engine: EngineName) => string): Rendered => ({
  duckdb: make('duckdb'),
  spark: make('spark'),
  athena: make('athena'),
  redshift: make('redshift'),
});
