import type { Cell } from '../answer.ts';

/** A small question about one meaning of the portable core, and its answer worked out by hand. */
export interface Probe {
  /** What the answer shows. */
  readonly shows: string;
  readonly sql: string;
  readonly rows: readonly (readonly Cell[])[];
  /** Whether the order of the rows is what it shows. */
  readonly ordered?: true;
}

/** A probe; rows are lists of cells. */
export const probe = (shows: string, sql: string, ...rows: readonly (readonly Cell[])[]): Probe => ({
  shows,
  sql,
  rows,
});

/** A probe of the order of rows. */
export const ordered = (shows: string, sql: string, ...rows: readonly (readonly Cell[])[]): Probe => ({
  shows,
  sql,
  rows,
  ordered: true,
});
