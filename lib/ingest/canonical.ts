import { type ColumnType, pattern, writtenForm } from '../contract/index.ts';

/** A value in its one canonical spelling, or why the text is not of the type. */
export type Judgement = { readonly value: string } | { readonly fault: string };

const MAX_64 = 2n ** 63n - 1n;
const MIN_64 = -(2n ** 63n);

/**
 * Judges raw text against the lexical grammar: the same verdict as every engine's. The value is spelled as engines
 * print it: integers without sign or zeros to spare, decimals with all digits of their scale, instants in UTC without
 * zone. Empty text is the caller's: it is null, and whether that may be is said by the column.
 */
export function judge(type: ColumnType, text: string): Judgement {
  const value = canonical(type, text);
  return value === null ? { fault: `found '${text}', expected ${writtenForm(type)}` } : { value };
}

function canonical(type: ColumnType, text: string): string | null {
  const form = pattern(type);
  if (form !== null && !whole(form).test(text)) return null;
  switch (type.kind) {
    case 'integer':
      return integer(text);
    case 'decimal':
      return decimal(text, type.scale);
    case 'date':
      return isRealDay(text) ? text : null;
    case 'instant':
      return instant(text);
    default:
      return text;
  }
}

const patterns = new Map<string, RegExp>();

function whole(form: string): RegExp {
  const known = patterns.get(form) ?? new RegExp(`^(?:${form})$`);
  patterns.set(form, known);
  return known;
}

function integer(text: string): string | null {
  const value = BigInt(text.replace(/^\+/, ''));
  return value < MIN_64 || value > MAX_64 ? null : String(value);
}

function decimal(text: string, scale: number): string {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = BigInt(whole + fraction.padEnd(scale, '0'));
  const padded = String(digits).padStart(scale + 1, '0');
  const sign = text.startsWith('-') && digits > 0n ? '-' : '';
  const point = padded.length - scale;
  return scale === 0 ? sign + padded : `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}

function isRealDay(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}

/** Shifted to UTC; null for days that are not real and for moments outside the years 0001 to 9999. */
function instant(text: string): string | null {
  const parts = /^(.{10})[T ](.{8})(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))?$/.exec(text);
  if (parts === null || !isRealDay(text)) return null;
  const [, day, time, fraction = '', sign, hours = '0', minutes = '0'] = parts;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const utc = new Date(new Date(`${day}T${time}Z`).getTime() - offset * 60_000);
  const iso = utc.toISOString();
  // Years beyond four digits are written with a sign.
  if (!/^\d{4}-/.test(iso) || iso.startsWith('0000')) return null;
  const micros = trimmed(fraction);
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${micros === '' ? '' : `.${micros}`}`;
}

function trimmed(fraction: string): string {
  let end = fraction.length;
  while (fraction[end - 1] === '0') end -= 1;
  return fraction.slice(0, end);
}
