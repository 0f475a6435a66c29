import type { ColumnType } from '../contract/index.ts';
import type { EngineName } from './plan.ts';

const NAMES: Record<EngineName, Record<Exclude<ColumnType['kind'], 'decimal'>, string>> = {
  duckdb: { text: 'varchar', integer: 'bigint', date: 'date', instant: 'timestamp', boolean: 'boolean' },
  spark: { text: 'string', integer: 'bigint', date: 'date', instant: 'timestamp_ntz', boolean: 'boolean' },
  athena: { text: 'string', integer: 'bigint', date: 'date', instant: 'timestamp', boolean: 'boolean' },
  redshift: { text: 'varchar(65535)', integer: 'bigint', date: 'date', instant: 'timestamp', boolean: 'boolean' },
};

/** A column type as an engine's DDL spells it. */
export const sqlType = (type: ColumnType, engine: EngineName): string =>
  type.kind === 'decimal' ? `decimal(${type.precision}, ${type.scale})` : NAMES[engine][type.kind];

/** An identifier quoted for an engine, so that a column may be named `timestamp` or `void` everywhere. */
export const quoted = (name: string, engine: EngineName): string => (engine === 'spark' ? `\`${name}\`` : `"${name}"`);

/** A quote; a backslash; the first brace of a marker of the plan. */
const READ_APART = /(['\\]|\{(?=\{))/;

/**
 * Text as SQL that every engine reads alike. A doubled quote is two texts side by side on Spark, and a backslash escapes
 * there and on Redshift: such characters are named by their numbers.
 */
export function literal(text: string): string {
  // Split at a group, every other part is what the group met.
  const parts = text
    .split(READ_APART)
    .map((part, place) => (place % 2 === 1 ? `chr(${part.charCodeAt(0)})` : part && `'${part}'`))
    .filter((part) => part !== '');
  return parts.length > 1 ? `(${parts.join(' || ')})` : (parts[0] ?? "''");
}
