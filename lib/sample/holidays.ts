/** Day of the week, 1 = Monday to 7 = Sunday. */
export const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

const iso = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);

/** The `nth` such weekday of a month; the last one when `nth` is -1. */
function nth(year: number, month: number, day: number, nth: number): string {
  if (nth > 0) {
    const first = weekday(iso(year, month, 1));
    return iso(year, month, 1 + ((day - first + 7) % 7) + 7 * (nth - 1));
  }
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lastDay = weekday(iso(year, month, last));
  return iso(year, month, last - ((lastDay - day + 7) % 7));
}

/** A holiday of fixed date is kept on Friday when it falls on Saturday, on Monday when on Sunday. */
function observed(year: number, month: number, day: number): string {
  const shift: Readonly<Record<number, number>> = { 6: -1, 7: 1 };
  return iso(year, month, day + (shift[weekday(iso(year, month, day))] ?? 0));
}

const MONDAY = 1;
const THURSDAY = 4;

/** The federal holidays of the United States in a year, as they are observed. */
export const federalHolidays = (year: number): ReadonlySet<string> =>
  new Set([
    observed(year, 1, 1), // New Year
    nth(year, 1, MONDAY, 3), // Martin Luther King
    nth(year, 2, MONDAY, 3), // Washington
    nth(year, 5, MONDAY, -1), // Memorial Day
    observed(year, 6, 19), // Juneteenth
    observed(year, 7, 4), // Independence
    nth(year, 9, MONDAY, 1), // Labor Day
    nth(year, 10, MONDAY, 2), // Columbus
    observed(year, 11, 11), // Veterans
    nth(year, 11, THURSDAY, 4), // Thanksgiving
    observed(year, 12, 25), // Christmas
  ]);
