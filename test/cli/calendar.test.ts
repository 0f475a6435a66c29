import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

let raw = '';
let lake = '';

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'calendar-'));
  [raw, lake] = [join(folder, 'raw'), join(folder, 'lake')];
  mkdirSync(join(raw, 'orders'), { recursive: true });
  const order = (id: number, day: string) => `${id},1,${day},1,1.00,1,1.00\n`;
  // Labour Day and the day after in 2031, Ascension Day 2032: no sample reaches so far.
  writeFileSync(
    join(raw, 'orders/a.csv'),
    `order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n${order(1, '2031-05-01')}${order(2, '2031-05-02')}${order(3, '2032-05-06')}`,
  );
});
afterEach(() => rmSync(join(raw, '..'), { recursive: true, force: true }));

const run = (...argv: string[]) => runCli(['run', '--raw', raw, '--lake', lake, '--only', 'orders', ...argv]);
const calendar = (...argv: string[]) => runCli(['calendar', '--raw', raw, '--format', 'json', ...argv]);

async function holidays(asOf: string): Promise<unknown> {
  const sql = 'select tt_order_hol_may as may from agg_public_holiday where ingestion_date = :as_of';
  const { stdout } = await runCli(['query', sql, '--as-of', asOf, '--lake', lake, '--format', 'json']);
  return JSON.parse(stdout);
}

describe('orders in years that no source has a calendar for', () => {
  it('are told of by the run, with the next step; that step and a run count them', async () => {
    const without = await run('--as-of', '2031-06-01');
    expect(without.stderr).toMatch(
      /raw\/dim_dates has no files: .*lakehouse calendar --country DE --years 2024-2027 --raw /,
    );
    expect(without.stdout).toMatch(/expected order_date is known in base.dim_dates; broken by 3 of 3/);
    const { code, stdout, stderr } = await calendar('--country', 'de', '--years', '2031-2032');
    expect({ code, rows: JSON.parse(stdout) }).toEqual({
      code: 0,
      rows: [
        { year: 2031, working_days: 252, public_holidays: 9 },
        { year: 2032, working_days: 257, public_holidays: 5 },
      ],
    });
    expect(stderr).toContain(join('dim_dates', 'default-de-2031-2032.csv'));
    const after = await run('--as-of', '2031-06-01');
    expect(after.stdout).not.toContain('order_date is known');
    expect(after.stderr).not.toContain('has no files');
    expect(await holidays('2031-06-01')).toEqual([{ may: 1 }]);
    await run('--as-of', '2032-06-01');
    expect(await holidays('2032-06-01')).toEqual([{ may: 1 }]);
  });

  it('count by what was supplied, where something was', async () => {
    await calendar('--country', 'DE', '--years', '2031');
    writeFileSync(
      join(raw, 'dim_dates/company.csv'),
      'calendar_dt,year_num,month_of_the_year_num,day_of_the_month_num,day_of_the_week_num,working_day\n2031-05-01,2031,5,1,4,true\n2031-05-02,2031,5,2,5,false\n',
    );
    await run('--as-of', '2031-06-01');
    expect(await holidays('2031-06-01')).toEqual([{ may: 1 }]);
    const sql =
      "select calendar_dt, working_day from dim_dates where calendar_dt between date '2031-04-30' and date '2031-05-02' order by 1";
    const { stdout } = await runCli(['query', sql, '--lake', lake, '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual([
      { calendar_dt: '2031-04-30', working_day: true },
      { calendar_dt: '2031-05-01', working_day: true },
      { calendar_dt: '2031-05-02', working_day: false },
    ]);
  });
});

describe('calendar', () => {
  it('written again with other years is a file more; of another place it is refused', async () => {
    await calendar('--country', 'DE', '--region', 'BY', '--years', '2024');
    expect((await calendar('--country', 'DE', '--region', 'BY', '--years', '2024-2025')).code).toBe(0);
    const other = await calendar('--country', 'DE', '--years', '2024');
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('the calendar of another place') });
    expect(readdirSync(join(raw, 'dim_dates')).sort()).toEqual([
      'default-de-by-2024-2025.csv',
      'default-de-by-2024.csv',
    ]);
  });

  it.each([
    { argv: ['--country', 'XX', '--years', '2024'], says: /no country XX; known: .*DE/ },
    { argv: ['--country', 'DE', '--region', 'XX', '--years', '2024'], says: /no region XX in DE; known: .*BY/ },
    { argv: ['--country', 'DE', '--years', '2025-2024'], says: /"2025-2024" is no range of years/ },
    { argv: ['--country', 'DE', '--years', '24'], says: /"24" is no range of years/ },
    { argv: ['--country', 'DE', '--years', '2070-2080'], says: /from 1970 to 2076/ },
    { argv: ['--country', 'DE'], says: /required option '--years <range>'/ },
  ])('$argv: exit 2, nothing written', async ({ argv, says }) => {
    const { code, stderr } = await calendar(...argv);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(says) });
    expect(existsSync(join(raw, 'dim_dates'))).toBe(false);
  });
});
