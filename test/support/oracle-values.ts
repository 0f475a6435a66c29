/** Written values read anew for the oracles: exact, by arithmetic of their own, without the project's code. */

/** A decimal text in hundredths: `-1.5` is -150. */
export function cents(text: string): bigint {
  const [, sign, whole, part = ''] = /^([+-]?)([0-9]+)(?:[.]([0-9]{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`no amount: ${text}`);
  const value = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'));
  return sign === '-' ? -value : value;
}

/** Hundredths as a decimal text: -150 is `-1.50`. */
export function money(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Days from 0000-03-01, by counting: 365 a year and a day for every leap year passed. */
export function dayNumber(text: string): number {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const y = month > 2 ? year : year - 1;
  const months = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];
  const past = months[(month + 9) % 12] ?? 0;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + past + day - 1;
}

/** The day of that number, found by trying: years, then days. */
export function dayText(number: number): string {
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  let year = Math.floor(number / 365.2425);
  while (dayNumber(`${year + 1}-01-01`) <= number) year++;
  while (dayNumber(`${year}-01-01`) > number) year--;
  let month = 12;
  while (dayNumber(`${year}-${month}-01`) > number) month--;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(number - dayNumber(`${year}-${month}-01`) + 1, 2)}`;
}

const MINUTE = 60_000_000n;

/** A written time as microseconds since day 0, UTC; without a zone it is UTC. */
export function micros(text: string): bigint {
  const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.](\d{1,6}))?(?:Z|([+-])(\d{2}):(\d{2}))?$/;
  const [, day, hour, minute, second, part = '', sign, zoneHour, zoneMinute] = form.exec(text) ?? [];
  if (day === undefined) throw new RangeError(`no time: ${text}`);
  const minutes = BigInt(dayNumber(day)) * 1440n + BigInt(Number(hour) * 60 + Number(minute));
  const zone = sign === undefined ? 0n : BigInt(Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1n : 1n);
  return (minutes - zone) * MINUTE + BigInt(Number(second)) * 1_000_000n + BigInt(part.padEnd(6, '0'));
}

/** The UTC day of a moment. */
export const dayOfMoment = (moment: bigint): string => dayText(Number(moment / (1440n * MINUTE)));

/** The UTC calendar month of a moment: `2025-01`. */
export const monthOfMoment = (moment: bigint): string => dayOfMoment(moment).slice(0, 7);

/** A share in percent with two decimals, half up, by long division; null of nothing. */
export function percentOf(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null;
  const scaled = part * 10_000n;
  const cut = scaled / whole;
  return money(2n * (scaled % whole) >= whole ? cut + 1n : cut);
}

/** Binary order of UTF-8 texts. */
export const compareText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
