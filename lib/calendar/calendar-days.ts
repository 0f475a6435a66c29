import Holidays from 'date-holidays';

/** Whose calendar: a country, and a region within it (a state, or `STATE.REGION`) where one is named. */
export interface CalendarPlace {
  /** ISO 3166-1, two letters. */
  readonly country: string;
  readonly region: string | null;
}

/** A day as `dim_dates` has it. */
export interface CalendarDay {
  readonly calendar_dt: string;
  readonly year_num: number;
  readonly month_of_the_year_num: number;
  readonly day_of_the_month_num: number;
  /** 1 = Monday to 7 = Sunday. */
  readonly day_of_the_week_num: number;
  /** False on Saturdays, Sundays and public holidays. */
  readonly working_day: boolean;
}

/** No such country, or no such region in it; names those that there are. */
export class UnknownPlaceError extends Error {
  constructor(what: string, known: readonly string[]) {
    super(`there is no ${what}; known: ${known.join(', ')}`);
    this.name = 'UnknownPlaceError';
  }
}

/** Every day of the years, both included, in order. @throws UnknownPlaceError */
export function calendarDays(place: CalendarPlace, first: number, last: number): CalendarDay[] {
  const holidays = holidaysOf(place);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at).flatMap((year) => {
    // A feast of several days may reach into the next year, and one on a weekend may be kept in the year before.
    const off = new Set([year - 1, year, year + 1].flatMap((each) => publicHolidays(holidays, each)));
    return daysOf(year).map((day) => calendarDay(day, off.has(day)));
  });
}

function holidaysOf({ country, region }: CalendarPlace): Holidays {
  const countries = Object.keys(new Holidays().getCountries());
  if (!countries.includes(country)) throw new UnknownPlaceError(`country ${country}`, countries);
  if (region === null) return new Holidays(country);
  const [state = '', part] = region.split('.');
  const all = new Holidays(country);
  const states = Object.keys(all.getStates(country) ?? {});
  if (!states.includes(state)) throw new UnknownPlaceError(`region ${state} in ${country}`, states);
  if (part === undefined) return new Holidays(country, state);
  const parts = Object.keys(all.getRegions(country, state) ?? {});
  if (!parts.includes(part)) throw new UnknownPlaceError(`region ${part} in ${country} ${state}`, parts);
  return new Holidays(country, state, part);
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const plus = (day: string, days: number): string => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** The days off for all: feasts that last several days count whole, half days (from noon on) do not. A day with a clock change has 23 or 25 hours. */
const publicHolidays = (holidays: Holidays, year: number): string[] =>
  holidays
    .getHolidays(year)
    // A day kept in place of one on a weekend is a day off too, though the library calls some of them bank holidays.
    .filter(({ type, substitute }) => type === 'public' || (type === 'bank' && substitute === true))
    .flatMap(({ date, start, end }) => {
      const days = Math.floor((end.getTime() - start.getTime() + HOUR) / DAY);
      return Array.from({ length: days }, (_, at) => plus(date.slice(0, 10), at));
    });

function daysOf(year: number): string[] {
  const length = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / DAY;
  return Array.from({ length }, (_, at) => plus(`${year}-01-01`, at));
}

/**
 * Saturday and Sunday are the weekend everywhere: a day from Monday to Friday that is no working day counts as a public
 * holiday, so the Friday of a country that rests on Friday must not be one.
 */
function calendarDay(day: string, holiday: boolean): CalendarDay {
  const weekday = new Date(day).getUTCDay() || 7;
  return {
    calendar_dt: day,
    year_num: Number(day.slice(0, 4)),
    month_of_the_year_num: Number(day.slice(5, 7)),
    day_of_the_month_num: Number(day.slice(8, 10)),
    day_of_the_week_num: weekday,
    working_day: weekday <= 5 && !holiday,
  };
}
