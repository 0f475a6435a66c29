import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlType } from '../../lib/plan/index.ts';
import { LEDGER_TABLES } from '../../lib/plan/ledger-tables.ts';
import { queryLake } from '../../lib/run/index.ts';
import { generateSample } from '../../lib/sample/index.ts';
import { Lake, PLAN } from '../support/oracle-lake.ts';

/** A lake after two days with dirt: what its runs reported is what the questions about them must add up to. */
let lake: Lake;
const reports: Awaited<ReturnType<Lake['run']>>['result'][] = [];

beforeAll(async () => {
  lake = new Lake();
  await generateSample({ out: lake.raw, rows: 300, seed: 7, dirt: 0.05 });
  reports.push((await lake.run('2026-06-29')).result);
  lake.write({
    'refund/late.csv':
      'id,timestamp,parent_id,amount\nlate-1,2026-06-30T00:00:00Z,nobody,1.00\nlate-2,yesterday,,1.00\n',
  });
  reports.push((await lake.run('2026-06-30')).result);
});
afterAll(() => lake.remove());

async function answerOf(name: string) {
  const query = PLAN.queries.find((each) => each.name === name);
  if (!query) throw new Error(`no saved question ${name}`);
  return queryLake(lake.lake, PLAN, query, '2026-06-30');
}
const rowsOf = async (name: string) => (await answerOf(name)).rows;

describe('questions about runs', () => {
  it('know the columns of the ledger that they may ask', async () => {
    for (const [name, columns] of Object.entries(LEDGER_TABLES)) {
      const found = `select column_name from information_schema.columns where table_schema = 'ops' and table_name = '${name.slice(4)}' order by ordinal_position`;
      const [rows] = await lake.rows(found);
      expect(
        rows.map(({ column_name }) => column_name),
        name,
      ).toEqual(columns);
    }
  });

  it('count the checks of a day by verdict, those that stand included', async () => {
    const expected = reports.map(({ as_of, checks }) => {
      const having = (verdict: string) => BigInt(checks.filter((check) => check.verdict === verdict).length);
      const [passed, warned, failed] = [having('pass'), having('warn'), having('fail')];
      return { as_of, checks: passed + warned + failed, passed, warned, failed };
    });
    expect(expected.every(({ warned, passed }) => warned > 0n && passed > 0n)).toBe(true);
    expect(await rowsOf('checks-by-day')).toEqual(expected);
  });

  it('list what is broken now with its rule in words, and the date for which it was measured last', async () => {
    const expected = reports
      .at(-1)
      ?.checks.filter(({ verdict }) => verdict === 'warn' || verdict === 'fail')
      .map(({ table, check, verdict, failed, total }) => [table, check, verdict, BigInt(failed), BigInt(total)]);
    const rows = await rowsOf('broken-checks');
    const found = rows.map((row) => [row.table_name, row.check_name, row.verdict, row.failed, row.total]);
    expect(found.sort()).toEqual(expected?.sort());
    for (const { says } of rows) expect(says).toMatch(/ /);
    const measured = new Map(rows.map((row) => [row.table_name, row.measured_as_of]));
    expect([measured.get('base.refund'), measured.get('base.purchase')]).toEqual(['2026-06-30', '2026-06-29']);
  });

  it('add up what became of the records of each table and day', async () => {
    const expected = reports.flatMap(({ as_of, tables }) =>
      tables
        .filter(({ read }) => read > 0)
        .map((table) => [
          as_of,
          table.name,
          BigInt(table.read),
          BigInt(table.accepted),
          BigInt(table.duplicate),
          BigInt(table.superseded),
          BigInt(table.quarantined),
          (Math.floor((20000 * table.quarantined + table.read) / (2 * table.read)) / 100).toFixed(2),
        ]),
    );
    const rows = await rowsOf('records-by-day');
    expect(rows.map((row) => Object.values(row))).toEqual(expected.sort());
    expect(expected).toContainEqual(['2026-06-30', 'base.refund', 2n, 1n, 0n, 0n, 1n, '50.00']);
  });
});

describe('questions of dashboards', () => {
  it('count the sessions of a day as the sessions themselves do', async () => {
    const [sessions] = await lake.rows('select cast(started_at as varchar) as at, events, purchases from mart.session');
    const days = new Map<string, { sessions: bigint; events: bigint; buying: bigint }>();
    for (const { at, events, purchases } of sessions) {
      const day = String(at).slice(0, 10);
      const before = days.get(day) ?? { sessions: 0n, events: 0n, buying: 0n };
      days.set(day, {
        sessions: before.sessions + 1n,
        events: before.events + BigInt(String(events)),
        buying: before.buying + (BigInt(String(purchases)) > 0n ? 1n : 0n),
      });
    }
    expect(days.size).toBeGreaterThan(1);
    expect(await rowsOf('sessions-by-day')).toEqual(
      [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, counted]) => ({ day, ...counted })),
    );
  });

  it('count each rated company in its band', async () => {
    const [companies] = await lake.rows('select credit_rating from base.company where credit_rating is not null');
    const bands = new Map<string, bigint>();
    for (const { credit_rating } of companies) {
      const hundred = Math.floor(Number(credit_rating) / 200);
      const band = ['below 400', 'below 400', '400 to 599', '600 to 799'][hundred] ?? '800 to 1000';
      bands.set(band, (bands.get(band) ?? 0n) + 1n);
    }
    expect(bands.size).toBeGreaterThan(1);
    const rows = await rowsOf('companies-by-rating');
    expect(new Map(rows.map(({ rating, companies: count }) => [rating, count]))).toEqual(bands);
  });

  it.each(PLAN.queries.flatMap(({ name, columns }) => (columns ? [[name, columns] as const] : [])))(
    '%s answers with the types that its dashboard was told',
    async (name, columns) => {
      const { columns: found } = await answerOf(name);
      expect(found.map((column) => `${column.name} ${column.type.toLowerCase()}`)).toEqual(
        columns.map((column) => `${column.name} ${sqlType(column.type, 'duckdb').toLowerCase().replaceAll(' ', '')}`),
      );
    },
  );
});
