import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { parseRawKey } from '../../lib/aws/index.ts';
import { ENVIRONMENT_NAMES, EnvironmentError, environmentNamed } from '../../lib/infra/environments.ts';
import { builtPlan, lakehouseApp, synthesised } from './synthesised.ts';

const prod = environmentNamed('prod');
const ingestion = synthesised('prod').template('Ingestion');
const deliveries = (type: string) =>
  Object.values(
    ingestion.findResources('AWS::KinesisFirehose::DeliveryStream', { Properties: { DeliveryStreamType: type } }),
  ).map((each) => each.Properties);

/** What each statement of a role's policy allows, by the id of the role. */
const allowedTo = (role: string): string[] =>
  Object.entries(ingestion.findResources('AWS::IAM::ManagedPolicy'))
    .filter(([id]) => id.startsWith(role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => `${[Action].flat().join()} ${JSON.stringify(Resource)}`);

describe('whatever comes in by Firehose', () => {
  it.each([
    ['the HTTP API', 'DirectPut', prod.api.datasets],
    ['streams', 'KinesisStreamAsSource', prod.streams],
  ])('through %s lands where a run looks for it, a stream for each dataset', (_, type, datasets) => {
    const landed = deliveries(type).map(({ ExtendedS3DestinationConfiguration: to }) => {
      const key = `${to.Prefix.replace('!{timestamp:yyyy-MM-dd}', '2026-11-20')}name${to.FileExtension}`;
      return parseRawKey(key);
    });
    expect(landed).toEqual(
      datasets.map((dataset) => ({ dataset, date: '2026-11-20', path: `${dataset}/dt=2026-11-20/name.jsonl.gz` })),
    );
  });

  it('is compressed, encrypted, and told where it failed, out of the layout of raw', () => {
    for (const type of ['DirectPut', 'KinesisStreamAsSource'])
      for (const { ExtendedS3DestinationConfiguration: to } of deliveries(type)) {
        expect(to).toMatchObject({ CompressionFormat: 'GZIP', CloudWatchLoggingOptions: { Enabled: true } });
        expect(to.EncryptionConfiguration.KMSEncryptionConfig).toBeDefined();
        expect(to.ErrorOutputPrefix).toMatch(/^errors[/]/);
      }
  });

  it('comes many records to a file, five minutes late at most', () => {
    for (const type of ['DirectPut', 'KinesisStreamAsSource'])
      for (const { ExtendedS3DestinationConfiguration: to } of deliveries(type))
        expect(to.BufferingHints).toEqual({ SizeInMBs: 64, IntervalInSeconds: 300 });
  });

  it('is encrypted while it waits', () => {
    for (const { DeliveryStreamEncryptionConfigurationInput: at } of deliveries('DirectPut'))
      expect(at).toMatchObject({ KeyType: 'CUSTOMER_MANAGED_CMK' });
    const streams = Object.values(ingestion.findResources('AWS::Kinesis::Stream'));
    for (const { Properties } of streams) expect(Properties.StreamEncryption).toMatchObject({ EncryptionType: 'KMS' });
  });

  it('is one record a line: the API sends lines, records of a stream get their line feed', () => {
    for (const { ExtendedS3DestinationConfiguration: to } of deliveries('KinesisStreamAsSource'))
      expect(to.ProcessingConfiguration.Processors).toEqual([
        { Type: 'AppendDelimiterToRecord', Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }] },
      ]);
    for (const { ExtendedS3DestinationConfiguration: to } of deliveries('DirectPut'))
      expect(to.ProcessingConfiguration).toBeUndefined();
  });
});

describe('the HTTP API', () => {
  it('takes signed requests only, throttled, and logs who asked', () => {
    ingestion.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: 'POST /records/{dataset}',
      AuthorizationType: 'AWS_IAM',
    });
    ingestion.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      AccessLogSettings: { Format: Match.stringLikeRegexp('userArn') },
    });
  });

  it('may put into the streams of its datasets and no other', () => {
    const put = allowedTo('RecordsReceiveRecordsRole').filter((each) => each.startsWith('firehose:'));
    expect(put).toHaveLength(1);
    expect(put[0]?.match(/deliverystream[/][\w-]+/g)).toEqual(
      ['purchase', 'refund', 'void'].map((each) => `deliverystream/lakehouse-prod-records-${each}`),
    );
  });
});

