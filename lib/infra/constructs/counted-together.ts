import { MathExpression, Metric, type MetricProps } from 'aws-cdk-lib/aws-cloudwatch';

/** The most metrics that one alarm reads. */
export const METRICS_PER_ALARM = 10;

/** All metrics of an expression as one. A metric that is silent is passed over, where `a + b` may fall silent with it. */
export const together = (how: 'SUM' | 'MAX'): string => `${how}(METRICS())`;

/** The same metric of several resources as one: one alarm instead of many. At most ten of them. */
export function countedTogether(
  how: 'SUM' | 'MAX',
  label: string,
  metric: MetricProps,
  dimensions: readonly Record<string, string>[],
): MathExpression {
  const usingMetrics = Object.fromEntries(
    dimensions.map((dimensionsMap, index) => [`m${index}`, new Metric({ ...metric, dimensionsMap })]),
  );
  const { period } = metric;
  return new MathExpression({
    expression: together(how),
    label,
    usingMetrics,
    ...(period === undefined ? {} : { period }),
  });
}
