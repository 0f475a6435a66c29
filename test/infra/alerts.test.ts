import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { INCIDENT_TABLE } from '../../lib/aws/index.ts';
import { at, listOf, readable } from '../../lib/infra/readable.ts';
import { synthesised } from './synthesised.ts';

const alerts = synthesised('prod').template('Alerts');

interface Statement {
  readonly Principal: unknown;
  readonly Condition?: unknown;
}

describe('an alert', () => {
  const [topicPolicy] = Object.values(alerts.findResources('AWS::SNS::TopicPolicy'));
  const heard: Statement[] = topicPolicy?.Properties.PolicyDocument.Statement;

  it('is heard of alarms and the budget of this account, over TLS only', () => {
    expect(heard).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] },
        Condition: { StringEquals: { 'aws:SourceAccount': '777788889999' } },
      }),
    );
    expect(heard).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  // EventBridge user guide, Amazon SNS permissions: no Condition blocks in topic policies for EventBridge.
  // SNS developer guide, Managing encryption keys: aws:SourceAccount, SourceArn and SourceOrgID in a key's policy are not
  // supported for EventBridge to encrypted topics.
  it.each([
    ['the topic', () => heard, 'sns:Publish'],
    [
      'the key of the topic and of the queue of what was not heard',
      () =>
        Object.values(synthesised('prod').template('Storage').findResources('AWS::KMS::Key')).flatMap(
          ({ Properties }): Statement[] => Properties.KeyPolicy.Statement,
        ),
      ['kms:Decrypt', 'kms:GenerateDataKey*'],
    ],
  ])('is heard of events: %s takes EventBridge without a condition, which it could never meet', (_, of, action) => {
    const ofEvents = of().filter(({ Principal }) => JSON.stringify(Principal).includes('events.amazonaws.com'));
    expect(ofEvents).toEqual([
      expect.objectContaining({ Effect: 'Allow', Action: action, Principal: { Service: 'events.amazonaws.com' } }),
    ]);
    for (const { Condition } of ofEvents) expect(Condition).toBeUndefined();
  });

  it('waits in a queue until it is told, and after five tries with the dead letters, which ring', () => {
    alerts.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: true });
    alerts.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 5 }, VisibilityTimeout: 360 });
    alerts.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const [untold] = Object.values(
      alerts.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: 'lakehouse-prod-alerts-untold' } }),
    );
    expect(JSON.stringify(untold?.Properties.Metrics)).toMatch(
      /DeliveryDeadLetters.*Unheard|Unheard.*DeliveryDeadLetters/,
    );
  });

  // Lambda developer guide, Amazon SQS: a batch that is throttled goes back to the queue, received once more.
  it('is not thrown back for want of a free hand: the queue hands out as much at once as the Lambda may take', () => {
    const [send] = Object.values(alerts.findResources('AWS::Lambda::Function'));
    alerts.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: send?.Properties.ReservedConcurrentExecutions },
    });
  });

  it('that the topic cannot hand to the queue, or a rule to the topic, is kept where somebody is told of it', () => {
    alerts.hasResourceProperties('AWS::SNS::Subscription', {
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Unheard'), 'Arn'] } },
    });
    const { names, json } = synthesised('prod');
    const targets = names.flatMap((stack) =>
      Object.values(json(stack).Resources)
        .filter(({ Type }) => Type === 'AWS::Events::Rule')
        .flatMap(({ Properties }) => listOf(Properties?.Targets)),
    );
    expect(targets.length).toBeGreaterThan(3);
    for (const target of targets) expect(readable(at(target, 'DeadLetterConfig.Arn') ?? '')).toContain('Unheard');
  });

  it('is told within the time that a claim on its incident holds: 120 seconds', () => {
    const [send] = Object.values(alerts.findResources('AWS::Lambda::Function'));
    expect(send?.Properties.Timeout).toBeLessThan(120);
  });

  it('is told once per incident: the table has the key that the Lambda writes', () => {
    alerts.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: INCIDENT_TABLE.key, KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: INCIDENT_TABLE.ttl, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  it('reads the secrets that its environment names, and no other', () => {
    const secrets = (name: 'dev' | 'prod') =>
      Object.values(synthesised(name).template('Alerts').findResources('AWS::IAM::ManagedPolicy'))
        .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
        .filter(({ Action }) => Action === 'secretsmanager:GetSecretValue')
        .flatMap(({ Resource }) => Resource);
    expect(
      secrets('prod')
        .map((arn: string) => arn.split(':secret:')[1])
        .sort(),
    ).toEqual(['lakehouse-prod/pagerduty-routing-key-??????', 'lakehouse-prod/slack-webhook-??????']);
    expect(secrets('dev')).toEqual([]);
  });
});
