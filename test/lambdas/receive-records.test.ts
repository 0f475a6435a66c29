import { readFileSync } from 'node:fs';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Carrier, carry, intoRecords, UndeliveredError } from '../../lambdas/receive-records/carry.ts';
import { servedDatasets } from '../../lambdas/receive-records/served.ts';
import type { Plan } from '../../lib/plan/index.ts';
import { start } from './bundle.ts';
import { fakeIdempotencyTable } from './dynamodb.ts';
import { httpRequest, type Sent } from './http-request.ts';

interface Reply {
  readonly statusCode: number;
  readonly body: string;
}

const firehose = mockClient(FirehoseClient);
const receive = await start<'receive-records', Reply>('receive-records', {
  NAME_PREFIX: 'lakehouse-dev',
  API_DATASETS: 'purchase,card_transaction',
  IDEMPOTENCY_TABLE: 'keys',
});

const landed = () =>
  firehose.commandCalls(PutRecordBatchCommand).flatMap((call) => {
    const { DeliveryStreamName, Records = [] } = call.args[0].input;
    return Records.map((record) => [DeliveryStreamName, Buffer.from(record.Data ?? []).toString()] as const);
  });

beforeEach(() => {
  fakeIdempotencyTable('id');
  firehose.reset();
  firehose.on(PutRecordBatchCommand).callsFake(({ Records }) => ({
    FailedPutCount: 0,
    RequestResponses: Records.map(() => ({ RecordId: 'r' })),
  }));
});

const post = async (body: string | Buffer, sent: Sent = {}) => {
  const { statusCode, body: text } = await receive(httpRequest(body, sent));
  return { status: statusCode, ...JSON.parse(text) };
};

const purchase = (id: string, amount = '12.50') =>
  `{"id":"${id}","timestamp":"2026-06-30T12:00:00Z","customer_id":null,"merchant_id":"m1","amount":${amount}}\n`;

describe('a batch of rows', () => {
  it('lands as the very bytes that were sent, in one record', async () => {
    const body = purchase('p1', '12.500000000000000000') + purchase('p2');
    expect(await post(body)).toEqual({ status: 202, accepted: 2 });
    expect(landed()).toEqual([['lakehouse-dev-records-purchase', body]]);
  });

  it('is taken in base64, without a last line feed, and with a mark at its begin', async () => {
    const body = purchase('p1').trimEnd();
    expect(await post(`\uFEFF${body}`, { base64: true })).toMatchObject({ status: 202 });
    expect(landed()).toEqual([['lakehouse-dev-records-purchase', `${body}\n`]]);
  });

  it('with broken rows is refused whole, with the reasons of each', async () => {
    const body = [
      purchase('p1'),
      purchase('p2', '"12.50"'),
      purchase('p3', '1.234'),
      'not json\n',
      '{"id":" p4","timestamp":"2026-06-31T00:00:00Z","amount":1}\n',
      '{"id":"p5","id":"p6"}\n',
    ].join('');
    expect(await post(body)).toEqual({
      status: 400,
      error: '5 of 6 rows break the contract of purchase; none was taken',
      rejected: 5,
      rows: [
        { row: 2, reasons: ['amount: found a string at amount, expected a number'] },
        { row: 3, reasons: ['amount is not a decimal with at most 10 digits before and 2 after the point'] },
        { row: 4, reasons: ['not JSON (character 1)'] },
        {
          row: 5,
          reasons: [
            'id is a key with spaces around it',
            'timestamp is not a time as YYYY-MM-DDTHH:MM:SS[.ffffff][Z|+HH:MM]',
            'merchant_id is missing',
          ],
        },
        { row: 6, reasons: ['a member name stands more than once in one object'] },
      ],
    });
    expect(landed()).toEqual([]);
  });

  it.each([
    ['another dataset', { dataset: 'reviews' }, 404, /no dataset reviews here/],
    ['another content type', { type: 'application/json' }, 415, /expected JSON lines/],
    ['no key', { key: null }, 400, /Idempotency-Key is missing/],
    ['a key too short to be one', { key: 'x' }, 400, /Idempotency-Key is malformed/],
  ] as const)('is refused for %s', async (_, sent, status, words) => {
    const reply = await post(purchase('p1'), sent);
    expect(reply).toMatchObject({ status, error: expect.stringMatching(words) });
  });

  it('without rows is refused', async () => expect(await post('\n \n')).toMatchObject({ status: 400 }));
});

