import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { queryLake } from '../../lib/run/query.ts';
import { PLAN } from '../support/oracle-lake.ts';

/** A table as Athena's SQL names it, by the layer of its database. */
const ATHENA_TABLE = /"\w+_(base|mart|feature)"[.]"(\w+)"/g;

/** Answers as Athena's files are: everything in quotes, and nothing at all where there is no value. */
const csvOf = (columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string =>
  [
    columns.map((name) => `"${name}"`).join(),
    ...rows.map((row) => columns.map((name) => (row[name] == null ? '' : `"${String(row[name])}"`)).join()),
    '',
  ].join('\n');

/**
 * What `start_query_execution` and `get_query_execution` need of Athena: an endpoint that puts the very SQL it is sent to a lake
 * on this machine, in Athena's spelling, and leaves the answer as a file in S3.
 */
export async function startAthena(lake: string, s3: S3Client, bucket: string) {
  const failures = new Map<string, string>();
  const calls: Readonly<Record<string, (asked: Record<string, string>) => Promise<object>>> = {
    async StartQueryExecution({ QueryString = '' }) {
      const id = `query-${failures.size}`;
      const sql = QueryString.replaceAll(ATHENA_TABLE, '$1.$2');
      failures.set(id, await answer(sql, `athena/${id}.csv`).then(() => '', String));
      return { QueryExecutionId: id };
    },
    async GetQueryExecution({ QueryExecutionId = '' }) {
      const reason = failures.get(QueryExecutionId);
      return {
        QueryExecution: {
          QueryExecutionId,
          Status: reason ? { State: 'FAILED', StateChangeReason: reason } : { State: 'SUCCEEDED' },
          ResultConfiguration: { OutputLocation: `s3://${bucket}/athena/${QueryExecutionId}.csv` },
        },
      };
    },
  };
  async function answer(sql: string, Key: string): Promise<void> {
    const { columns, rows } = await queryLake(lake, PLAN, sql, '2000-01-01');
    const names = columns.map(({ name }) => name);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: csvOf(names, rows) }));
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = calls[String(request.headers['x-amz-target']).replace('AmazonAthena.', '')];
    const found = await call?.(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(found ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(found ?? { __type: 'InvalidRequestException' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}
