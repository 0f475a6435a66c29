import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CalendarDay, CalendarPlace } from '../calendar/calendar-days.ts';
import { CommandFailedError } from './errors.ts';
import { toCell } from './values.ts';

const DATASET = 'dim_dates';

/** Writes days as a file of the raw zone that gives way to supplied ones. @throws CommandFailedError where another place's calendar stands. */
export function writeCalendar(raw: string, { country, region }: CalendarPlace, days: readonly CalendarDay[]): string {
  const folder = join(raw, DATASET);
  const place = `default-${[country, ...(region === null ? [] : [region])].join('-').toLowerCase()}-`;
  const years = [days.at(0), days.at(-1)].map((day) => day?.year_num);
  const file = join(folder, `${place}${[...new Set(years)].join('-')}.csv`);
  mkdirSync(folder, { recursive: true });
  const other = readdirSync(folder).find((name) => name.startsWith('default-') && !isOf(place, name));
  if (other !== undefined)
    throw new CommandFailedError(
      `${join(folder, other)} is the calendar of another place, and a lake has one: supply the days that differ in a file of your own, or remove it and make a new lake`,
    );
  const columns = Object.keys(days[0] ?? {}) as (keyof CalendarDay)[];
  const lines = [columns.join(','), ...days.map((day) => columns.map((column) => toCell(day[column])).join(','))];
  const beside = `${file}.tmp`;
  writeFileSync(beside, `${lines.join('\n')}\n`);
  renameSync(beside, file);
  return file;
}

/** Whether a file holds other years of the same place. */
const isOf = (place: string, name: string): boolean =>
  name.startsWith(place) && /^\d{4}(-\d{4})?\.csv$/.test(name.slice(place.length));
