/** Trino functions whose name DuckDB gives another meaning: renamed before transpiling, defined in the prelude. */
export const RENAMED_FUNCTIONS: Readonly<Record<string, string>> = {
  date_add: 't_date_add',
  date_diff: 't_date_diff',
};

const macro = (signature: string, body: string): string => `create or replace temp macro ${signature} as ${body}`;

/**
 * What DuckDB is taught before an ad-hoc query. Temporary macros and a setting of the session: nothing is written.
 * `date_add` keeps a date a date for the units of days and more only in value, not in type: DuckDB makes a timestamp.
 */
export const QUERY_PRELUDE: readonly string[] = [
  'set integer_division = true',
  macro(
    't_date_add(unit, n, moment)',
    `moment + case lower(unit)
       when 'millisecond' then to_milliseconds(n) when 'second' then to_seconds(n) when 'minute' then to_minutes(n)
       when 'hour' then to_hours(n) when 'day' then to_days(n) when 'week' then to_days(7 * n)
       when 'month' then to_months(n) when 'quarter' then to_months(3 * n) when 'year' then to_years(n)
     end`,
  ),
  macro('t_date_diff(unit, earlier, later)', 'date_sub(unit, earlier, later)'),
  macro('approx_percentile(x, share)', 'quantile_disc(x, share)'),
  macro('json_parse(x)', 'cast(x as json)'),
  macro('sequence(low, high)', 'generate_series(low, high), (low, high, step) as generate_series(low, high, step)'),
  macro('to_utf8(x)', 'encode(x)'),
  macro('from_utf8(x)', 'decode(x)'),
  macro('bitwise_and(a, b)', 'a & b'),
  macro('bitwise_or(a, b)', 'a | b'),
  macro('year_of_week(x)', 'isoyear(x)'),
  macro('url_extract_host(x)', "nullif(regexp_extract(x, '^[^:]+://([^/:?#]+)', 1), '')"),
];
