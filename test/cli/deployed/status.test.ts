import { GetTablesCommand, GlueClient } from '@aws-sdk/client-glue';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { fakeMachine } from './executions.ts';
import { broken, fakeBuckets, holding } from './results.ts';
import { fakeStacks } from './stacks.ts';

const STATUS = ['status', '--env', 'dev'];
const result = (what: string, date: string, more: object) => ({
  [`dev-results/${what}/dt=${date}/result.json`]: { date, status: 'pass', checks: [], ...more },
});
const FILES = {
  'dev-raw/raw/refund/dt=2026-06-28/a.csv': '',
  'dev-raw/raw/refund/dt=2026-06-29/a.csv': '',
  'dev-raw/raw/refunds/dt=2027-01-01/a.csv': '',
  ...result('checks', '2026-06-27', { checks: [broken('base.purchase', 'fail')] }),
  ...result('checks', '2026-06-28', { status: 'fail', checks: [broken('base.refund', 'fail'), holding] }),
  ...result('validation', '2026-06-29', { checks: [broken('base.refund', 'warn')] }),
};

/** In place of Glue: tables by database, with the time of their last snapshot. */
function fakeGlue(times: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  mockClient(GlueClient)
    .on(GetTablesCommand)
    .callsFake(({ DatabaseName }) => ({
      TableList: Object.entries(times[DatabaseName] ?? {}).map(([Name, at]) => ({ Name, UpdateTime: new Date(at) })),
    }));
}

interface Status {
  readonly tables: readonly { readonly name: string }[];
  readonly broken: readonly object[];
}

beforeEach(() => {
  fakeStacks();
  fakeBuckets(FILES);
  fakeMachine(
    { status: 'FAILED', input: { date: '2026-06-29' }, error: 'Job', cause: 'no plan' },
    { known: ['first', 'second'] },
  );
  fakeGlue({ lakehouse_dev_base: { refund: '2026-06-29T02:14:00Z' } });
});

describe('status --env', () => {
  it('tells of runs, freshness and what is broken, from what the runs left behind', async () => {
    const { code, stdout } = await runCli([...STATUS, '--format', 'json']);
    expect(code).toBe(0);
    const status = JSON.parse(stdout) as Status;
    const run = {
      started_at: '2026-06-30T02:00:00.000Z',
      status: 'failed',
      as_of: '2026-06-29',
      seconds: 1230,
      error: 'Job: no plan',
    };
    expect(status).toMatchObject({
      environment: 'dev',
      runs: [
        { run_id: 'second', ...run },
        { run_id: 'first', ...run },
      ],
      checked: { date: '2026-06-28', status: 'fail' },
      validated: { date: '2026-06-29', status: 'pass' },
    });
    // The newest results only: what was broken the day before and is mended is no news.
    expect(status.broken).toEqual([broken('base.refund', 'warn'), broken('base.refund', 'fail')]);
    const table = (name: string) => status.tables.find((each) => each.name === name);
    expect(table('base.refund')).toEqual({
      name: 'base.refund',
      changed_at: '2026-06-29T02:14:00.000Z',
      newest_file: '2026-06-29',
      broken_checks: 2,
    });
    expect(table('base.void')).toMatchObject({ changed_at: null, newest_file: null, broken_checks: 0 });
  });

  it('shows people the last runs, the tables and the findings', async () => {
    const { stdout } = await runCli(STATUS);
    expect(stdout).toMatch(
      /^last runs\nstarted_at .*\n─.*\n2026-06-30T02:00:00.000Z {2}failed {2}2026-06-29 +1230 {2}second\n/,
    );
    expect(stdout).toContain('last run failed: Job: no plan');
    expect(stdout).toMatch(/^base\.refund +2026-06-29T02:14:00\.000Z +2026-06-29 +2$/m);
    expect(stdout).toContain('✗ fail  expected amount is at least 0; broken by 2 of 10');
    expect(stdout).toMatch(/source data {2}pass \(2026-06-29\)\ntables {2}fail \(2026-06-28\)\n$/);
  });

  it('gives programs a line per table', async () => {
    const { stdout } = await runCli([...STATUS, '--format', 'csv']);
    expect(stdout).toMatch(/^name,changed_at,newest_file,broken_checks\n/);
    expect(stdout).toContain('base.refund,2026-06-29T02:14:00.000Z,2026-06-29,2\n');
  });

  it('says of an environment in which nothing happened yet that nothing did', async () => {
    fakeBuckets({});
    fakeMachine({ status: 'SUCCEEDED' });
    fakeGlue({});
    const { code, stdout } = await runCli(STATUS);
    expect(code).toBe(0);
    expect(stdout).toMatch(/source data {2}never\ntables {2}never\n$/);
  });
});
