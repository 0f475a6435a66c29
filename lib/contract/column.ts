import { z } from 'zod';

/** The type of a column: what an engine stores, and which written forms raw text may take (see `grammar.ts`). */
export type ColumnType =
  | { readonly kind: 'text' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'date' }
  | { readonly kind: 'instant' }
  | { readonly kind: 'boolean' };

/** Whom a value can identify: `direct` names a person (name, email), `indirect` does so when joined (postal code, customer id). */
export type Pii = 'none' | 'indirect' | 'direct';

/** What a column promises beside its type. */
interface ColumnFacts {
  readonly type: ColumnType;
  readonly optional: boolean;
  readonly description: string;
  readonly pii: Pii;
  /** Dotted path of the value in a raw record; null means the column's own name. */
  readonly path: string | null;
  /** A value that breaks the contract is refused by itself and counts as missing; the rest of the record counts. */
  readonly lenient?: true;
  /** Columns of the record that must be equal, or the first of them missing, for the value to count. */
  readonly counts?: { readonly column: string; readonly equals: string };
}

/** One column of a contract; `Value` is its TypeScript type once parsed (null included when nullable). */
export class Column<Value = unknown> {
  readonly facts: ColumnFacts;
  /** zod schema of a parsed value: integers are bigint, decimals and times stay text so that no digit is lost. */
  readonly schema: z.ZodType<Value>;

  constructor(facts: ColumnFacts, schema: z.ZodType<Value>) {
    this.facts = facts;
    this.schema = schema;
  }

  /** The value may be missing: empty text and JSON null become null instead of a fault. */
  nullable(): Column<Value | null> {
    return new Column<Value | null>({ ...this.facts, optional: true }, this.schema.nullable());
  }

  /** One phrase for the data dictionary: meaning and unit. */
  describe(description: string): Column<Value> {
    return new Column({ ...this.facts, description }, this.schema);
  }

  /** Marks personal data; it is masked in every finding and alert. */
  personal(pii: Exclude<Pii, 'none'>): Column<Value> {
    return new Column({ ...this.facts, pii }, this.schema);
  }

  /** An irregular value (wrong form, against a rule, empty text) is refused by itself, recorded, and counts as missing. */
  lenient(): Column<Value | null> {
    return new Column<Value | null>({ ...this.facts, optional: true, lenient: true }, this.schema.nullable());
  }

  /** In a table made of recorded events: the value counts only where these columns of the event are equal or the first is missing. */
  countsIf(column: string, equals: string): Column<Value> {
    return new Column({ ...this.facts, counts: { column, equals } }, this.schema);
  }

  /**
   * Where the value stands in a raw record, when not under the column's own name: `'client.email'`.
   * In a table made of recorded events: the column of the event.
   */
  from(path: string): Column<Value> {
    return new Column({ ...this.facts, path }, this.schema);
  }
}

const column = <Value>(type: ColumnType, schema: z.ZodType<Value>): Column<Value> =>
  new Column<Value>({ type, optional: false, description: '', pii: 'none', path: null }, schema);

/** Unicode text, compared byte by byte. */
export const text = (): Column<string> => column({ kind: 'text' }, z.string());

/** A whole number of 64 bits. */
export const integer = (): Column<bigint> => column({ kind: 'integer' }, z.bigint());

/**
 * An exact decimal with `precision` digits in all, `scale` of them after the point.
 * @throws RangeError unless 0 <= scale < precision <= 38 (the limit that all engines share).
 */
export function decimal(precision: number, scale: number): Column<string> {
  const whole = Number.isInteger(precision) && Number.isInteger(scale);
  if (!whole || scale < 0 || scale >= precision || precision > 38) {
    throw new RangeError(`decimal(${precision}, ${scale}): wants 0 <= scale < precision <= 38`);
  }
  return column({ kind: 'decimal', precision, scale }, z.string());
}

/** A calendar day, `YYYY-MM-DD`. */
export const date = (): Column<string> => column({ kind: 'date' }, z.iso.date());

/** A moment in UTC, to the microsecond, stored without zone. */
export const instant = (): Column<string> => column({ kind: 'instant' }, z.string());

/** `true` or `false`. */
export const boolean = (): Column<boolean> => column({ kind: 'boolean' }, z.boolean());

/** The type as analysts write it: `decimal(12,2)`, `timestamp`. */
export function typeName(type: ColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'instant':
      return 'timestamp';
    default:
      return type.kind;
  }
}
