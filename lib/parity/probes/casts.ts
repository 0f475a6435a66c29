import { type Probe, probe } from './probe.ts';

const only = (...ids: readonly string[]) =>
  `from probe.item as t where t.id in (${ids.map((id) => `'${id}'`).join(', ')})`;

/** What casts and literals mean. */
export const CASTS: readonly Probe[] = [
  probe(
    'the day of a moment',
    `select t.id, cast(t.moment as date) as d ${only('b', 'c', 'f', 'g')}`,
    ['b', '2024-02-29'],
    ['c', null],
    ['f', '9999-12-31'],
    ['g', '0001-01-01'],
  ),
  probe(
    'a decimal rounds half away from zero, and keeps its scale',
    `select t.id, cast(t.d * 0.5 as decimal(12, 2)) as h, cast(t.d as decimal(14, 4)) as w, cast(t.n as decimal(18, 2)) as n ${only('b', 'd', 'e', 'g')}`,
    ['b', '10.25', '20.5000', '2.00'],
    ['d', '-0.01', '-0.0100', '-3.00'],
    ['e', '0.00', '0.0000', '4.00'],
    ['g', '0.03', '0.0500', '0.00'],
  ),
  probe(
    'a decimal becomes a whole number half away from zero, wherever it comes from',
    `select t.id, cast(coalesce(t.d * 50, 0) as bigint) as c, cast(-(t.d * 50) as bigint) as m, cast(case when t.flag then 1.5 else -2.5 end as bigint) as k, cast(2.5 as bigint) as l ${only('b', 'c', 'd', 'g')}`,
    ['b', '1025', '-1025', '-3', '3'],
    ['c', '0', null, '-3', '3'],
    ['d', '-1', '1', '2', '3'],
    ['g', '3', '-3', '2', '3'],
  ),
  probe(
    'totals of decimals become whole numbers in the same way',
    `select cast(sum(t.d) as bigint) as s, cast(min(t.d * 50) as bigint) as lo, cast(max(t.d) as bigint) as hi ${only('b', 'd', 'g')}`,
    ['21', '-1', '21'],
  ),
  probe(
    'a double becomes exact by floor: ties go up',
    `select t.n, cast(floor(cast(t.n as double) / 2 + 0.5) as decimal(9, 0)) as h, cast(cast(floor(cast(t.n as double) / 8 * 100 + 0.5) as decimal(9, 0)) * 0.01 as decimal(9, 2)) as e from probe.other as t`,
    ['1', '1', '0.13'],
    ['5', '3', '0.63'],
    [null, null, null],
    ['7', '4', '0.88'],
    ['8', '4', '1.00'],
  ),
  probe(
    'whole numbers of counts, sums, bounds and literals',
    `select cast(count(*) as bigint) as c, cast(sum(t.n) as bigint) as s, cast(max(t.n) as bigint) as y, cast(7 as bigint) as l, cast(null as bigint) as z ${only('a', 'b')}`,
    ['2', '3', '2', '7', null],
  ),
  probe(
    'text of whole numbers, decimals and dates',
    `select t.id, cast(cast(floor(t.d) as bigint) as varchar) as n, cast(cast(t.d as decimal(12, 2)) as varchar) as d, cast(cast(t.moment as date) as varchar) as y ${only('b', 'd', 'e', 'f', 'g')}`,
    ['b', '20', '20.50', '2024-02-29'],
    ['d', '-1', '-0.01', '2023-12-31'],
    ['e', '0', '0.00', '2025-07-01'],
    ['f', '9999999999', '9999999999.99', '9999-12-31'],
    ['g', '0', '0.05', '0001-01-01'],
  ),
  probe(
    'double for division; nothing is divided by zero',
    `select t.id, cast(t.n as double) / 4 as q, cast(t.d as double) / nullif(t.n, 0) as r ${only('a', 'c', 'd', 'g')}`,
    ['a', '0.25', '10'],
    ['c', null, null],
    ['d', '-0.75', '0.0033333333333333335'],
    ['g', '0', null],
  ),
  probe(
    'literals: text with a quote, numbers, a day, truth, and null in a choice',
    `select t.id, 'it''s' as q, 15 as n, 1.5 as d, date '2024-02-29' as y, true as yes, false as no, case when t.n > 1 then null else 'few' end as z, :as_of as today ${only('a', 'b')}`,
    ['a', "it's", '15', '1.5', '2024-02-29', 'true', 'false', 'few', '2024-03-01'],
    ['b', "it's", '15', '1.5', '2024-02-29', 'true', 'false', null, '2024-03-01'],
  ),
  probe(
    'arithmetic is exact and keeps its scale; null stays null',
    `select t.id, t.n + 1 as a, t.n - 1 as b, t.n * 3 as c, -t.n as g, t.d + 0.5 as p, t.d - t.d as z, t.d * 1.5 as m, -t.d as k ${only('b', 'c', 'd')}`,
    ['b', '3', '1', '6', '-2', '21.00', '0.00', '30.750', '-20.50'],
    ['c', null, null, null, null, null, null, null, null],
    ['d', '-2', '-4', '-9', '3', '0.49', '0.00', '-0.015', '0.01'],
  ),
  probe(
    'text is joined, null with anything is null',
    `select t.id, t.s || '!' as a, t.id || t.grp || '-' as b ${only('b', 'c', 'd', 'f')}`,
    ['b', 'apple!', 'bx-'],
    ['c', null, 'cx-'],
    ['d', '!', 'dy-'],
    ['f', '\u{1f600}e\u0301!', null],
  ),
  probe(
    'days move by days, months and years, to the last day where a month is shorter',
    `select t.id, cast(t.on_day + interval '6' day as date) as d, cast(t.on_day + interval '1' month as date) as m, cast(t.on_day - interval '1' year as date) as y ${only('a', 'b', 'd')}`,
    ['a', '2024-02-06', '2024-02-29', '2023-01-31'],
    ['b', '2024-03-06', '2024-03-29', '2023-02-28'],
    ['d', '2024-01-06', '2024-01-31', '2022-12-31'],
  ),
  probe(
    'moments are compared by hours, minutes and seconds, to the microsecond',
    `select t.id, case when t.moment + interval '1' hour >= :as_of then 1 else 0 end as h, case when t.moment + interval '1' minute > :as_of then 1 else 0 end as m, case when t.moment + interval '1' second >= :as_of then 1 else 0 end as s, case when :as_of - t.moment < interval '2' second then 1 else 0 end as g ${only('a', 'b')}`,
    ['a', '0', '0', '0', '0'],
    ['b', '1', '1', '1', '1'],
  ),
];
