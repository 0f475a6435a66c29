import { Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnNamespace } from 'aws-cdk-lib/aws-redshiftserverless';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';
import { FailureAlarm } from './failure-alarm.ts';
import { LakeQueue } from './lake-queue.ts';
import { allow, encryptWith, ownService } from './permissions.ts';
import { ServiceRole } from './service-role.ts';

/** What is kept, and whom to tell when it was not. */
interface SnapshotScheduleProps {
  readonly namespace: CfnNamespace;
  readonly key: IKey;
  readonly topic: ITopic;
}

/**
 * A snapshot of the warehouse each day as the daily run begins, so of the state before it, kept for as many days as the
 * environment says. Beside these AWS keeps a recovery point of each half hour for a day.
 */
export class SnapshotSchedule extends Construct {
  constructor(scope: Construct, id: string, { namespace, key, topic }: SnapshotScheduleProps) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    const { prefix, redshift, schedules } = deploymentOf(this).environment;
    const missed = new LakeQueue(this, 'Missed', { key });
    const role = new ServiceRole(this, 'Role', {
      assumedBy: ownService(this, 'scheduler.amazonaws.com'),
      description: 'Takes a snapshot of the warehouse each day.',
      may: [
        allow(
          ['redshift-serverless:CreateSnapshot'],
          [namespace.attrNamespaceNamespaceArn, `arn:${partition}:redshift-serverless:${region}:${account}:snapshot/*`],
        ),
        allow(['sqs:SendMessage'], [missed.queueArn]),
        encryptWith(key),
      ],
    });
    new CfnSchedule(this, 'Daily', {
      description: 'A snapshot of the warehouse before the daily run.',
      scheduleExpression: schedules.run,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${partition}:scheduler:::aws-sdk:redshiftserverless:createSnapshot`,
        roleArn: role.roleArn,
        // A repeated call has the same name and is refused, so there is one snapshot a day.
        input: JSON.stringify({
          NamespaceName: prefix,
          SnapshotName: `${prefix}-<aws.scheduler.execution-id>`,
          RetentionPeriod: redshift.snapshotDays,
        }),
        deadLetterConfig: { arn: missed.queueArn },
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
      },
    });
    new FailureAlarm(this, 'SnapshotMissed', {
      metric: missed.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(15), statistic: 'Maximum' }),
      says: 'The warehouse has no snapshot of today.',
      runbook: 'snapshot-missed',
      topic,
    });
  }
}
