/** A schedule is not one that AWS takes, or one that never fires. */
export class CronError extends Error {
  constructor(expression: string, problem: string) {
    super(`${JSON.stringify(expression)} ${problem}`);
    this.name = 'CronError';
  }
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** The longest that each month can be: 29 February comes every few years, the 30th never. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names for values, the first for `from`. */
  readonly names: readonly string[];
}

const MINUTE: Field = { name: 'minute', from: 0, to: 59, names: [] };
const HOUR: Field = { name: 'hour', from: 0, to: 23, names: [] };
const DAY: Field = { name: 'day of month', from: 1, to: 31, names: [] };
const MONTH: Field = { name: 'month', from: 1, to: 12, names: MONTHS };
const WEEKDAY: Field = { name: 'day of week', from: 1, to: 7, names: WEEKDAYS };

/** The values that one field of a cron expression names. */
function valuesOf(text: string, field: Field, fail: (problem: string) => never): number[] {
  const value = (each: string): number => {
    const named = field.names.indexOf(each.toUpperCase());
    const number = named >= 0 ? named + field.from : /^[0-9]{1,2}$/.test(each) ? Number(each) : Number.NaN;
    if (number >= field.from && number <= field.to) return number;
    return fail(`names ${JSON.stringify(each)} as ${field.name}, expected ${field.from} to ${field.to}`);
  };
  return text.split(',').flatMap((part) => {
    const [range = '', step, ...rest] = part.split('/');
    const [low = '', high = step === undefined ? low : String(field.to), ...more] = range.split('-');
    const [from, to] = range === '*' ? [field.from, field.to] : [value(low), value(high)];
    const by = step === undefined ? 1 : /^[1-9][0-9]?$/.test(step) ? Number(step) : Number.NaN;
    if (Number.isNaN(by) || rest.length > 0 || more.length > 0 || from > to)
      return fail(`has ${JSON.stringify(part)} as ${field.name}, expected a value, a range, a list or a step`);
    return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
  });
}

/**
 * Judges a schedule as EventBridge writes it, in UTC: `cron(0 4 * * ? *)`. Names of days such as `L`, `W` and `#` and
 * single years are refused: a schedule that ends is not one of a lakehouse.
 * @throws CronError when AWS would refuse it, or when it could never fire.
 */
export function judgeCron(expression: string): void {
  const fail = (problem: string): never => {
    throw new CronError(expression, problem);
  };
  const fields = /^cron\(([^()]+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  const [minute, hour, day, month, weekday, year] = fields;
  if (fields.length !== 6 || !minute || !hour || !day || !month || !weekday)
    return fail('is no schedule, expected cron(minute hour day-of-month month day-of-week year)');
  valuesOf(minute, MINUTE, fail);
  valuesOf(hour, HOUR, fail);
  const months = valuesOf(month, MONTH, fail);
  if (year !== '*') fail(`ends with year ${JSON.stringify(year)}, expected *`);
  if ((day === '?') === (weekday === '?'))
    fail('wants exactly one ? among day of month and day of week, since AWS takes one of them');
  if (weekday !== '?') valuesOf(weekday, WEEKDAY, fail);
  if (day === '?') return;
  const days = valuesOf(day, DAY, fail);
  const ever = months.some((each) => days.some((one) => one <= (LONGEST[each - 1] ?? 0)));
  if (!ever) fail('never fires: none of its months has such a day');
}
