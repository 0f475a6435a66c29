/** How a batch is sent. */
export interface Sent {
  readonly dataset?: string;
  readonly key?: string | null;
  readonly type?: string;
  readonly sender?: string;
  readonly base64?: boolean;
}

/** What API Gateway hands to `receive-records`: an event of an HTTP API, version 2.0. */
export const httpRequest = (
  body: string | Buffer,
  {
    dataset = 'purchase',
    key = 'batch-0001',
    type = 'application/x-ndjson',
    sender = 'arn:aws:iam::1:user/a',
    base64 = false,
  }: Sent = {},
) => ({
  version: '2.0',
  routeKey: 'POST /records/{dataset}',
  rawPath: `/records/${dataset}`,
  rawQueryString: '',
  headers: { 'content-type': type, ...(key === null ? {} : { 'idempotency-key': key }) },
  requestContext: {
    accountId: '1',
    apiId: 'api',
    domainName: 'd',
    domainPrefix: 'd',
    requestId: 'r',
    routeKey: 'r',
    stage: '$default',
    time: 't',
    timeEpoch: 0,
    http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '10.0.0.1', userAgent: 'u' },
    authorizer: { iam: { userArn: sender } },
  },
  pathParameters: { dataset },
  isBase64Encoded: base64,
  body: base64 ? Buffer.from(body).toString('base64') : body.toString(),
});
