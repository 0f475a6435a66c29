import type { LambdaName } from './settings.ts';

/** The CloudWatch namespace of everything that this project measures itself. */
export const METRIC_NAMESPACE = 'Lakehouse';

/** Metrics by name: an alarm and the code that measures share them. */
export const METRICS = {
  /** Raw datasets that were expected and are not there yet. */
  missingSources: 'MissingSources',
  /** Records of the day that was judged. */
  recordsRead: 'RecordsRead',
  /** Of them, those that break their contract; with `recordsRead` the share that is quarantined. */
  recordsQuarantined: 'RecordsQuarantined',
  /** Files that could not be read at all. */
  filesRefused: 'FilesRefused',
  /** Broken checks that are no mere warning. */
  checksFailed: 'ChecksFailed',
  /** Broken checks that are. */
  checksWarned: 'ChecksWarned',
  /** Bytes that Athena scanned for the checks: what they cost. */
  bytesScanned: 'BytesScanned',
  /** Feature records put into the feature store. */
  featuresPublished: 'FeaturesPublished',
  /** Rows taken by the HTTP API. */
  rowsAccepted: 'RowsAccepted',
  /** Requests that it refused, for their rows or their form. */
  requestsRejected: 'RequestsRejected',
  /** Requests that it took but could not deliver: they were answered 503. */
  deliveriesFailed: 'DeliveriesFailed',
  /** Incidents that people were told of, breaking and mending alike. */
  alertsSent: 'AlertsSent',
} as const;

/** The names of metrics. */
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** The dimensions of every metric that a Lambda measures; an alarm must name exactly these. */
export const dimensionsOf = (lambda: LambdaName, environment: string) => ({ service: lambda, environment }) as const;
