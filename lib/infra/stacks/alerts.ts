import { type App, CfnOutput } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AlertDelivery } from '../constructs/alert-delivery.ts';
import { LakeQueue } from '../constructs/lake-queue.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { StorageStack } from './storage.ts';

/** Services that may say something is wrong: alarms, events, and the budget. */
const SPEAKERS = ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'budgets.amazonaws.com'];

/** Where every alarm and every finding goes, and from there to Slack and PagerDuty. Apart from what rings, so that any stack may ring. */
export class AlertsStack extends LakeStack {
  readonly topic: Topic;
  /** Where lies what could not be handed on: by the topic to the queue of alerts, by a rule to the topic. */
  readonly unheard: LakeQueue;

  constructor(app: App, deployment: Deployment, { operationsKey }: StorageStack) {
    super(app, 'Alerts', deployment, 'The topic that alarms and findings go to, and what carries them to people.');
    const { environment } = deployment;
    this.topic = new Topic(this, 'Topic', {
      topicName: `${environment.prefix}-alerts`,
      displayName: `${environment.prefix} alerts`,
      masterKey: operationsKey,
      enforceSSL: true,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: SPEAKERS.map((speaker) => new ServicePrincipal(speaker)),
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': environment.account } },
      }),
    );
    this.unheard = new LakeQueue(this, 'Unheard', { key: operationsKey });
    this.unheard.takeFrom(
      'events.amazonaws.com',
      `arn:${this.partition}:events:${this.region}:${this.account}:rule/${environment.prefix}-*`,
    );
    new AlertDelivery(this, 'Delivery', { topic: this.topic, unheard: this.unheard, key: operationsKey });
    new CfnOutput(this, 'TopicArn', { value: this.topic.topicArn, description: 'subscribe here to hear of failures' });
  }
}
