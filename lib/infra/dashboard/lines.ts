import { dimensionsOf, type LambdaName, METRIC_NAMESPACE, type MetricName } from '../../aws/index.ts';
import type { Line, Widget } from './widgets.ts';

/** The names by which CloudWatch knows what runs in an environment. */
export interface Watched {
  readonly environment: string;
  readonly machineArn: string;
  /** By whom they are for, in words. */
  readonly workgroups: Readonly<Record<string, string>>;
  readonly warehouse: string;
  readonly deliveries: readonly string[];
  /** The functions of Lambdas, by their folder. */
  readonly lambdas: ReadonlyMap<LambdaName, string>;
  readonly alarmArns: readonly string[];
  readonly runbookUrl: string;
}

/** What a Lambda of this project counts itself. */
export const counted = ({ environment }: Watched, lambda: LambdaName, metric: MetricName, label: string): Line => ({
  namespace: METRIC_NAMESPACE,
  metric,
  dimensions: dimensionsOf(lambda, environment),
  label,
});

/** A metric of the daily run. */
export const ofRuns = ({ machineArn }: Watched, metric: string, label: string): Line => ({
  namespace: 'AWS/States',
  metric,
  dimensions: { StateMachineArn: machineArn },
  label,
});

/** A metric of every Lambda, a line each. */
export const ofLambdas = ({ lambdas }: Watched, metric: string, stat: 'Sum' | 'Maximum'): Line[] =>
  [...lambdas].map(([label, FunctionName]) => ({
    namespace: 'AWS/Lambda',
    metric,
    dimensions: { FunctionName },
    label,
    stat,
  }));

/** A question to the log of a Lambda; none where the environment does not have it. */
export function asked({ lambdas }: Watched, lambda: LambdaName, title: string, query: string): Widget[] {
  const functionName = lambdas.get(lambda);
  return functionName === undefined ? [] : [{ kind: 'logs', title, groups: [`/aws/lambda/${functionName}`], query }];
}
