import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { countedTogether } from './counted-together.ts';
import { FailureAlarm } from './failure-alarm.ts';

/** Three times as long as a delivery gathers records. */
const LATE_SECONDS = 900;

/** Rings when Firehose holds records that it should have landed: the bucket, the key or its role refuses it. */
export class DeliveriesLate extends Construct {
  constructor(scope: Construct, id: string, streams: readonly string[], topic: ITopic) {
    super(scope, id);
    if (streams.length === 0) return;
    const freshness = {
      namespace: 'AWS/Firehose',
      metricName: 'DeliveryToS3.DataFreshness',
      statistic: 'Maximum',
      period: Duration.minutes(5),
    };
    const dimensions = streams.map((DeliveryStreamName) => ({ DeliveryStreamName }));
    new FailureAlarm(this, 'Alarm', {
      metric: countedTogether('MAX', 'seconds that the oldest record waits', freshness, dimensions),
      above: LATE_SECONDS,
      periods: 2,
      says: 'Firehose holds records for more than a quarter of an hour that it should have landed in raw.',
      runbook: 'deliveries-late',
      topic,
    });
  }
}
