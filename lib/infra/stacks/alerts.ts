import { type App, CfnOutput } from 'aws-cdk-lib';
import { PolicyStatement, type PolicyStatementProps, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AlertDelivery } from '../constructs/alert-delivery.ts';
import { LakeQueue } from '../constructs/lake-queue.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { StorageStack } from './storage.ts';

/** Services that may say something is wrong, and tell the topic for whom they speak: alarms, and the budget. */
const SPEAKERS = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

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
    const speak = (services: readonly string[], conditions: PolicyStatementProps['conditions'] = {}) =>
      this.topic.addToResourcePolicy(
        new PolicyStatement({
          principals: services.map((service) => new ServicePrincipal(service)),
          actions: ['sns:Publish'],
          resources: [this.topic.topicArn],
          conditions,
        }),
      );
    speak(SPEAKERS, { StringEquals: { 'aws:SourceAccount': environment.account } });
    // EventBridge tells a topic nothing that a condition could ask for: with one, no event is ever heard. Rules of other
    // accounts come with a role of theirs, which is not let in.
    speak(['events.amazonaws.com']);
    this.unheard = new LakeQueue(this, 'Unheard', { key: operationsKey });
    this.unheard.takeFrom(
      'events.amazonaws.com',
      `arn:${this.partition}:events:${this.region}:${this.account}:rule/${environment.prefix}-*`,
    );
    new AlertDelivery(this, 'Delivery', { topic: this.topic, unheard: this.unheard, key: operationsKey });
    new CfnOutput(this, 'TopicArn', { value: this.topic.topicArn, description: 'subscribe here to hear of failures' });
  }
}