describe('who pushes from outside', () => {
  it('assumes a role from its own account, a loader with the external id that it gave', () => {
    const trust = (account: string, condition: object) =>
      ingestion.hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Action: 'sts:AssumeRole',
              Effect: 'Allow',
              Principal: { AWS: Match.stringLikeRegexp(`:${account}:root$`) },
              ...condition,
            },
          ],
        },
      });
    trust('222233334444', { Condition: Match.absent() });
    trust('834469178297', { Condition: { StringEquals: { 'sts:ExternalId': 'example_external_id' } } });
  });

  it.each([
    ['SourcePaymentsPlatform', ['purchase', 'refund', 'void']],
    ['LoaderFivetran', ['orders', 'reviews']],
  ])('%s writes its datasets, and reads nothing', (role, datasets) => {
    const allowed = allowedTo(role);
    expect(allowed.filter((each) => each.includes('s3:GetObject'))).toEqual([]);
    const folders = allowed.find((each) => each.includes('s3:PutObject'))?.match(/[/]raw[/](\w+)[/][*]/g);
    expect(folders).toEqual(datasets.map((dataset) => `/raw/${dataset}/*`));
  });
});

describe('switches', () => {
  it('leave streams out of dev, and SFTP out of every environment', () => {
    synthesised('dev').template('Ingestion').resourceCountIs('AWS::Kinesis::Stream', 0);
    for (const name of ENVIRONMENT_NAMES)
      synthesised(name).template('Ingestion').resourceCountIs('AWS::Transfer::Server', 0);
  });

  it('bring SFTP where it is wanted: a user sees its datasets as folders, and comes with a key', () => {
    const sftp = synthesised('prod', {
      switches: { ...prod.switches, sftp: true },
      sftpUsers: [{ name: 'partner', publicKey: 'ssh-ed25519 AAAA partner', datasets: ['orders'] }],
    }).template('Ingestion');
    sftp.hasResourceProperties('AWS::Transfer::Server', {
      Protocols: ['SFTP'],
      IdentityProviderType: 'SERVICE_MANAGED',
    });
    sftp.hasResourceProperties('AWS::Transfer::User', {
      UserName: 'partner',
      HomeDirectoryType: 'LOGICAL',
      HomeDirectoryMappings: [
        { Entry: '/orders', Target: { 'Fn::Join': ['', ['/', Match.anyValue(), '/raw/orders']] } },
      ],
      SshPublicKeys: ['ssh-ed25519 AAAA partner'],
    });
  });

  it('do not bring an API that nobody serves', () => {
    const none = synthesised('prod', { api: { datasets: [], requestsPerSecond: 1 } }).template('Ingestion');
    none.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
  });
});

describe('a dataset that no contract declares', () => {
  it('is refused wherever an environment names one, with those that are known', () => {
    const change = { streams: ['clicks'], api: { ...prod.api, datasets: ['purchases'] } };
    const attempt = () => lakehouseApp('prod', change);
    expect(attempt).toThrow(EnvironmentError);
    expect(attempt).toThrow(
      /api[.]datasets: found "purchases", expected one of .*purchase.*\n {2}streams: found "clicks"/,
    );
    expect(builtPlan().sources.map(({ name }) => name)).not.toContain('clicks');
  });
});

describe('a dataset without keys', () => {
  it('is refused for the API at synth: its rows would count twice when a batch is repeated', () => {
    const keyless = builtPlan().tables.find(({ making, grain }) => making.kind === 'load' && grain.length === 0);
    const source = keyless?.making.kind === 'load' ? keyless.making.source : '';
    expect(source).not.toBe('');
    expect(() => lakehouseApp('prod', { api: { ...prod.api, datasets: ['refund', source] } })).toThrow(
      `api.datasets: found "${source}", expected keys, which ${keyless?.name} has not`,
    );
  });
});
