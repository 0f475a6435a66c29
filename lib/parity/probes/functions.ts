import { createHash } from 'node:crypto';
import { type Probe, probe } from './probe.ts';
import { LONG_TEXT } from './tables.ts';

const ITEM = 'from probe.item as t';
const NONE = 'from probe.none as t';
const only = (...ids: readonly string[]) => `${ITEM} where t.id in (${ids.map((id) => `'${id}'`).join(', ')})`;

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

/** A row of the probe of moments: text, then year, hour, quarter and week, and the day an hour later. */
const moment = (id: string, at: string, y: string, h: string, q: string, w: string, next: string) => [
  id,
  at.replace(' ', 'T'),
  y,
  h,
  at.slice(0, 10),
  q,
  w,
  next,
  at,
];

/** What the functions of the core mean. */
export const FUNCTIONS: readonly Probe[] = [
  probe(
    'count skips null in a column, not in *',
    `select count(*) as n, count(t.n) as v, count(distinct t.grp) as d ${ITEM}`,
    ['7', '6', '2'],
  ),
  probe(
    'of no rows counts are 0 and the others null',
    `select count(*) as n, count(t.n) as v, cast(sum(t.n) as bigint) as s, min(t.n) as lo, max(t.key) as hi, avg(cast(t.n as double)) as a ${NONE}`,
    ['0', '0', null, null, null, null],
  ),
  probe(
    'a condition is counted',
    `select count(case when t.n > 0 then 1 end) as n, count(case when t.n > 99 then 1 end) as m ${only('a', 'b', 'c', 'd')}`,
    ['2', '0'],
  ),
  probe(
    'sums are exact beyond 2^53 and in cents',
    `select t.grp, cast(sum(t.n) as bigint) as s, cast(sum(t.d) as decimal(38, 2)) as m ${ITEM} group by t.grp`,
    ['x', '3', '30.50'],
    ['y', '1', '-0.01'],
    [null, '9007199254740993', '10000000000.04'],
  ),
  probe('text compares by bytes, the empty one first', `select min(t.s) as lo, max(t.s) as hi ${ITEM}`, [
    '',
    '\u{1f600}e\u0301',
  ]),
  probe(
    'the ends of numbers, days and moments',
    `select min(t.n) as n0, max(t.n) as n1, min(t.d) as d0, max(t.d) as d1, min(t.on_day) as y0, max(t.on_day) as y1, min(t.moment) as m0, max(t.moment) as m1 ${ITEM}`,
    [
      '-3',
      '9007199254740993',
      '-0.01',
      '9999999999.99',
      '0001-01-01',
      '9999-12-31',
      '0001-01-01T00:00:00.000001',
      '9999-12-31T23:59:59.999999',
    ],
  ),
  probe(
    'the mean of doubles',
    `select avg(cast(t.n as double)) as a, avg(cast(t.d as double)) as b ${only('a', 'b', 'c')}`,
    ['1.5', '15.25'],
  ),
  probe(
    'the first that is not null; null where both are equal; without a sign',
    `select t.id, coalesce(t.n, 0) as c, coalesce(t.grp, t.s, 'none') as g, nullif(t.n, 0) as z, abs(t.d) as a, abs(t.n) as b ${only('c', 'd', 'g')}`,
    ['c', '0', 'x', null, null, null],
    ['d', '-3', 'y', '-3', '0.01', '3'],
    ['g', '0', 'a%_b', null, '0.05', '0'],
  ),
  probe(
    'floor goes down, below zero too, of decimals and doubles',
    `select t.id, cast(floor(t.d) as bigint) as f, cast(floor(t.d) as decimal(12, 0)) as g, cast(floor(cast(t.d as double)) as bigint) as h ${only('b', 'd', 'e', 'f')}`,
    ['b', '20', '20', '20'],
    ['d', '-1', '-1', '-1'],
    ['e', '0', '0', '0'],
    ['f', '9999999999', '9999999999', '9999999999'],
  ),
  probe(
    'case of ASCII letters; characters are counted, not bytes and not halves of a pair',
    `select t.id, lower(t.s) as l, upper(t.s) as u, length(t.s) as n ${only('a', 'b', 'c', 'd', 'f')}`,
    ['a', 'apple', 'APPLE', '5'],
    ['b', 'apple', 'APPLE', '5'],
    ['c', null, null, null],
    ['d', '', '', '0'],
    ['f', '\u{1f600}e\u0301', '\u{1f600}E\u0301', '3'],
  ),
  probe(
    'parts of a text by characters; nothing beyond its end',
    `select t.id, substr(t.s, 2) as r, substr(t.s, 1, 2) as p, substr(t.s, 9, 2) as o ${only('a', 'd', 'f')}`,
    ['a', 'pple', 'Ap', ''],
    ['d', '', '', ''],
    ['f', 'e\u0301', '\u{1f600}e', ''],
  ),
  probe(
    'parts of days and moments',
    `select t.id, year(t.on_day) as y, month(t.on_day) as m, day(t.on_day) as d, year(t.moment) as my, month(t.moment) as mm, day(t.moment) as md, hour(t.moment) as h ${only('a', 'b', 'c', 'f', 'g')}`,
    ['a', '2024', '1', '31', '2024', '1', '31', '10'],
    ['b', '2024', '2', '29', '2024', '2', '29', '23'],
    ['c', null, null, null, null, null, null, null],
    ['f', '9999', '12', '31', '9999', '12', '31', '23'],
    ['g', '1', '1', '1', '1', '1', '1', '0'],
  ),
  probe(
    'the first day of a year, quarter, month, week (Monday) and day',
    `select t.id, cast(date_trunc('year', t.on_day) as date) as y, cast(date_trunc('quarter', t.on_day) as date) as q, cast(date_trunc('month', t.moment) as date) as m, cast(date_trunc('week', t.on_day) as date) as w, cast(date_trunc('day', t.moment) as date) as d ${only('b', 'd', 'f', 'g')}`,
    ['b', '2024-01-01', '2024-01-01', '2024-02-01', '2024-02-26', '2024-02-29'],
    ['d', '2023-01-01', '2023-10-01', '2023-12-01', '2023-12-25', '2023-12-31'],
    ['f', '9999-01-01', '9999-10-01', '9999-12-01', '9999-12-27', '9999-12-31'],
    ['g', '0001-01-01', '0001-01-01', '0001-01-01', '0001-01-01', '0001-01-01'],
  ),
  probe(
    'moments before 1970 and 1582, and where a zone would skip or repeat an hour, are what they say',
    `select t.id, t.at, year(t.at) as y, hour(t.at) as h, cast(t.at as date) as d, cast(date_trunc('quarter', t.at) as date) as q, cast(date_trunc('week', t.at) as date) as w, cast(t.at + interval '1' hour as date) as n, instant_text(t.at) as x from probe.moment as t`,
    moment('a', '1969-12-31 23:59:59.999999', '1969', '23', '1969-10-01', '1969-12-29', '1970-01-01'),
    moment('b', '1582-10-10 12:00:00.000000', '1582', '12', '1582-10-01', '1582-10-04', '1582-10-10'),
    moment('c', '1900-02-28 23:30:00.500000', '1900', '23', '1900-01-01', '1900-02-26', '1900-03-01'),
    moment('d', '2024-03-31 02:30:00.000000', '2024', '2', '2024-01-01', '2024-03-25', '2024-03-31'),
    moment('e', '2024-11-03 01:30:00.000000', '2024', '1', '2024-10-01', '2024-10-28', '2024-11-03'),
  ),
  probe(
    'a long text is kept whole; spaces at the end of a text count',
    "select length(t.s) as n, substr(t.s, 15999, 9) as e, hash_key(t.s) as h, case when t.s = 'a' then 1 else 0 end as a from probe.long as t",
    ['16000', '\u{1f600}\u{1f600}', sha256(LONG_TEXT), '0'],
    ['2', '', sha256('a '), '0'],
    ['1', '', sha256('a'), '1'],
  ),
];
