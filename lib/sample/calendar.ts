/** The newest day of every sample: the day that `validate --date` is shown with. */
export const SAMPLE_LAST_DAY = '2026-06-30';

/** The first day on which anything happens in a sample. */
const SAMPLE_FIRST_DAY = '2024-07-01';

const DAY_SECONDS = 86_400;
const FIRST_SECOND = Date.parse(SAMPLE_FIRST_DAY) / 1000;

/** Days of history, both ends included. Days of a sample are counted from 0 on `SAMPLE_FIRST_DAY`. */
export const HISTORY_DAYS = (Date.parse(SAMPLE_LAST_DAY) / 1000 - FIRST_SECOND) / DAY_SECONDS + 1;

const isoDay = (day: number): string => new Date((FIRST_SECOND + day * DAY_SECONDS) * 1000).toISOString().slice(0, 10);
const DAYS = Array.from({ length: HISTORY_DAYS }, (_, day) => isoDay(day));
const MINUTES = Array.from({ length: 1440 }, (_, minute) => {
  const hour = Math.floor(minute / 60);
  return `${String(hour).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
});
const SECONDS = Array.from({ length: 60 }, (_, second) => `:${String(second).padStart(2, '0')}`);

/** A day of the sample as `YYYY-MM-DD`; days outside the history too. */
export const dayText = (day: number): string => DAYS[day] ?? isoDay(day);

/** The second of the sample at which a day begins. */
export const startOf = (day: number): number => day * DAY_SECONDS;

/** The day on which a second of the sample lies. */
export const dayOf = (second: number): number => Math.floor(second / DAY_SECONDS);

/** A second of the sample as `YYYY-MM-DD HH:MM:SS`, UTC. */
export function instantText(second: number): string {
  const whole = Math.floor(second);
  const day = Math.floor(whole / DAY_SECONDS);
  const rest = whole - day * DAY_SECONDS;
  return `${dayText(day)} ${MINUTES[Math.floor(rest / 60)]}${SECONDS[rest % 60]}`;
}

/** A day moved by some days, both as `YYYY-MM-DD`. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_SECONDS * 1000).toISOString().slice(0, 10);
