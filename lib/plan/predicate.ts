import type { RowPredicate, Rule, Unless } from '../contract/index.ts';
import { literal } from './types.ts';

type Statement = Rule | Unless['wants'];

/** A statement about a row in SQL that every engine reads alike; `named` gives a column's SQL. Null satisfies it when negated with `not (…)`. */
export function predicateSql(predicate: Statement, named: (column: string) => string): string {
  const column = named(predicate.column);
  switch (predicate.kind) {
    case 'between':
      return [
        ...(predicate.min === null ? [] : [`${column} >= ${predicate.min}`]),
        ...(predicate.max === null ? [] : [`${column} <= ${predicate.max}`]),
      ].join(' and ');
    case 'one_of':
      return `${column} in (${predicate.values.map(literal).join(', ')})`;
    case 'capitals': {
      const places = Array.from({ length: predicate.letters }, (_, place) => place + 1);
      return [
        `length(${column}) = ${predicate.letters}`,
        ...places.map((place) => `substr(${column}, ${place}, 1) between 'A' and 'Z'`),
      ].join(' and ');
    }
    case 'email':
      return `${column} like '%_@_%' and ${column} not like '%@%@%'`;
    case 'present':
      return `${column} is not null`;
    case 'unless':
      return `(${predicateSql(predicate.excused, named)}) or (${predicateSql(predicate.wants, named)})`;
  }
}

/**
 * Whether a row keeps a statement: the same verdict as `predicateSql`. `of` gives values as `judge` of the record layer
 * spells them; null satisfies all but `present`.
 */
export function predicateHolds(predicate: Statement, of: (column: string) => string | null): boolean {
  const value = of(predicate.column);
  if (predicate.kind === 'present') return value !== null;
  if (predicate.kind === 'unless') return predicateHolds(predicate.excused, of) || predicateHolds(predicate.wants, of);
  if (value === null) return true;
  switch (predicate.kind) {
    case 'between':
      return (
        (predicate.min === null || compareDecimals(value, String(predicate.min)) >= 0) &&
        (predicate.max === null || compareDecimals(value, String(predicate.max)) <= 0)
      );
    case 'one_of':
      return predicate.values.includes(value);
    case 'capitals':
      return value.length === predicate.letters && /^[A-Z]*$/.test(value);
    case 'email':
      return /^[^@]+@[^@]+$/.test(value);
  }
}

/** Compares two written numbers without rounding either. */
function compareDecimals(a: string, b: string): number {
  const places = Math.max(...[a, b].map((text) => text.split('.')[1]?.length ?? 0));
  const scaled = (text: string) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  };
  const difference = scaled(a) - scaled(b);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

/** A statement about a row as a sentence: `review is between 1 and 5`. */
export function predicateWords(predicate: Statement): string {
  switch (predicate.kind) {
    case 'between':
      if (predicate.max === null) return `${predicate.column} is at least ${predicate.min}`;
      if (predicate.min === null) return `${predicate.column} is at most ${predicate.max}`;
      return `${predicate.column} is between ${predicate.min} and ${predicate.max}`;
    case 'one_of':
      return `${predicate.column} is one of ${predicate.values.join(', ')}`;
    case 'capitals':
      return `${predicate.column} is ${predicate.letters} capital letters`;
    case 'email':
      return `${predicate.column} is something, one @ and something`;
    case 'present':
      return `${predicate.column} is given`;
    case 'unless':
      return `${predicateWords(predicate.wants)}, unless ${predicateWords(predicate.excused)}`;
  }
}

/** A row predicate as a check's name: `between(review)`. */
export function predicateName(predicate: RowPredicate): string {
  const kind = predicate.kind === 'between' && predicate.max === null ? 'at_least' : predicate.kind;
  return `${kind}(${predicate.column})`;
}
