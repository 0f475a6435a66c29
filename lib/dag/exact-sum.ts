/** A weight or a sum of weights in the unit of one `Scale`. Amounts of different scales never meet. */
export type Amount = number | bigint;

/**
 * Exact addition of decimals. A float64 means the shortest decimal that is read as it: 0.1 is a tenth, so
 * 0.1 + 0.2 is 0.3, in whatever order it is added. Amounts compare with `<`, `>` and `===`.
 */
export interface Scale {
  /** The values that the scale was made of, in its unit. */
  readonly amounts: ArrayLike<Amount>;
  readonly zero: Amount;
  add(a: Amount, b: Amount): Amount;
  /** The float64 nearest to the exact amount: greater amounts never give a smaller one. */
  toNumber(amount: Amount): number;
}

/**
 * A scale on which up to `terms` of these values add exactly. Values with few decimals become whole float64 numbers
 * of their smallest decimal; all others (17 digits, 1e300) become bigint: some 2 µs a value to
 * convert, and additions five times as slow. O(values).
 */
export const scaleOf = (values: Float64Array, terms: number): Scale => wholeScale(values, terms) ?? bigScale(values);

/** Up to 15 digits, a decimal and its float64 know each other; powers of ten are exact up to the 22nd. */
const MOST_UNITS = 1e15;
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

function wholeScale(values: Float64Array, terms: number): Scale | null {
  let decimals = 0;
  let greatest = 0;
  for (const value of values) {
    while (Math.round(value * power(decimals)) / power(decimals) !== value) {
      decimals += 1;
      if (decimals === POWERS.length) return null;
    }
    greatest = Math.max(greatest, Math.abs(value));
  }
  const unit = power(decimals);
  const most = Math.round(greatest * unit);
  if (most > MOST_UNITS || most * terms > Number.MAX_SAFE_INTEGER) return null;
  return {
    amounts: values.map((value) => Math.round(value * unit)),
    zero: 0,
    add: (a, b) => (a as number) + (b as number),
    toNumber: (amount) => (amount as number) / unit,
  };
}

const power = (exponent: number): number => POWERS[exponent] as number;

function bigScale(values: Float64Array): Scale {
  const parts = Array.from(values, digitsAndExponent);
  const lowest = parts.reduce((least, { exponent }) => Math.min(least, exponent), 0);
  return {
    amounts: parts.map(({ digits, exponent }) => digits * 10n ** BigInt(exponent - lowest)),
    zero: 0n,
    add: (a, b) => (a as bigint) + (b as bigint),
    toNumber: (amount) => Number(`${amount}e${lowest}`),
  };
}

/** 12.5 is 125 with exponent -1. */
function digitsAndExponent(value: number): { digits: bigint; exponent: number } {
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}
