import type { ColumnType } from './column.ts';

// Year 0000 is left out: engines disagree whether it exists.
const DATE = '([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?';
// Offsets in use reach from -12:00 to +14:00; both ends are allowed either way.
const ZONE = '[+-](0[0-9]:[0-5][0-9]|1[0-3]:[0-5][0-9]|14:00)';

/** The forms of an instant without an offset: already in UTC, so no engine has to move it. */
export const UTC_INSTANT_PATTERN = `${DATE}[T ]${TIME}Z?`;

/**
 * The written forms that raw text may take, the same on every engine: nothing is rounded, truncated or guessed.
 * Patterns match the whole value and use only classes and counts, so that RE2 (DuckDB), Java (Spark, Trino)
 * and JavaScript read them alike; a pattern is necessary, the range (a real day, 64 bits) is judged by the cast.
 */
export function pattern(type: ColumnType): string | null {
  switch (type.kind) {
    case 'text':
      return null;
    case 'integer':
      return '[+-]?[0-9]+';
    case 'decimal': {
      const whole = `[+-]?[0-9]{1,${type.precision - type.scale}}`;
      return type.scale === 0 ? whole : `${whole}([.][0-9]{1,${type.scale}})?`;
    }
    case 'date':
      return DATE;
    case 'instant':
      return `${DATE}[T ]${TIME}(Z|${ZONE})?`;
    case 'boolean':
      return 'true|false';
  }
}

/** The written form in words, for the person who has to mend a record. */
export function writtenForm(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
      return 'text';
    case 'integer':
      return 'a whole number of 64 bits';
    case 'decimal':
      return `a decimal with at most ${type.precision - type.scale} digits before and ${type.scale} after the point`;
    case 'date':
      return 'a real day as YYYY-MM-DD';
    case 'instant':
      return 'a time as YYYY-MM-DDTHH:MM:SS[.ffffff][Z|+HH:MM]';
    case 'boolean':
      return 'true or false';
  }
}

/** White space that may not surround a key; ASCII only, so that every engine agrees. */
export const PADDED_KEY_PATTERN = '[ \t\n\r\f\v].*|.*[ \t\n\r\f\v]';
