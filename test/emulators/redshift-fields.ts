import type { Field } from '@aws-sdk/client-redshift-data';
import { types } from '@electric-sql/pglite';

/** How Redshift calls types. */
export const TYPE_NAMES: Readonly<Record<number, string>> = {
  [types.VARCHAR]: 'varchar',
  [types.TEXT]: 'varchar',
  [types.INT4]: 'int4',
  [types.INT8]: 'int8',
  [types.NUMERIC]: 'numeric',
  [types.FLOAT8]: 'float8',
  [types.DATE]: 'date',
  [types.TIMESTAMP]: 'timestamp',
  [types.BOOL]: 'bool',
};

/** Values as PostgreSQL writes them. */
export const PARSERS = Object.fromEntries(Object.keys(TYPE_NAMES).map((type) => [type, (text: string) => text]));

/** A value as the Data API gives it: integers, doubles and truths by themselves, all else as text. */
export function fieldOf(value: unknown, type = 0): Field {
  const text = String(value);
  if (value === null) return { isNull: true };
  if (type === types.INT4 || type === types.INT8) return { longValue: Number(text) };
  if (type === types.FLOAT8) return { doubleValue: Number(text) };
  return type === types.BOOL ? { booleanValue: text === 't' } : { stringValue: text };
}
