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

/** Text as a SQL literal. Backslashes are refused: engines disagree whether they escape. */
export function literal(text: string): string {
  if (text.includes('\\')) throw new RangeError(`a backslash cannot stand in a portable SQL literal: ${text}`);
  return `'${text.replaceAll("'", "''")}'`;
}