describe('a batch sent again', () => {
  it('gets its first answer and lands nothing twice', async () => {
    for (let time = 0; time < 3; time += 1) expect(await post(purchase('p1'))).toEqual({ status: 202, accepted: 1 });
    expect(landed()).toHaveLength(1);
  });

  it('with other rows under the same key is refused; another sender or dataset may use the key', async () => {
    await post(purchase('p1'));
    expect(await post(purchase('p2'))).toMatchObject({ status: 422 });
    expect(await post(purchase('p2'), { sender: 'arn:aws:iam::1:user/b' })).toMatchObject({ status: 202 });
    expect(landed()).toHaveLength(2);
  });

  it('may be sent again with its key after it was refused or not delivered', async () => {
    expect(await post(purchase('p1', 'null'))).toMatchObject({ status: 400 });
    firehose.on(PutRecordBatchCommand).rejectsOnce(new Error('throttled'));
    firehose.on(PutRecordBatchCommand).rejects(new Error('throttled'));
    expect(await post(purchase('p1'))).toMatchObject({ status: 503, error: expect.stringMatching(/send it again/) });
    firehose.on(PutRecordBatchCommand).resolves({ FailedPutCount: 0, RequestResponses: [] });
    expect(await post(purchase('p1'))).toMatchObject({ status: 202 });
  });
});

describe('records on their way to Firehose', () => {
  const lines = fc.array(fc.stringMatching(/^[a-z]{0,30}$/), { minLength: 1, maxLength: 40 });

  it('are whole lines, as few as fit, and together what was sent', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 31, max: 80 }), (words, size) => {
        const body = words.map((word) => `${word}\n`).join('');
        const records = intoRecords(Buffer.from(body), size).map((record) => record.toString());
        expect(records.join('')).toBe(body);
        for (const record of records) expect(record.length <= size && record.endsWith('\n')).toBe(true);
        records.slice(1).forEach((record, index) => {
          const first = record.slice(0, record.indexOf('\n') + 1);
          expect((records[index] ?? '').length + first.length).toBeGreaterThan(size);
        });
      }),
    );
  });

  it('arrive each exactly once although some are refused, unless some are refused to the end', async () => {
    const refusals = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(refusals, async (times) => {
        const left = [...times];
        const arrived: number[] = [];
        const carrier: Carrier = {
          put: async (records) =>
            records.filter((record) => {
              const index = record[0] ?? 0;
              left[index] = (left[index] ?? 0) - 1;
              if ((left[index] ?? 0) < 0) arrived.push(index);
              return (left[index] ?? 0) >= 0;
            }),
        };
        const records = times.map((_, index) => Uint8Array.of(index));
        const outcome = await carry(records, carrier, async () => {}).catch((error: unknown) => error);
        const lost = times.filter((each) => each >= 5).length;
        if (lost > 0) expect(outcome).toBeInstanceOf(UndeliveredError);
        else expect(outcome).toBeUndefined();
        const expected = times.flatMap((each, index) => (each < 5 ? [index] : []));
        expect(arrived.sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });

  it('keep to 500 records and 4 MiB a call', async () => {
    const calls: number[][] = [];
    const carrier: Carrier = {
      put: async (records) => {
        calls.push([records.length, records.reduce((sum, record) => sum + record.length, 0)]);
        return [];
      },
    };
    await carry(
      Array.from({ length: 1001 }, () => new Uint8Array(10_000)),
      carrier,
      async () => {},
    );
    expect(calls.reduce((sum, [count = 0]) => sum + count, 0)).toBe(1001);
    for (const [count = 0, bytes = 0] of calls) expect(count <= 500 && bytes <= 4 * 1024 * 1024).toBe(true);
  });
});

describe('the datasets that the API serves', () => {
  const { plan } = JSON.parse(readFileSync(new URL('../../dist/plan.json', import.meta.url), 'utf8')) as { plan: Plan };

  it.each([
    ['reviews', /base.reviews has no key/],
    ['nothing', /no such raw dataset; known: .*purchase/],
  ])('cannot be %s', (name, words) => expect(() => servedDatasets(plan, [name])).toThrow(words));
});
