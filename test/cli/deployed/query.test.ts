import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { fakeStacks } from './stacks.ts';

const ask = (...argv: string[]) => runCli(['query', '--env', 'dev', ...argv]);

type Cell = string | null;

/** In place of Athena: one answer to every query, two rows to a page; `states` are what it reports, look by look. */
function fakeAthena(
  columns: readonly (readonly [name: string, type: string])[],
  rows: readonly (readonly Cell[])[],
  options: { states?: string[]; bytes?: number } = {},
) {
  const client = mockClient(AthenaClient);
  const states = options.states ?? [];
  client.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: 'q-1' });
  client.on(GetQueryExecutionCommand).callsFake(() => ({
    QueryExecution: {
      Status: { State: states.shift() ?? 'SUCCEEDED', StateChangeReason: 'line 1:8: no such column' },
      Statistics: { DataScannedInBytes: options.bytes ?? 0 },
    },
  }));
  client.on(StopQueryExecutionCommand).callsFake(() => {
    states.splice(0, states.length, 'CANCELLED');
    return {};
  });
  const all = [columns.map(([name]) => name as Cell), ...rows];
  client.on(GetQueryResultsCommand).callsFake(({ NextToken }) => {
    const from = Number(NextToken ?? 0);
    const page = all.slice(from, from + 2).map((row) => ({
      Data: row.map((cell) => (cell === null ? {} : { VarCharValue: cell })),
    }));
    return {
      ResultSet: { ResultSetMetadata: { ColumnInfo: columns.map(([Name, Type]) => ({ Name, Type })) }, Rows: page },
      ...(from + 2 < all.length ? { NextToken: String(from + 2) } : {}),
    };
  });
  const asked = () => client.commandCalls(StartQueryExecutionCommand).map(({ args: [{ input }] }) => input);
  return { client, asked };
}

beforeEach(() => {
  fakeStacks();
});

describe('query --env', () => {
  it('puts a saved question to the workgroup in the words of its author, on the tables of the environment', async () => {
    const { asked } = fakeAthena([['n', 'bigint']], [['1']]);
    const { code } = await ask('refunds-by-month', '--as-of', '2026-06-30');
    expect(code).toBe(0);
    expect(asked()).toEqual([
      { QueryString: expect.stringContaining('from "lakehouse_dev_'), WorkGroup: 'dev-workgroup' },
    ]);
    expect(asked()[0]?.QueryString).not.toMatch(/[{}]|:as_of/);
  });

  it('finds the one table of a bare name, and the as-of date', async () => {
    const { asked } = fakeAthena([['n', 'bigint']], []);
    await ask('select count(*) as n from purchase p where p.timestamp < :as_of', '--as-of', '2026-06-30');
    expect(asked()[0]?.QueryString).toBe(
      `select count(*) as n from "lakehouse_dev_base"."purchase" p where p.timestamp < date '2026-06-30'`,
    );
  });

  it('gives values as this machine gives them, all pages of them', async () => {
    fakeAthena(
      [
        ['n', 'bigint'],
        ['amount', 'decimal'],
        ['share', 'double'],
        ['at', 'timestamp'],
        ['known', 'boolean'],
        ['name', 'varchar'],
        ['name', 'varchar'],
      ],
      [
        ['9007199254740993', '1.50', '0.25', '2026-06-30 10:00:00.000', 'true', '', null],
        [null, '-2.00', 'NaN', '2026-06-30 10:00:00.125000', 'false', 'x,"y"', 'z'],
        ['3', null, null, null, null, 'c', 'd'],
      ],
    );
    const { stdout } = await ask('select 1', '--format', 'ndjson');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        n: '9007199254740993',
        amount: '1.50',
        share: 0.25,
        at: '2026-06-30T10:00:00',
        known: true,
        name: '',
        'name:1': null,
      },
      {
        n: null,
        amount: '-2.00',
        share: 'NaN',
        at: '2026-06-30T10:00:00.125',
        known: false,
        name: 'x,"y"',
        'name:1': 'z',
      },
      { n: 3, amount: null, share: null, at: null, known: null, name: 'c', 'name:1': 'd' },
    ]);
  });

  it.each([
    [0, 'scanned 0 bytes: $0.00005'],
    [12_345_678, 'scanned 12.3 MB: $0.00006'],
    [2_000_000_000_000, 'scanned 2.0 TB: $10.00000'],
  ])('says what %i bytes cost, ten megabytes at least', async (bytes, words) => {
    fakeAthena([['n', 'bigint']], [['1']], { bytes });
    expect((await ask('select 1 as n')).stderr).toContain(words);
    expect((await ask('select 1 as n', '-q')).stderr).toBe('');
  });

  it('waits while it runs', async () => {
    fakeAthena([['n', 'bigint']], [['1']], { states: ['QUEUED', 'RUNNING'] });
    expect(await ask('select 1 as n', '--format', 'csv')).toMatchObject({ code: 0, stdout: 'n\n1\n' });
  });

  it('says where another engine may answer otherwise', async () => {
    fakeAthena([['n', 'bigint']], [['1']]);
    expect((await ask('select now() as n from refund')).stderr).toContain(
      'note: not in the portable core, so another engine may answer otherwise: 1:8 ',
    );
    expect((await ask('select count(*) as n from refund')).stderr).not.toContain('note:');
  });

  it('stops the query when it is interrupted: what is not scanned is not paid for', async () => {
    const { client } = fakeAthena([], [], { states: ['RUNNING', 'RUNNING', 'RUNNING', 'RUNNING'] });
    const argv = ['query', '--env', 'dev', 'select 1 as n'];
    const { code, stderr } = await runCli(argv, { onInterrupt: (stop) => setTimeout(stop, 20) });
    expect(code).toBe(1);
    expect(stderr).toContain('the query was stopped');
    expect(client.commandCalls(StopQueryExecutionCommand)).toHaveLength(1);
  });

  it("exits 1 with Athena's words when it fails", async () => {
    fakeAthena([], [], { states: ['FAILED'] });
    const { code, stderr } = await ask('select x from refund');
    expect(code).toBe(1);
    expect(stderr).toContain('Athena could not answer: line 1:8: no such column (query q-1)');
  });

  it.each([
    ['select 1 from nowhere', 'No table is called nowhere'],
    ['drop table refund', 'does not only read'],
  ])('asks nothing for %s', async (sql, message) => {
    const { asked } = fakeAthena([], []);
    const { code, stderr } = await ask(sql);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(asked()).toEqual([]);
  });
});
