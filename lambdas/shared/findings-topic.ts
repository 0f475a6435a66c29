import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { messagesOf, type Report } from '../../lib/alerts/index.ts';
import type { Outcome } from '../../lib/quality/index.ts';

/** The topic on which measured checks are published. */
export class FindingsTopic {
  readonly #client: SNSClient;
  readonly #topic: string;
  readonly #environment: string;

  constructor(client: SNSClient, topic: string, environment: string) {
    this.#client = client;
    this.#topic = topic;
    this.#environment = environment;
  }

  /** Publishes outcomes, those that hold included: they end incidents. Repeating it tells nobody twice. */
  async publish(report: Pick<Report, 'by' | 'scope'>, outcomes: readonly Outcome[]): Promise<void> {
    const head = { ...report, environment: this.#environment, at: new Date().toISOString() };
    for (const message of messagesOf(head, outcomes)) {
      await this.#client.send(new PublishCommand({ TopicArn: this.#topic, Message: message }));
    }
  }
}
