import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';

/** What is watched, and whom it tells. */
interface FailureAlarmProps {
  /** A count of something that should not happen, or a measure with a bound. */
  readonly metric: IMetric;
  /** Alarms above this; default 0. */
  readonly above?: number;
  /** How many periods in a row; default 1. */
  readonly periods?: number;
  /** What is wrong when it rings, in one sentence. */
  readonly says: string;
  /** The heading of `docs/runbook.md` that says what to do. */
  readonly runbook: string;
  readonly topic: ITopic;
}

/** An alarm on a failure path: rings once, tells the topic, says when it is over, and names what to do. Silence is health. */
export class FailureAlarm extends Alarm {
  constructor(
    scope: Construct,
    id: string,
    { metric, above = 0, periods = 1, says, runbook, topic }: FailureAlarmProps,
  ) {
    const { prefix } = deploymentOf(scope).environment;
    super(scope, id, {
      alarmName: `${prefix}-${runbook}`,
      alarmDescription: `${says} What to do: docs/runbook.md#${runbook}`,
      metric,
      threshold: above,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(new SnsAction(topic));
    this.addOkAction(new SnsAction(topic));
  }
}
