import { dashboard, date, decimal, integer, question, ratio, showing, sum, text } from '../../contract/index.ts';

const asOf = date().describe('the as-of date of the runs');
const count = (what: string) => integer().describe(what);
const tableName = text().describe('table judged or loaded');

const byDay = showing(
  question('checks-by-day', {
    as_of: asOf,
    checks: count('checks that stand'),
    passed: count('of them held'),
    warned: count('of them broken, as a warning'),
    failed: count('of them broken, as a failure'),
  }),
);
const broken = showing(
  question('broken-checks', {
    table_name: tableName,
    check_name: text().describe('the check'),
    says: text().describe('what it says, in words'),
    severity: text().describe('warn, fail or blocking: what breaking it does'),
    verdict: text().describe('warn or fail'),
    failed: count('rows that break it'),
    total: count('rows looked at'),
    measured_as_of: date().describe('the as-of date for which it was measured last'),
  }),
);
const records = showing(
  question('records-by-day', {
    as_of: asOf,
    table_name: tableName,
    records: count('records read'),
    accepted: count('of them taken'),
    duplicate: count('of them known already'),
    superseded: count('of them beaten by another version'),
    quarantined: count('of them refused, with reasons'),
    pct_quarantined: decimal(9, 2).nullable().describe('share refused, in percent, half up'),
  }),
);

/** How good the data is: what checks say, and what became of the records that came. */
export const dataQuality = dashboard({
  name: 'data_quality',
  product: 'operations',
  owner: 'platform',
  description: 'Checks that hold and checks that are broken, and what became of the records that came.',
  sheets: [
    {
      title: 'Checks',
      filters: [byDay.since('From', 'as_of', 1), broken.choice('Table', 'table_name')],
      charts: [
        byDay.number('Checks failed', sum('failed'), 'as_of'),
        byDay.number('Checks that warned', sum('warned'), 'as_of'),
        byDay.line('Checks by day', 'as_of', [sum('passed'), sum('warned'), sum('failed')]),
        broken.bars('Rows that break checks, by table', 'table_name', [sum('failed')]),
        broken.table('What is broken now', { column: 'failed', order: 'highest' }, [
          'table_name',
          'says',
          'severity',
          'verdict',
          'failed',
          'total',
          'measured_as_of',
        ]),
      ],
    },
    {
      title: 'Records',
      filters: [records.since('From', 'as_of', 1), records.choice('Table', 'table_name')],
      charts: [
        records.number('Records read', sum('records'), 'as_of'),
        records.number('Refused', ratio('quarantined', 'records')),
        records.line('What became of them', 'as_of', [sum('accepted'), sum('duplicate'), sum('superseded')]),
        records.line('Share refused', 'as_of', [ratio('quarantined', 'records')]),
        records.heat('Records refused, by table and day', 'table_name', 'as_of', sum('quarantined')),
      ],
    },
  ],
});
