import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { dimensionsOf, type LambdaName, METRIC_NAMESPACE, type MetricName } from '../../lib/aws/index.ts';

/** What a Lambda tells while it works. */
export interface Telemetry {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Adds to a metric. It goes out with the log (EMF), so it costs no call and cannot fail. */
  count(metric: MetricName, value: number): void;
  /** Sees to it that the calls of an SDK client are in the trace. */
  traced<Client>(client: Client): Client;
}

/** Logs, metrics and trace of one Lambda. */
export class Telemeter implements Telemetry {
  readonly logger: Logger;
  readonly #metrics: Metrics;
  readonly #tracer: Tracer;

  constructor(name: LambdaName, environment: string) {
    const { service, ...defaultDimensions } = dimensionsOf(name, environment);
    this.logger = new Logger({ serviceName: service, persistentKeys: defaultDimensions });
    this.#metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: service, defaultDimensions });
    this.#tracer = new Tracer({ serviceName: service });
  }

  count(metric: MetricName, value: number): void {
    this.#metrics.addMetric(metric, MetricUnit.Count, value);
  }

  traced<Client>(client: Client): Client {
    return this.#tracer.captureAWSv3Client(client);
  }

  /** Runs one call: its request id in every line, its own segment, its metrics out however it ends. */
  async during<Answer>(context: Context, work: () => Promise<Answer>): Promise<Answer> {
    this.logger.addContext(context);
    const whole = this.#tracer.getSegment();
    const segment = whole?.addNewSubsegment(`## ${process.env._HANDLER ?? 'handler'}`);
    if (segment) this.#tracer.setSegment(segment);
    this.#tracer.annotateColdStart();
    this.#tracer.addServiceNameAnnotation();
    try {
      return await work();
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.#tracer.addErrorAsMetadata(failure);
      this.logger.error(failure.message, failure);
      throw error;
    } finally {
      segment?.close();
      if (whole) this.#tracer.setSegment(whole);
      if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
    }
  }
}
