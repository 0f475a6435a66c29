import { describe, expect, test } from 'vitest';
import { calendarDays, UnknownPlaceError } from '../../lib/calendar/calendar-days.ts';
import { federalHolidays } from '../../lib/sample/holidays.ts';

const DAY = 86_400_000;
const iso = (time: number): string => new Date(time).toISOString().slice(0, 10);
const isWeekday = (day: string): boolean => ![0, 6].includes(new Date(day).getUTCDay());

/** Days from Monday to Friday that are off. */
const daysOff = (country: string, region: string | null, first: number, last = first): string[] =>
  calendarDays({ country, region }, first, last)
    .filter((day) => !day.working_day && day.day_of_the_week_num <= 5)
    .map((day) => day.calendar_dt);

/** Easter Sunday by the rule of the Gregorian calendar (Meeus, Jones, Butcher). */
function easter(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const [month, day] = [Math.floor((h + l - 7 * m + 114) / 31), ((h + l - 7 * m + 114) % 31) + 1];
  return Date.UTC(year, month - 1, day);
}

/** The public holidays of all of Germany since 1991, by law. */
function german(year: number): string[] {
  const movable = [-2, 1, 39, 50].map((days) => iso(easter(year) + days * DAY));
  const fixed = ['01-01', '05-01', '10-03', '12-25', '12-26'].map((day) => `${year}-${day}`);
  const once = year === 2017 ? ['2017-10-31'] : [];
  // In 2008 Ascension fell on the first of May.
  return [...new Set([...movable, ...fixed, ...once])].filter(isWeekday).sort();
}

describe('public holidays', () => {
  test('of Germany are those of its law, for seventy years', () => {
    for (let year = 1995; year <= 2065; year++) expect(daysOff('DE', null, year)).toEqual(german(year));
  });

  test('of the United States are the federal ones, kept on Friday or Monday when they fall on a weekend, across the turn of the year', () => {
    for (let year = 2022; year <= 2040; year++) {
      const federal = [year, year + 1].flatMap((each) => [...federalHolidays(each)]);
      const expected = [...new Set(federal)].filter((day) => day.startsWith(String(year))).sort();
      expect(daysOff('US', null, year)).toEqual(expected);
    }
    expect(daysOff('US', null, 2021)).toContain('2021-12-31');
  });

  test.each([
    { of: 'Bavaria', country: 'DE', region: 'BY', on: ['2025-01-06', '2025-06-19'], not: ['2025-10-31', '2025-08-15'] },
    { of: 'Catholic towns in Bavaria', country: 'DE', region: 'BY.KATH', on: ['2025-08-15'], not: ['2025-10-31'] },
    { of: 'Saxony', country: 'DE', region: 'SN', on: ['2025-10-31', '2025-11-19'], not: ['2025-01-06'] },
    {
      of: 'England',
      country: 'GB',
      region: 'ENG',
      on: ['2022-06-02', '2022-06-03', '2023-05-08'],
      not: ['2022-01-04'],
    },
    { of: 'Scotland', country: 'GB', region: 'SCT', on: ['2022-01-04'], not: ['2022-04-18'] },
    {
      of: 'Turkey: three and four days of feast',
      country: 'TR',
      region: null,
      on: ['2025-03-31', '2025-04-01', '2025-06-06', '2025-06-09'],
      not: ['2025-04-02', '2025-06-05', '2025-06-10'],
    },
    {
      of: 'China: no half days',
      country: 'CN',
      region: null,
      on: ['2024-10-01', '2024-10-02', '2024-10-03'],
      not: ['2024-03-08'],
    },
    {
      of: 'Israel: days begin the evening before',
      country: 'IL',
      region: null,
      on: ['2024-04-23', '2024-10-03'],
      not: ['2024-04-22', '2024-10-02'],
    },
    {
      of: 'Eswatini: six days across the turn of the year',
      country: 'SZ',
      region: null,
      on: ['2017-12-29', '2018-01-02'],
      not: ['2018-01-03'],
    },
    { of: 'Japan', country: 'JP', region: null, on: ['2024-02-12', '2019-10-22'], not: ['2024-12-31', '2018-10-22'] },
  ])('of $of', ({ country, region, on, not }) => {
    const off = new Set([...on, ...not].flatMap((day) => daysOff(country, region, Number(day.slice(0, 4)))));
    expect(on.filter((day) => !off.has(day))).toEqual([]);
    expect(not.filter((day) => off.has(day))).toEqual([]);
  });
});

describe('a calendar', () => {
  test('has every day once, in order, with its parts', () => {
    const days = calendarDays({ country: 'DE', region: null }, 2023, 2024);
    expect(days.map((day) => day.calendar_dt)).toEqual(
      Array.from({ length: 365 + 366 }, (_, at) => iso(Date.UTC(2023, 0, 1) + at * DAY)),
    );
    expect(days[0]).toEqual({
      calendar_dt: '2023-01-01',
      year_num: 2023,
      month_of_the_year_num: 1,
      day_of_the_month_num: 1,
      day_of_the_week_num: 7,
      working_day: false,
    });
    expect(days.find((day) => day.calendar_dt === '2024-02-29')).toMatchObject({
      day_of_the_week_num: 4,
      working_day: true,
    });
  });

  test('rests on Saturday and Sunday, where Friday is the day of rest too', () => {
    const fridays = calendarDays({ country: 'SA', region: null }, 2024, 2024).filter(
      (day) => day.day_of_the_week_num === 5,
    );
    expect(fridays.filter((day) => day.working_day).length).toBeGreaterThan(45);
  });

  test.each([
    { country: 'XX', region: null, says: /no country XX; known: .*DE/ },
    { country: 'DE', region: 'XX', says: /no region XX in DE; known: .*BY/ },
    { country: 'DE', region: 'BY.XX', says: /no region XX in DE BY; known: .*KATH/ },
    { country: 'AX', region: 'A', says: /no region A in AX/ },
  ])('of $country $region does not exist', ({ country, region, says }) => {
    expect(() => calendarDays({ country, region }, 2024, 2024)).toThrow(UnknownPlaceError);
    expect(() => calendarDays({ country, region }, 2024, 2024)).toThrow(says);
  });
});
