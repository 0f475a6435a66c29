/** Most zeros at the end of a whole number, or right behind the point: far beyond any column, and short to write out. */
const MAX_ZEROS = 400;

/**
 * A JSON number as plain text, by value and exact at any length: `1e3` is `1000`, `1.50` is `1.5`, `-0` is `0`.
 * Null for more than 400 zeros at its end before the point, or right behind the point. The text must follow the JSON grammar.
 */
export function canonicalNumber(text: string): string | null {
  const exponentAt = text.search(/[eE]/);
  const pointAt = text.indexOf('.');
  if (exponentAt < 0 && pointAt < 0 && text.length <= MAX_ZEROS) return text === '-0' ? '0' : text;
  const sign = text.startsWith('-') ? '-' : '';
  const coefficient = text.slice(sign.length, exponentAt < 0 ? text.length : exponentAt);
  const [whole = '', fraction = ''] = coefficient.split('.');
  const digits = whole + fraction;
  let first = 0;
  while (digits[first] === '0') first += 1;
  if (first === digits.length) return '0';
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  const significant = digits.slice(first, end);
  // Where the point stands, counted from the first significant digit. Huge exponents become Infinity, never a wrong number.
  const point = whole.length - first + (exponentAt < 0 ? 0 : Number(text.slice(exponentAt + 1)));
  if (point > significant.length + MAX_ZEROS || point < -MAX_ZEROS) return null;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${significant}`;
  if (point >= significant.length) return sign + significant + '0'.repeat(point - significant.length);
  return `${sign}${significant.slice(0, point)}.${significant.slice(point)}`;
}
