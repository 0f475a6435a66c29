/**
 * A model that is trained on features as they were known at points in time, and registered when it is better than the one in use.
 * What it learns from is SQL, what it must reach is a number: training itself knows no model.
 */
export interface Model {
  /** snake_case, unique. */
  readonly name: string;
  readonly product: string;
  readonly owner: string;
  /** One sentence: what it answers, and for whom. */
  readonly description: string;
  /** Qualified names of the feature tables it reads: all of their numbers. */
  readonly features: readonly [string, ...string[]];
  /** The saved question that gives a row per point in time: each table's entity and event time, the label, and what else `knows` names. */
  readonly points: string;
  /** The column of the points that is to be predicted. It lies after the point, so it is no feature. */
  readonly label: string;
  /** Numbers of the points that are known at the point themselves, and are learnt from too. */
  readonly knows?: readonly string[];
  /** What the label is: whether something happens (0 or 1), or how much of it. */
  readonly learns: 'probability' | 'amount';
  /** Days after a point until its label is known for sure. */
  readonly labelAfterDays: number;
  /** What it must reach on points that it never saw to be registered at all: 0 is no better than guessing, 1 is perfect. */
  readonly skillAtLeast: number;
  /** When the daily run trains it: on Sundays, or on the last day of a month. */
  readonly trained: 'weekly' | 'monthly';
  /** Whether it is asked while somebody waits: then its features are kept at hand, in the online store. */
  readonly answers: 'online' | 'in_batches';
}

/** Declares a model. */
export const model = (declared: Model): Model => declared;
