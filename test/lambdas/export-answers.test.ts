import { AthenaClient, BatchGetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { start } from './bundle.ts';

const athena = mockClient(AthenaClient);
const s3 = mockClient(S3Client);
const started: string[] = [];
let fails = (_sql: string, _attempt: number): boolean => false;

interface Answer {
  readonly done: boolean;
  readonly exported?: readonly { readonly exposure: string; readonly tables: Record<string, string> }[];
}
const exportAll = await start<'export-answers', Answer>('export-answers', {
  NAME_PREFIX: 'lakehouse-dev',
  ATHENA_WORKGROUP: 'exports',
  ARCHIVE_BUCKET: 'archive',
});

const tableOf = (sql: string) => /from "(\w+)"\."(\w+)"\)/.exec(sql)?.slice(1).join('.') ?? '';
const folderOf = (sql: string) => /to '(s3:[^']*)'/.exec(sql)?.[1] ?? '';

beforeEach(() => {
  started.length = 0;
  fails = () => false;
  const ids = new Map<string, string>();
  athena.reset();
  athena.on(StartQueryExecutionCommand).callsFake(({ QueryString, ClientRequestToken }) => {
    if (!ids.has(ClientRequestToken)) {
      ids.set(ClientRequestToken, String(started.length));
      started.push(QueryString);
    }
    return { QueryExecutionId: ids.get(ClientRequestToken) };
  });
  athena.on(BatchGetQueryExecutionCommand).callsFake(({ QueryExecutionIds }) => ({
    QueryExecutions: QueryExecutionIds.map((id: string) => {
      const sql = started[Number(id)] ?? '';
      const attempt = started.slice(0, Number(id) + 1).filter((each) => tableOf(each) === tableOf(sql)).length;
      return { QueryExecutionId: id, Status: { State: fails(sql, attempt) ? 'FAILED' : 'SUCCEEDED' } };
    }),
  }));
  s3.reset();
  s3.on(PutObjectCommand).resolves({});
});

async function follow(run: string, times = 1, kind: 'export' | 'report' = 'export'): Promise<Answer> {
  let event: unknown = { date: '2026-06-30', run, kind };
  for (let turn = 0; turn < 30; turn += 1) {
    let answer: Answer | undefined;
    for (let time = 0; time < times; time += 1) answer = await exportAll(event);
    if (answer?.done) return answer;
    event = answer;
  }
  throw new Error('it never ends');
}
const manifests = () =>
  s3
    .commandCalls(PutObjectCommand)
    .map(({ args: [{ input }] }) => [input.Key, JSON.parse(String(input.Body))] as const);

describe('exporting answers', () => {
  it('writes every table of an export once, each into a folder of its own, although calls are repeated', async () => {
    await follow('run-1', 2);
    expect(new Set(started.map(folderOf)).size).toBe(started.length);
    expect(started.map(tableOf)).toEqual(
      expect.arrayContaining(
        ['agg_public_holiday', 'agg_shipments', 'best_performing_product'].map((name) => `lakehouse_dev_mart.${name}`),
      ),
    );
    expect(started.find((sql) => tableOf(sql).endsWith('agg_shipments'))).toMatch(
      /^unload \(select "ingestion_date", "tt_late_shipments", "tt_undelivered_items" from "lakehouse_dev_mart"\."agg_shipments"\) to 's3:\/\/archive\/exports\/order_answers\/dt=2026-06-30\/[0-9a-f]{16}\/mart\/agg_shipments\/' with \(format = 'PARQUET'\)$/,
    );
  });

  it('says which files belong together only when all are there', async () => {
    const { exported = [] } = await follow('run-1');
    const orders = exported.find((each) => each.exposure === 'order_answers');
    expect(manifests().find(([key]) => key === 'exports/order_answers/dt=2026-06-30/latest.json')?.[1]).toEqual({
      date: '2026-06-30',
      run: 'run-1',
      tables: orders?.tables,
    });
    for (const folder of Object.values(orders?.tables ?? {})) expect(started.map(folderOf)).toContain(folder);
  });

  it('writes elsewhere when an attempt failed, since its folder may not be empty, and names the folder that is whole', async () => {
    fails = (sql, attempt) => tableOf(sql).endsWith('agg_shipments') && attempt === 1;
    const { exported = [] } = await follow('run-1');
    const [first, second] = started.filter((sql) => tableOf(sql).endsWith('agg_shipments')).map(folderOf);
    expect(first).not.toBe(second);
    expect(exported.find((each) => each.exposure === 'order_answers')?.tables['mart.agg_shipments']).toBe(second);
  });

  it('tells nobody of an export that fails', async () => {
    fails = (sql) => tableOf(sql).endsWith('agg_shipments');
    await expect(follow('run-1')).rejects.toThrow(/the query order_answers\/mart.agg_shipments failed/);
    expect(manifests().map(([key]) => key)).not.toContain('exports/order_answers/dt=2026-06-30/latest.json');
  });

  it('announces the reports that are whole, whichever one fails, and says which that is', async () => {
    fails = (sql) => tableOf(sql).endsWith('mortgage_applicant');
    await expect(follow('run-1', 1, 'report')).rejects.toThrow(
      /^not exported: mortgage_audit; the other exports of the day are there\. the query mortgage_audit\/feature.mortgage_applicant failed/,
    );
    expect(manifests().map(([key]) => key)).toEqual(['exports/monthly_refund_report/dt=2026-06-30/latest.json']);
    expect(started.filter((sql) => tableOf(sql).endsWith('mortgage_applicant'))).toHaveLength(2);
  });

  it('writes times as text, since Athena refuses to unload microseconds, and all else as it is', async () => {
    await follow('run-1', 1, 'report');
    const applicants = started.find((sql) => tableOf(sql).endsWith('mortgage_applicant'));
    expect(applicants).toMatch(
      /^unload \(select "applicant_id", cast\("event_time" as varchar\) as "event_time", "requested_amount", /,
    );
    expect(applicants?.match(/cast\(/g)).toHaveLength(1);
  });

  it('keeps the files of runs of the same day apart', async () => {
    await follow('run-1');
    const before = started.map(folderOf);
    await follow('run-2');
    expect(
      started
        .slice(before.length)
        .map(folderOf)
        .filter((folder) => before.includes(folder)),
    ).toEqual([]);
  });
});
