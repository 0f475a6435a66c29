import type { Columns } from './dataset.ts';

/** What a saved question answers: the columns of `sql/analyst/<name>.sql`, in their order, so that a dashboard can show them. */
export interface Question<R extends Columns = Columns> {
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly row: R;
}

/** Declares the columns of a saved question; one taken from a table as it is brings its contract: `refund.row.id`. */
export const question = <const R extends Columns>(name: string, row: R): Question<R> => ({ name, row });
