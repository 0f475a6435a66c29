import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmDescription } from '../../alerts/index.ts';
import { deploymentOf } from '../lake-stack.ts';

/** What is watched, and whom it tells. */
interface FailureAlarmProps {
  /** A count of something that should not happen, or a measure with a bound. */
  readonly metric: IMetric;
  /** Alarms above this; default 0. */
  readonly above?: number;
  /** For a count of something that should happen: alarms below this, and silence is alarming too. */
  readonly below?: number;
  /** How many periods in a row; default 1. */
  readonly periods?: number;
  /** What is wrong when it rings, in one sentence. */
  readonly says: string;
  /** The heading of `docs/runbook.md` that says what to do. */
  readonly runbook: string;
  /** Sets it apart from others with the same heading. */
  readonly part?: string;
  readonly topic: ITopic;
}

/** An alarm on a failure path: rings once, tells the topic, says when it is over, and names what to do. Silence is health. */
export class FailureAlarm extends Alarm {
  /** Its name, known before it is made. */
  readonly knownName: string;

  constructor(
    scope: Construct,
    id: string,
    { metric, above = 0, below, periods = 1, says, runbook, part, topic }: FailureAlarmProps,
  ) {
    const { prefix } = deploymentOf(scope).environment;
    const alarmName = [prefix, runbook, ...(part === undefined ? [] : [part])].join('-');
    super(scope, id, {
      alarmName,
      alarmDescription: alarmDescription(says, runbook),
      metric,
      threshold: below ?? above,
      evaluationPeriods: periods,
      comparisonOperator:
        below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: below === undefined ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
    });
    this.knownName = alarmName;
    this.addAlarmAction(new SnsAction(topic));
    this.addOkAction(new SnsAction(topic));
  }
}
