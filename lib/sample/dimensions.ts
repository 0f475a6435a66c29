import { plusDays } from './calendar.ts';
import { booleanColumn, dateColumn, integerColumn, textColumn } from './columns.ts';
import { federalHolidays, weekday } from './holidays.ts';
import { Draws } from './random.ts';
import type { Cells, SampleDataset, Slice } from './types.ts';
import { ADJECTIVES, CATEGORIES, FIRST_NAMES, LAST_NAMES, POSTAL_CODES, THINGS } from './words.ts';

const pick = (words: readonly string[], at: number): string => words[at % words.length] ?? '';
const total = (files: readonly Slice[]): number => files.at(-1)?.end ?? 0;
/** Another text for the same key: before the old one in binary order, or after it. */
const renamed = (name: string, smaller: boolean): string => (smaller ? `#${name}` : `${name} II`);

/** Products, numbered from 1. */
export const products = (files: readonly Slice[]): SampleDataset => ({
  name: 'dim_products',
  key: 0,
  columns: [integerColumn('product_id'), textColumn('product_category'), textColumn('product_name')],
  count: total(files),
  files,
  styles: [{ format: 'json' }, { format: 'csv', turn: 1, quotes: true }],
  findings: [],
  fill(index, cells, quotes) {
    const thing = quotes ? THINGS : THINGS.filter((word) => !/[",]/.test(word));
    cells[0] = String(index + 1);
    cells[1] = pick(CATEGORIES, index * 3);
    cells[2] = `${pick(ADJECTIVES, index)} ${pick(thing, index * 5 + 1)} ${1 + (index >> 3)}`;
  },
  unusedKey: (serial) => String(total(files) + 1 + serial),
  vary(cells, smaller) {
    cells[2] = renamed(cells[2] ?? '', smaller);
  },
});

/** Customers, numbered from 1001. */
export function customers(files: readonly Slice[], seed: number): SampleDataset {
  const draws = new Draws(seed, 7);
  return {
    name: 'dim_customers',
    key: 0,
    columns: [integerColumn('customer_id'), textColumn('customer_name'), textColumn('postal_code')],
    count: total(files),
    files,
    styles: [{ format: 'parquet' }, { format: 'csv', quotes: true, turn: 1 }, { format: 'parquet', text: true }],
    findings: [],
    fill(index, cells, quotes) {
      draws.at(index);
      const [first, last] = [pick(FIRST_NAMES, draws.below(100)), pick(LAST_NAMES, draws.below(100))];
      const lines = index % 11 === 3 ? `${first}\n${last}` : `${last}, ${first} "${first.slice(0, 1)}"`;
      cells[0] = String(1001 + index);
      cells[1] = quotes && index % 3 === 0 ? lines : `${first} ${last}`;
      cells[2] = pick(POSTAL_CODES, draws.below(100));
    },
    unusedKey: (serial) => String(1001 + total(files) + serial),
    vary(cells, smaller) {
      cells[1] = renamed(cells[1] ?? '', smaller);
    },
  };
}

const CALENDAR_START = '2024-01-01';
const CALENDAR_END = '2026-12-31';
/** Days from the start of 2024 to the end of 2026. */
export const CALENDAR_DAYS = (Date.parse(CALENDAR_END) - Date.parse(CALENDAR_START)) / 86_400_000 + 1;

/** The calendar with weekends and the federal holidays of the United States. */
export function dates(files: readonly Slice[]): SampleDataset {
  const holidays = new Set([2024, 2025, 2026].flatMap((year) => [...federalHolidays(year)]));
  return {
    name: 'dim_dates',
    key: 0,
    columns: [
      dateColumn('calendar_dt'),
      integerColumn('year_num'),
      integerColumn('month_of_the_year_num', ['0', '13']),
      integerColumn('day_of_the_month_num', ['32', '-1']),
      integerColumn('day_of_the_week_num', ['0', '8']),
      booleanColumn('working_day'),
    ],
    count: total(files),
    files,
    styles: [{ format: 'csv' }, { format: 'parquet' }, { format: 'jsonl' }],
    findings: [],
    fill(index: number, cells: Cells) {
      const day = plusDays(CALENDAR_START, index);
      cells[0] = day;
      cells[1] = day.slice(0, 4);
      cells[2] = String(Number(day.slice(5, 7)));
      cells[3] = String(Number(day.slice(8)));
      cells[4] = String(weekday(day));
      cells[5] = String(weekday(day) <= 5 && !holidays.has(day));
    },
    unusedKey: (serial) => plusDays('1990-01-01', serial),
    vary(cells) {
      cells[5] = cells[5] === 'true' ? 'false' : 'true';
    },
  };
}
