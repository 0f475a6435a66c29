import { CALENDAR_YEARS } from '../calendar/calendar-years.ts';
import { command, rawOption } from './command.ts';
import { UsageError } from './errors.ts';
import type { DefineCommand } from './main.ts';
import { type CommonOptions, Output } from './output.ts';

interface CalendarOptions extends CommonOptions {
  readonly country: string;
  readonly region?: string;
  readonly years: readonly [number, number];
  readonly raw: string;
}

/** `lakehouse calendar`: days and public holidays of a country as a raw file. */
export const defineCalendar: DefineCommand = (environment) =>
  command(
    'calendar',
    'write the days of some years, with the public holidays of a country, as a raw file of dim_dates',
    'lakehouse calendar --country DE --years 2024-2027\nlakehouse calendar --country DE --region BY --years 2025 --raw raw',
  )
    .requiredOption('--country <code>', 'two letters (ISO 3166-1): DE, US, IN', (code: string) => code.toUpperCase())
    .option('--region <code>', 'a state or region of it: BY, or BY.KATH', (code: string) => code.toUpperCase())
    .requiredOption('--years <range>', 'one year, or the first and the last: 2024-2027', parseYears)
    .addOption(rawOption())
    .addHelpText(
      'after',
      `
The file's name begins with default-: its rows give way, day by day, to any other file of raw/dim_dates, whichever came first.
Public holidays are those that are days off for all there; a half day is none. Weekends are Saturday and Sunday.`,
    )
    .action(async (options: CalendarOptions) => {
      const { calendarDays } = await import('../calendar/calendar-days.ts');
      const { writeCalendar } = await import('./write-calendar.ts');
      const [first, last] = options.years;
      const place = { country: options.country, region: options.region ?? null };
      const days = calendarDays(place, first, last);
      const path = writeCalendar(options.raw, place, days);
      const output = new Output(environment, options);
      const years = [...new Set(days.map((day) => day.year_num))];
      const rows = years.map((year) => {
        const weekdays = days.filter((day) => day.year_num === year && day.day_of_the_week_num <= 5);
        const working = weekdays.filter((day) => day.working_day).length;
        return { year, working_days: working, public_holidays: weekdays.length - working };
      });
      output.rows({ columns: ['year', 'working_days', 'public_holidays'], rows });
      output.note(`wrote ${path}; take it in with: lakehouse run --raw ${options.raw}`);
    });

/** `2025` or `2024-2027`. @throws UsageError */
function parseYears(text: string): readonly [number, number] {
  const [, from = '', to = from] = /^(\d{4})(?:-(\d{4}))?$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (from === '' || first > last || first < CALENDAR_YEARS.first || last > CALENDAR_YEARS.last)
    throw new UsageError(
      `"${text}" is no range of years; expected a year, or two as 2024-2027, from ${CALENDAR_YEARS.first} to ${CALENDAR_YEARS.last}`,
    );
  return [first, last];
}
