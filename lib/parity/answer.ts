/** What a column holds, by names that all engines share: integers and decimals are both exact numbers. */
export type Kind = 'text' | 'exact' | 'double' | 'date' | 'instant' | 'boolean';

/** A value in the one spelling that answers are compared in; null is SQL's null. */
export type Cell = string | null;

/** A column of an answer. */
export interface AnswerColumn {
  readonly name: string;
  readonly kind: Kind;
}

/**
 * The rows of a question, spelled alike by every engine: a decimal with all digits of its scale, an instant with six of a
 * second, a double that is no finite number as `NaN`, `Infinity` or `-Infinity`.
 */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A moment as engines write it, with a space or `T` and any number of digits after the second, in the spelling of answers. */
export function instant(text: string): string {
  const [moment = '', fraction = ''] = text.replace(' ', 'T').split('.');
  return `${moment}.${fraction.padEnd(6, '0')}`;
}
