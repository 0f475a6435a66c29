import type { Value } from '../engines/engine.ts';

/** A value as JSON: integers within 2^53 are numbers, beyond them text; every digit is kept. */
export function toJson(value: Value | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'bigint') {
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? String(value)
      : `"${value}"`;
  }
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, entry]) => `${JSON.stringify(key)}:${toJson(entry)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

/** A value as plain text, for tables and CSV; null is empty. */
export function toText(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? toJson(value) : String(value);
}

/** A CSV cell (RFC 4180). */
export const toCell = (value: Value | undefined): string => {
  const text = toText(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
