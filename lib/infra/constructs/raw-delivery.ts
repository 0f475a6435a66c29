import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { rawDataset } from '../../aws/index.ts';

/** What every delivery shares. */
export interface DeliveryPlace {
  readonly raw: IBucket;
  readonly dataKey: IKey;
  readonly operationsKey: IKey;
  readonly log: ILogGroup;
  readonly role: IRole;
}

/** What could not be delivered, beside raw and out of its layout. */
export const DELIVERY_ERRORS = 'errors/';

/** Many small records a file, and at most five minutes late. Firehose writes no empty files. */
const BUFFER = { sizeInMBs: 64, intervalInSeconds: 300 } as const;

/** Each record of a stream becomes a line. */
const ONE_LINE_EACH = {
  enabled: true,
  processors: [
    { type: 'AppendDelimiterToRecord', parameters: [{ parameterName: 'Delimiter', parameterValue: '\\n' }] },
  ],
};

/**
 * Carries records of one dataset into raw as gzipped JSON lines, below the day on which they arrived. From a stream, or, without
 * one, what is put directly: lines already, by the HTTP API.
 */
export class RawDelivery extends CfnDeliveryStream {
  /** Its name, known before it is made. */
  readonly knownName: string;

  constructor(scope: Construct, id: string, dataset: string, name: string, place: DeliveryPlace, stream?: IStream) {
    const { raw, dataKey, operationsKey, log, role } = place;
    super(scope, id, {
      deliveryStreamName: name,
      ...(stream
        ? {
            deliveryStreamType: 'KinesisStreamAsSource',
            kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn: role.roleArn },
          }
        : {
            deliveryStreamType: 'DirectPut',
            deliveryStreamEncryptionConfigurationInput: {
              keyType: 'CUSTOMER_MANAGED_CMK',
              keyArn: operationsKey.keyArn,
            },
          }),
      extendedS3DestinationConfiguration: {
        bucketArn: raw.bucketArn,
        roleArn: role.roleArn,
        prefix: `${rawDataset(dataset)}dt=!{timestamp:yyyy-MM-dd}/`,
        errorOutputPrefix: `${DELIVERY_ERRORS}${dataset}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
        bufferingHints: BUFFER,
        compressionFormat: 'GZIP',
        fileExtension: '.jsonl.gz',
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: dataKey.keyArn } },
        ...(stream ? { processingConfiguration: ONE_LINE_EACH } : {}),
        cloudWatchLoggingOptions: { enabled: true, logGroupName: log.logGroupName, logStreamName: name },
      },
    });
    this.knownName = name;
  }
}
