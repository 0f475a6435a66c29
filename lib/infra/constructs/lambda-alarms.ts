import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { countedTogether, METRICS_PER_ALARM } from './counted-together.ts';
import { FailureAlarm } from './failure-alarm.ts';

/** What is bad about Lambdas, and how much of it within an hour is more than retries mend. */
const WATCHED = [
  {
    id: 'Fail',
    metricName: 'Errors',
    above: 3,
    says: 'Lambdas broke more often within an hour than a step is tried.',
    runbook: 'lambdas-fail',
  },
  {
    id: 'Throttled',
    metricName: 'Throttles',
    above: 10,
    says: 'Lambdas were called more often at a time than they may run.',
    runbook: 'lambdas-throttled',
  },
] as const;

/** Errors and throttles of all Lambdas, as many in one alarm as it can read: whoever called them tries again, so few are no news. */
export class LambdaAlarms extends Construct {
  constructor(scope: Construct, id: string, functionNames: readonly string[], topic: ITopic) {
    super(scope, id);
    const groups = Array.from({ length: Math.ceil(functionNames.length / METRICS_PER_ALARM) }, (_, index) =>
      functionNames.slice(index * METRICS_PER_ALARM, (index + 1) * METRICS_PER_ALARM),
    );
    for (const { id: what, metricName, ...alarm } of WATCHED)
      for (const [index, names] of groups.entries()) {
        const part = index === 0 ? {} : { part: String(index + 1) };
        new FailureAlarm(this, `${what}${part.part ?? ''}`, {
          ...alarm,
          ...part,
          metric: countedTogether(
            'SUM',
            metricName.toLowerCase(),
            { namespace: 'AWS/Lambda', metricName, statistic: 'Sum', period: Duration.hours(1) },
            names.map((FunctionName) => ({ FunctionName })),
          ),
          topic,
        });
      }
  }
}
