/** What a broken check does: `warn` is recorded and shown; `fail` publishes, alerts and exits 1; `blocking` keeps the table's last good version. */
export type Severity = 'warn' | 'fail' | 'blocking';

/** How much of a table may break a check before it counts as broken: a number of rows, or a share between 0 and 1. */
export type Tolerance = { readonly rows: number } | { readonly share: number };

/** What every check may be given. */
export interface CheckOptions {
  /** Default `warn`. */
  readonly severity?: Severity;
  /** Default: no row may break it. */
  readonly tolerate?: Tolerance;
}

/** A statement about the values of one row. Null satisfies it: whether a value may be missing is said by the column. */
export type RowPredicate<C extends string = string> =
  | { readonly kind: 'between'; readonly column: C; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'one_of'; readonly column: C; readonly values: readonly string[] }
  | { readonly kind: 'capitals'; readonly column: C; readonly letters: number }
  | { readonly kind: 'email'; readonly column: C };

/** A predicate that need not hold where another one does. `column` is the one that is at fault. */
export interface Unless<C extends string = string> {
  readonly kind: 'unless';
  readonly column: C;
  readonly excused: RowPredicate<C>;
  readonly wants: RowPredicate<C> | { readonly kind: 'present'; readonly column: C };
}

/** A rule judges a row: a record that breaks it is quarantined. */
export type Rule<C extends string = string> = RowPredicate<C> | Unless<C>;

/** A check judges a table and never changes a row. */
export type Check<C extends string = string> = (
  | RowPredicate<C>
  | { readonly kind: 'unique'; readonly columns: readonly C[] }
  | { readonly kind: 'refers_to'; readonly column: C; readonly table: string }
  | { readonly kind: 'fresh_within'; readonly column: C | null; readonly days: number }
  | { readonly kind: 'row_count'; readonly min: number | null; readonly max: number | null }
  | {
      readonly kind: 'identity';
      readonly name: string;
      readonly says: string;
      readonly left: string;
      readonly right: string;
    }
) &
  CheckOptions;

/** The value lies in `[min, max]`. */
export const between = <const C extends string>(column: C, min: number, max: number, options: CheckOptions = {}) =>
  ({ kind: 'between', column, min, max, ...options }) as const;

/** The value is at least `min`. */
export const atLeast = <const C extends string>(column: C, min: number, options: CheckOptions = {}) =>
  ({ kind: 'between', column, min, max: null, ...options }) as const;

/** The value is one of these texts. */
export const oneOf = <const C extends string>(column: C, values: readonly string[], options: CheckOptions = {}) =>
  ({ kind: 'one_of', column, values, ...options }) as const;

/** The value is this many capital letters A to Z: a country or currency code. */
export const capitals = <const C extends string>(column: C, letters: number, options: CheckOptions = {}) =>
  ({ kind: 'capitals', column, letters, ...options }) as const;

/** The value is there: for columns that may be empty in some rows only. */
export const present = <const C extends string>(column: C) => ({ kind: 'present', column }) as const;

/** A rule that is waived for some rows: `unless(oneOf('type', ['adjust']), atLeast('quantity', 0))`. */
export const unless = <const C extends string>(excused: RowPredicate<C>, wants: Unless<C>['wants']) =>
  ({ kind: 'unless', column: wants.column, excused, wants }) as const;

/** The value is an address: one @ with something on both sides. */
export const email = <const C extends string>(column: C, options: CheckOptions = {}) =>
  ({ kind: 'email', column, ...options }) as const;

/** No two rows share these columns. The grain needs no such check: the write policy keeps it. */
export const unique = <const C extends string>(columns: readonly C[], options: CheckOptions = {}) =>
  ({ kind: 'unique', columns, ...options }) as const;

/** Every value stands in the one-column key of `table` (a base table's bare name, or a qualified name). */
export const refersTo = <const C extends string>(column: C, table: string, options: CheckOptions = {}) =>
  ({ kind: 'refers_to', column, table, ...options }) as const;

/**
 * The newest value of the time column (or, without one, the newest file) is at most this old on the as-of date.
 * Counted in days, the grain of the daily run.
 */
export function freshWithin(age: Days): { kind: 'fresh_within'; column: null; days: number };
export function freshWithin<const C extends string>(
  age: Days,
  column: C,
  options?: CheckOptions,
): { kind: 'fresh_within'; column: C; days: number } & CheckOptions;
export function freshWithin(age: Days, column: string | null = null, options: CheckOptions = {}) {
  return { kind: 'fresh_within', column, days: age.days, ...options } as const;
}

/** The table has at least `min` and, if given, at most `max` rows. */
export const rowCount = (min: number, max: number | null = null, options: CheckOptions = {}) =>
  ({ kind: 'row_count', min, max, ...options }) as const;

/** Two selects of one value each, in the portable core, give the same value: a sum that must reconcile. */
export const identity = (name: string, says: string, left: string, right: string, options: CheckOptions = {}) =>
  ({ kind: 'identity', name, says, left, right, ...options }) as const;

/** A length of time in days. */
export interface Days {
  readonly days: number;
}

/** `days(2)`: two days. */
export const days = (count: number): Days => ({ days: count });
