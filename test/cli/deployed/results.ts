import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import type { Outcome } from '../../../lib/quality/index.ts';

/** A broken check of a table, with a row at fault. */
export const broken = (table: string, verdict: 'warn' | 'fail'): Outcome => ({
  table,
  check: 'at_least(amount)',
  says: 'amount is at least 0',
  severity: verdict,
  verdict,
  failed: 2,
  total: 10,
  offenders: [{ file: 'refund/dt=2026-06-29/a.csv', record: 7, values: { id: 'r1' } }],
  reaches: [{ name: 'dashboard.refunds', paths: '3', via: [table, 'mart.refunds', 'dashboard.refunds'] }],
});

/** A check that holds. */
export const holding: Outcome = {
  ...broken('base.purchase', 'fail'),
  verdict: 'pass',
  failed: 0,
  offenders: [],
  reaches: [],
};

/** In place of S3: JSON files by `bucket/key`, listed by folder. */
export function fakeBuckets(files: Readonly<Record<string, unknown>>) {
  const client = mockClient(S3Client);
  client.on(GetObjectCommand).callsFake(({ Bucket, Key }) => {
    const found = files[`${Bucket}/${Key}`];
    if (found === undefined) throw new NoSuchKey({ message: 'no such key', $metadata: {} });
    return { Body: { transformToString: async () => JSON.stringify(found) } };
  });
  client.on(ListObjectsV2Command).callsFake(({ Bucket, Prefix, ContinuationToken }) => {
    const start = `${Bucket}/${Prefix}`;
    const below = Object.keys(files).filter((name) => name.startsWith(start));
    const folders = [
      ...new Set(below.map((name) => name.slice(Bucket.length + 1, name.indexOf('/', start.length) + 1))),
    ];
    // One to a page, so that there are pages.
    const at = Number(ContinuationToken ?? 0);
    const more = at + 1 < folders.length ? { IsTruncated: true, NextContinuationToken: String(at + 1) } : {};
    return { CommonPrefixes: folders.slice(at, at + 1).map((folder) => ({ Prefix: folder })), ...more };
  });
  return client;
}
