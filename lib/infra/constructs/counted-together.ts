import { MathExpression, Metric, type MetricProps } from 'aws-cdk-lib/aws-cloudwatch';

/** The most metrics that one alarm reads. */
export const METRICS_PER_ALARM = 10;

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
    expression: `${how}(METRICS())`,
    label,
    usingMetrics,
    ...(period === undefined ? {} : { period }),
  });
}
