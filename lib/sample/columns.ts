import type { ColumnType } from '../contract/index.ts';
import type { SampleColumn } from './types.ts';

const column = (name: string, type: ColumnType, outside?: readonly string[]): SampleColumn =>
  outside === undefined ? { name, type, nullable: false } : { name, type, nullable: false, outside };

/** A whole number; `outside` are values that a rule refuses. */
export const integerColumn = (name: string, outside?: readonly string[]) => column(name, { kind: 'integer' }, outside);
/** Money. */
export const moneyColumn = (name: string) => column(name, { kind: 'decimal', precision: 12, scale: 2 });
/** A decimal. */
export const decimalColumn = (name: string, precision: number, scale: number, outside?: readonly string[]) =>
  column(name, { kind: 'decimal', precision, scale }, outside);
/** A confidence in percent; `outside` are values that a rule refuses. */
export const confidenceColumn = (outside: readonly string[]) => decimalColumn('confidence', 5, 2, outside);
/** Text; `outside` are values that a rule refuses. */
export const textColumn = (name: string, outside?: readonly string[]) => column(name, { kind: 'text' }, outside);
/** A day. */
export const dateColumn = (name: string) => column(name, { kind: 'date' });
/** A moment. */
export const instantColumn = (name: string) => column(name, { kind: 'instant' });
/** true or false. */
export const booleanColumn = (name: string) => column(name, { kind: 'boolean' });
/** The same column, but its value may be missing. */
export const optional = (of: SampleColumn): SampleColumn => ({ ...of, nullable: true });

/** The same column, with values that are refused by themselves. */
export const lenient = (of: SampleColumn, irregular: NonNullable<SampleColumn['irregular']>): SampleColumn => ({
  ...of,
  irregular,
});
/** The same column, at a place of its own in a record that is a tree. */
export const under = (path: string, of: SampleColumn): SampleColumn => ({ ...of, path });

/** Cents as a decimal with two digits. */
export function money(cents: number): string {
  const whole = Math.floor(cents / 100);
  const rest = cents - whole * 100;
  return rest < 10 ? `${whole}.0${rest}` : `${whole}.${rest}`;
}

/** Cents of a decimal with two digits. */
export const cents = (amount: string): number => Number(amount.replace('.', ''));

/** A number of fixed length behind a letter: `P000000001`. */
export const code = (letter: string, number: number): string => letter + String(1_000_000_000 + number).slice(1);
