import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { describe, expect, it } from 'vitest';
import { inWarehouse } from './tables.ts';

const client = new RedshiftDataClient({});
const where = { WorkgroupName: 'lakehouse-uat', Database: 'lakehouse' };

async function ended(Id: string | undefined): Promise<DescribeStatementResponse> {
  for (;;) {
    const described = await client.send(new DescribeStatementCommand({ Id }));
    if (!/SUBMITTED|STARTED/.test(described.Status ?? '')) return described;
  }
}

const batch = async (...Sqls: readonly string[]): Promise<DescribeStatementResponse> =>
  ended((await client.send(new BatchExecuteStatementCommand({ ...where, Sqls: [...Sqls] }))).Id);

describe('the stand-in of the Data API', () => {
  it('runs a batch as one transaction: of one that fails, nothing is left', async () => {
    const failed = await batch('create table half (a int)', 'insert into half values (1)', 'select 1 / 0');
    expect(failed).toMatchObject({ Status: 'FAILED', Error: 'ERROR: division by zero' });
    expect(failed.SubStatements?.map(({ Status, Error: error }) => [Status, error])).toEqual([
      ['ABORTED', undefined],
      ['ABORTED', undefined],
      ['FAILED', 'ERROR: division by zero'],
    ]);
    await expect(inWarehouse('select * from half')).rejects.toThrow('relation "half" does not exist');
  });

  it('starts nothing twice by the same token', async () => {
    const start = new ExecuteStatementCommand({ ...where, Sql: 'create table once (a int)', ClientToken: 'once' });
    const ids = [(await client.send(start)).Id, (await client.send(start)).Id];
    expect(ids[0]).toBe(ids[1]);
    expect((await ended(ids[0])).Status).toBe('FINISHED');
  });

  it('gives all rows of an answer, page by page, and those of a batch by its parts alone', async () => {
    const numbers = await inWarehouse('select g::bigint, null, g > 1 from generate_series(1, 120) as g');
    expect(numbers.slice(0, 2)).toEqual([
      ['1', null, 'false'],
      ['2', null, 'true'],
    ]);
    expect(new Set(numbers.map(([number]) => number)).size).toBe(120);
    const { Id } = await batch('select 1', 'select 2');
    await expect(client.send(new GetStatementResultCommand({ Id }))).rejects.toThrow('one of its sub-statements');
    expect((await client.send(new GetStatementResultCommand({ Id: `${Id}:2` }))).Records).toEqual([[{ longValue: 2 }]]);
  });

  it.each([
    ['more statements than the service takes', { ...where, Sqls: Array(41).fill('select 1') }, /Sqls.* is above 40/],
    ['none', { ...where, Sqls: [] }, /Sqls.* is below 1/],
    ['a workgroup that cannot be', { ...where, WorkgroupName: 'Lakehouse_UAT', Sqls: ['select 1'] }, /WorkgroupName/],
    ['a field that the service does not know', { ...where, Sqls: ['select 1'], Sql: 'select 1' }, /Sql is unknown/],
  ])('refuses what breaks the description of the service: %s', async (_, asked, reason) => {
    const headers = { 'x-amz-target': 'RedshiftData.BatchExecuteStatement' };
    const body = JSON.stringify(asked);
    const answer = await fetch(process.env.AWS_ENDPOINT_URL_REDSHIFT_DATA ?? '', { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      __type: 'ValidationException',
      Message: expect.stringMatching(reason),
    });
  });
});
