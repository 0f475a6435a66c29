/** One thing that an analysis read in a document: a key-value pair of a form, or a line of text. */
export interface FoundText {
  /** The analysis' own number of it; unique within the document. */
  readonly id: string;
  readonly page: string | null;
  readonly key: string | null;
  readonly value: string | null;
  /** Percent with two digits, cut, never rounded up: of all parts the least certain. */
  readonly confidence: string | null;
}

/** An analysis as a whole, or one pair in it, that does not have the form it should; the message says what was found. */
export type Malformed = { readonly malformed: string };

/** A value that is an object. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of an object; none of anything else. */
export const membersOf = (value: unknown): Members | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;

/** The elements of an array of objects; null when it is none. */
export function objectsIn(value: unknown): readonly Members[] | null {
  if (!Array.isArray(value)) return null;
  const found = value.map(membersOf);
  return found.every((one) => one !== null) ? found : null;
}

/** A text, or null for anything else. */
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The least certain of several confidences; null when one of them is no number from 0 to 100. */
export function leastCertain(values: readonly unknown[]): string | null {
  let least = 100;
  for (const value of values) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 100)) return null;
    least = Math.min(least, value);
  }
  const hundredths = Math.floor(least * 100);
  const digits = String(hundredths).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
