import { CfnRule, type EventPattern } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Notice } from '../../alerts/index.ts';
import { deploymentOf } from '../lake-stack.ts';

/** Which events are news, and what is said of them. */
interface NoticeRuleProps {
  readonly pattern: EventPattern;
  /** The notice, with `<field>` where a value of the event stands. */
  readonly notice: Pick<Notice, 'incident' | 'verdict' | 'subject' | 'says' | 'runbook'>;
  /** Paths of those values in the event. */
  readonly fields: Readonly<Record<string, string>>;
  /** Who hears of it, and where an event lies that could not be told. */
  readonly alerts: { readonly topic: ITopic; readonly unheard: IQueue };
}

/** Tells the alerts topic of AWS's own events, in the form that `send-alert` reads. */
export class NoticeRule extends CfnRule {
  constructor(scope: Construct, id: string, { pattern, notice, fields, alerts }: NoticeRuleProps) {
    const { name } = deploymentOf(scope).environment;
    const message = { kind: 'notice', environment: name, at: '<at>', ...notice };
    super(scope, id, {
      description: notice.says,
      eventPattern: { source: pattern.source, 'detail-type': pattern.detailType, detail: pattern.detail },
      targets: [
        {
          id: 'Alerts',
          arn: alerts.topic.topicArn,
          deadLetterConfig: { arn: alerts.unheard.queueArn },
          inputTransformer: {
            inputPathsMap: { at: '$.time', ...fields },
            // EventBridge puts values between the quotes that stand here.
            inputTemplate: JSON.stringify(message),
          },
        },
      ],
    });
  }
}
