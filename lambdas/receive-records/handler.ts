import { setTimeout } from 'node:timers/promises';
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { APIGatewayProxyEventV2Schema } from '@aws-lambda-powertools/parser/schemas/api-gatewayv2';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { z } from 'zod';
import { deliveryStreamName, IDEMPOTENCY_TABLE, METRICS } from '../../lib/aws/index.ts';
import { edge } from '../shared/edge.ts';
import { readPlan } from '../shared/read-plan.ts';
import { type Carrier, carry, intoRecords, UndeliveredError } from './carry.ts';
import { type Answer, type Land, type Request, receiveRecords } from './receive-records.ts';
import { servedDatasets } from './served.ts';

/** A batch may be sent again for a day. */
const REMEMBER_SECONDS = 86_400;

type Event = z.output<typeof APIGatewayProxyEventV2Schema>;

/** Whoever sends: keys of one sender are no business of another's. */
function senderOf({ requestContext: { authorizer } }: Event): string {
  return authorizer?.iam?.userArn ?? String(authorizer?.jwt?.claims.sub ?? 'anyone');
}

const requestOf = (event: Event): Request => ({
  dataset: event.pathParameters?.dataset ?? '',
  key: event.headers['idempotency-key'] ?? null,
  contentType: event.headers['content-type'] ?? '',
  body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
});

/** `POST /records/{dataset}`, JSON lines -> 202, or 4xx with the reasons per row. A request repeated with its key gets its first answer. */
export const handler = edge('receive-records', APIGatewayProxyEventV2Schema, ({ settings, telemetry }) => {
  const served = servedDatasets(readPlan(), settings.API_DATASETS.split(','));
  const firehose = telemetry.traced(new FirehoseClient({}));
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: settings.IDEMPOTENCY_TABLE,
    keyAttr: IDEMPOTENCY_TABLE.key,
    expiryAttr: IDEMPOTENCY_TABLE.ttl,
    awsSdkV3Client: telemetry.traced(new DynamoDBClient({})),
  });
  const config = new IdempotencyConfig({
    eventKeyJmesPath: '[sender, dataset, key]',
    payloadValidationJmesPath: 'body',
    hashFunction: 'sha256',
    expiresAfterSeconds: REMEMBER_SECONDS,
  });
  const carrierOf = (dataset: string): Carrier => ({
    async put(records) {
      const DeliveryStreamName = deliveryStreamName(settings.NAME_PREFIX, dataset);
      const Records = records.map((Data) => ({ Data }));
      const { FailedPutCount = 0, RequestResponses = [] } = await firehose.send(
        new PutRecordBatchCommand({ DeliveryStreamName, Records }),
      );
      return FailedPutCount === 0 ? [] : records.filter((_, index) => RequestResponses[index]?.ErrorCode !== undefined);
    },
  });
  return async (event, context) => {
    config.registerLambdaContext(context);
    const sender = senderOf(event);
    const land: Land = async ({ dataset, key, body }, rows) => {
      const records = intoRecords(body);
      const once = makeIdempotent(
        async (_: unknown): Promise<Answer> => {
          await carry(records, carrierOf(dataset), (ms) => setTimeout(ms));
          telemetry.count(METRICS.rowsAccepted, rows);
          return { status: 202, body: { accepted: rows } };
        },
        { persistenceStore, config },
      );
      return await once({ sender, dataset, key, body: body.toString('base64') }).catch(asAnswer);
    };
    const { status, body } = await receiveRecords(served, requestOf(event), land);
    if (status === 400) telemetry.count(METRICS.requestsRejected, 1);
    if (status === 503) telemetry.count(METRICS.deliveriesFailed, 1);
    telemetry.logger.info(`answered ${status}`, { dataset: event.pathParameters?.dataset });
    return { statusCode: status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  };
});

/** What an interrupted or contested request is told; anything else is a fault of ours. */
function asAnswer(error: unknown): Answer {
  if (error instanceof IdempotencyAlreadyInProgressError) {
    return { status: 409, body: { error: 'a request with this key is being taken; ask again in a minute' } };
  }
  if (error instanceof IdempotencyValidationError) {
    return { status: 422, body: { error: 'this key came before with other rows; give every batch its own' } };
  }
  if (error instanceof UndeliveredError) return { status: 503, body: { error: error.message } };
  throw error;
}
