import { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnSubscription, type ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { INCIDENT_TABLE, NONE } from '../../aws/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import { together } from './counted-together.ts';
import { FailureAlarm } from './failure-alarm.ts';
import { LakeFunction } from './lake-function.ts';
import { LakeQueue } from './lake-queue.ts';
import { LakeTable } from './lake-table.ts';
import { allow } from './permissions.ts';

/** A try must be over before its claim on an incident is, after 120 seconds. */
const TIMEOUT = Duration.seconds(60);

/** How many tell at once: the fewest that a queue can be bound to. */
const AT_ONCE = 2;

/** What is heard, and where lies what was not. */
interface AlertDeliveryProps {
  readonly topic: ITopic;
  readonly unheard: LakeQueue;
  readonly key: IKey;
}

/** Carries what the topic hears to Slack and PagerDuty, once per incident: through a queue, so that nothing is lost while they are down. */
export class AlertDelivery extends Construct {
  constructor(scope: Construct, id: string, { topic, unheard, key }: AlertDeliveryProps) {
    super(scope, id);
    const { alerts } = deploymentOf(this).environment;
    const deadLetters = new LakeQueue(this, 'DeadLetters', { key });
    const visibility = Duration.seconds(6 * TIMEOUT.toSeconds());
    const queue = new LakeQueue(this, 'Queue', { key, worked: { visibility, deadLetters } });
    for (const each of [queue, unheard]) each.takeFrom('sns.amazonaws.com', topic.topicArn);
    new CfnSubscription(this, 'Subscription', {
      topicArn: topic.topicArn,
      protocol: 'sqs',
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
      redrivePolicy: { deadLetterTargetArn: unheard.queueArn },
    });
    const incidents = new LakeTable(this, 'Incidents', INCIDENT_TABLE, key);
    const secrets = [alerts.slackSecret, alerts.pagerDutySecret].filter((name) => name !== null);
    const send = new LakeFunction(this, 'SendAlert', {
      lambda: 'send-alert',
      description: 'Tells Slack and PagerDuty of an incident, once when it begins and once when it ends.',
      settings: {
        INCIDENT_TABLE: incidents.tableName,
        SLACK_SECRET: alerts.slackSecret ?? NONE,
        PAGERDUTY_SECRET: alerts.pagerDutySecret ?? NONE,
        RUNBOOK_URL: alerts.runbookUrl,
      },
      may: [
        allow(['dynamodb:UpdateItem'], [incidents.tableArn]),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]),
        ...(secrets.length > 0
          ? [
              allow(
                ['secretsmanager:GetSecretValue'],
                secrets.map((name) => secretArn(this, name)),
              ),
            ]
          : []),
      ],
      key,
      timeout: TIMEOUT,
      concurrency: AT_ONCE,
    });
    // The queue asks for no more than may work at once: a batch that finds none free would count as a try, and five make a dead letter.
    send.addEventSource(
      new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: AT_ONCE }),
    );
    const period = Duration.minutes(5);
    const lyingIn = (of: LakeQueue) => of.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' });
    new FailureAlarm(this, 'Untold', {
      metric: new MathExpression({
        expression: together('SUM'),
        label: 'alerts that reached nobody',
        period,
        usingMetrics: { untold: lyingIn(deadLetters), unheard: lyingIn(unheard) },
      }),
      says: 'An alert reached nobody: it lies in a dead-letter queue.',
      runbook: 'alerts-untold',
      topic,
    });
  }
}

/** A secret by its name. Secrets Manager puts six signs after it. */
function secretArn(scope: Construct, name: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-??????`;
}
