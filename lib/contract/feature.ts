import type { Columns, Common } from './dataset.ts';

/** Whose features a table holds, and where a run finds everybody. */
export interface Entity<C extends string = string> {
  /** The column of the feature table that names the entity: Feature Store's record identifier. */
  readonly key: C;
  /** Qualified name of the loaded table whose rows name the entities. */
  readonly table: string;
  /** The column of that table. */
  readonly column: string;
}

/** `entity('card_id', 'base.card_transaction')`; a third argument names the column there, when it is called otherwise. */
export const entity = <const C extends string>(key: C, table: string, column: string = key): Entity<C> => ({
  key,
  table,
  column,
});

/**
 * A feature table: what a model reads, for entities at points in time. Its select in `sql/feature/<name>.sql` reads the
 * points from `spine.points`, whose columns are the entity's key and the event time, and gives one row for each.
 */
export interface FeatureDataset<R extends Columns = Columns> extends Common<R, 'feature'> {
  readonly made: 'points';
  readonly entity: Entity<keyof R & string>;
  /** The point in time that a row is about. */
  readonly eventTime: keyof R & string;
}

/** What a feature contract says; grain and policy follow from it. */
export type FeatureContract<R extends Columns> = Omit<
  FeatureDataset<R>,
  'layer' | 'made' | 'grain' | 'write' | 'partitionBy'
>;

/** Declares a feature table. A run makes it for every entity at the end of the as-of day; any other points can be asked for. */
export const feature = <const R extends Columns>(contract: FeatureContract<R>): FeatureDataset<R> => ({
  ...contract,
  layer: 'feature',
  made: 'points',
  grain: [contract.entity.key, contract.eventTime],
  write: { kind: 'replace' },
});
