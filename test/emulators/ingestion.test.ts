import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, inject, it } from 'vitest';
import { bucketName, parseRawKey, streamName } from '../../lib/aws/index.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { httpRequest } from '../lambdas/http-request.ts';
import { invoke } from './lambdas.ts';

const environment = environmentNamed('uat');
const { prefix, region, account } = environment;
const s3 = new S3Client({});
const Bucket = bucketName(environment, 'raw');
/** The lines of every file of a dataset that landed in raw under a name of Firehose. */
async function landed(dataset: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `raw/${dataset}/` }));
  const files = Contents.map(({ Key = '' }) => Key).filter((key) => key.includes(prefix));
  const texts = files.map(async (Key) => {
    expect(parseRawKey(Key)).toMatchObject({ dataset });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    // The emulator's Firehose keeps the name of a compressed file and does not compress it.
    return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  });
  return (await Promise.all(texts)).flatMap((text) => text.split('\n').filter((line) => line !== ''));
}

async function untilLanded(dataset: string, lines: number): Promise<string[]> {
  for (;;) {
    const found = await landed(dataset);
    if (found.length >= lines) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const purchase = (id: string, amount: number) =>
  JSON.stringify({ id, timestamp: '2026-06-30T10:00:00Z', customer_id: 'c', merchant_id: 'm', amount });

/** Sends a batch as API Gateway does; the emulator's own HTTP API leaves `domainPrefix` out of its events. */
async function post(
  key: string,
  lines: readonly string[],
): Promise<{ readonly status: number; readonly body: object }> {
  const { answer } = await invoke('receive-records', httpRequest(`${lines.join('\n')}\n`, { key }));
  const { statusCode, body } = answer as { readonly statusCode: number; readonly body: string };
  return { status: statusCode, body: JSON.parse(body) as object };
}

describe('what takes records over HTTP', () => {
  it('lands a batch in raw, once however often it is sent', async () => {
    const batch = [purchase('e1', 1.5), purchase('e2', 2)];
    expect(await post('batch-0001', batch)).toEqual({ status: 202, body: { accepted: 2 } });
    expect(await post('batch-0001', batch)).toEqual({ status: 202, body: { accepted: 2 } });
    expect((await untilLanded('purchase', 2)).sort()).toEqual(batch);
  });

  it('takes nothing of a batch with a row that breaks the contract', async () => {
    const { status, body } = await post('batch-0002', [purchase('e3', 3), JSON.stringify({ id: 'e4' })]);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      rows: [{ row: 2, reasons: expect.arrayContaining([expect.stringContaining('amount')]) }],
    });
    expect((await landed('purchase')).join()).not.toContain('e3');
  });
});

it('a record of the Kinesis stream lands in raw', async () => {
  const event = JSON.stringify({
    event_id: 'k1',
    visitor_id: 'v',
    type: 'view',
    url: '/',
    occurred_at: '2026-06-30T10:00:00Z',
  });
  const target = { 'x-amz-target': 'Kinesis_20131202.PutRecord', 'content-type': 'application/x-amz-json-1.1' };
  const Record = {
    StreamName: streamName(prefix, 'site_event'),
    PartitionKey: 'v',
    Data: Buffer.from(event).toString('base64'),
  };
  const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260630/${region}/kinesis/aws4_request, SignedHeaders=host, Signature=none`;
  const headers = { ...target, authorization };
  const answer = await fetch(inject('endpoint'), { method: 'POST', headers, body: JSON.stringify(Record) });
  expect(answer.status).toBe(200);
  expect(await untilLanded('site_event', 1)).toEqual([event]);
});

it('what landed is read by the validation', async () => {
  const { answer } = await invoke('validate-daily', { date: '2026-06-30' });
  expect(answer).toMatchObject({ decision: 'judged' });
});
