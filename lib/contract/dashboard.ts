import type { Columns, Exposure, Layer } from './dataset.ts';

/** What a chart shows: a table, or a saved question (which has no layer). */
export interface Shown<R extends Columns = Columns> {
  readonly name: string;
  readonly layer?: Layer;
  readonly row: R;
}

/** A number made of many rows. A ratio is the sum of one column over the sum of another, so that it holds for any choice of rows. */
export type Measure<C extends string = string> =
  | { readonly kind: 'sum' | 'average' | 'highest'; readonly column: C }
  | { readonly kind: 'ratio'; readonly column: C; readonly over: C };

/** The values of a column added up. */
export const sum = <const C extends string>(column: C) => ({ kind: 'sum', column }) as const;

/** Their mean. */
export const average = <const C extends string>(column: C) => ({ kind: 'average', column }) as const;

/** The greatest of them. */
export const highest = <const C extends string>(column: C) => ({ kind: 'highest', column }) as const;

/** The sum of one column over the sum of another, shown in percent. */
export const ratio = <const C extends string, const O extends string>(column: C, over: O) =>
  ({ kind: 'ratio', column, over }) as const;

/** How far apart the points of a time axis are. */
export type Per = 'day' | 'month';

/** How a chart draws what it shows, the columns by name. */
type Drawing<C extends string> =
  /** One number; with a column of time, that of the latest day or month against the one before. */
  | { readonly kind: 'number'; readonly value: Measure<C>; readonly by: C | null; readonly per: Per }
  /** A line per value over time. */
  | { readonly kind: 'line'; readonly by: C; readonly values: readonly Measure<C>[]; readonly per: Per }
  /** A bar per category, the longest first and no more than `most`. */
  | { readonly kind: 'bars'; readonly by: C; readonly values: readonly Measure<C>[]; readonly most: number }
  /** The rows as they are; `first` says which stand on top. */
  | {
      readonly kind: 'table';
      readonly columns: readonly C[];
      readonly first: { readonly column: C; readonly order: 'highest' | 'lowest' };
    }
  /** A field per pair of values, the darker the greater. */
  | { readonly kind: 'heat'; readonly rows: C; readonly columns: C; readonly value: Measure<C> };

/** A chart, as data: no tool's words. `S` is what it shows; in a plan, its name. */
export type Chart<S = Shown> = { readonly title: string; readonly shows: S } & Drawing<string>;

/** What a reader may choose on a sheet; it bounds all of the sheet's charts of what it is about. */
export type Filter<S = Shown> = { readonly title: string; readonly about: S; readonly column: string } & (
  | { readonly kind: 'choice' }
  /** From a day on; at first, so many months ago. */
  | { readonly kind: 'since'; readonly months: number }
);

/** A page of a dashboard. */
export interface Sheet<S = Shown> {
  readonly title: string;
  readonly charts: readonly Chart<S>[];
  readonly filters?: readonly Filter<S>[];
}

/** A dashboard: a consumer whose tables follow from what its charts show. */
export interface Dashboard extends Omit<Exposure, 'kind' | 'reads'> {
  readonly kind: 'dashboard';
  readonly sheets: readonly Sheet[];
}

/** Declares a dashboard. */
export const dashboard = (declared: Omit<Dashboard, 'kind'>): Dashboard => ({ ...declared, kind: 'dashboard' });

/** Charts and filters of one table or question; the compiler knows its columns. */
export function showing<const R extends Columns>(shows: Shown<R>) {
  type C = keyof R & string;
  return {
    number: (title: string, value: Measure<C>, by: C | null = null, per: Per = 'day'): Chart => ({
      kind: 'number',
      title,
      shows,
      value,
      by,
      per,
    }),
    line: (title: string, by: C, values: readonly Measure<C>[], per: Per = 'day'): Chart => ({
      kind: 'line',
      title,
      shows,
      by,
      values,
      per,
    }),
    bars: (title: string, by: C, values: readonly Measure<C>[], most = 20): Chart => ({
      kind: 'bars',
      title,
      shows,
      by,
      values,
      most,
    }),
    table: (
      title: string,
      first: { readonly column: C; readonly order: 'highest' | 'lowest' },
      columns: readonly C[],
    ) => ({ kind: 'table', title, shows, columns, first }) satisfies Chart,
    heat: (title: string, rows: C, columns: C, value: Measure<C>): Chart => ({
      kind: 'heat',
      title,
      shows,
      rows,
      columns,
      value,
    }),
    choice: (title: string, column: C): Filter => ({ kind: 'choice', title, about: shows, column }),
    since: (title: string, column: C, months: number): Filter => ({
      kind: 'since',
      title,
      about: shows,
      column,
      months,
    }),
  };
}
