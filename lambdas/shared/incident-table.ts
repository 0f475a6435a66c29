import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Alert } from '../../lib/alerts/index.ts';
import { INCIDENT_TABLE } from '../../lib/aws/index.ts';
import { type ChannelName, type IncidentStore, type News, type Standing, seenOf } from '../send-alert/incident.ts';

/** How long a claim holds: longer than a call may live, so only a crashed one's is ever taken over. */
const CLAIM_MS = 120_000;
/** How long an incident without news is remembered. */
const REMEMBER_SECONDS = 90 * 86_400;

type Item = Readonly<Record<string, AttributeValue>>;

/** Incidents in a DynamoDB table: the newest news, and `told_<channel>` and `claim_<channel>` beside it. */
export class IncidentTable implements IncidentStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;

  constructor(client: DynamoDBClient, table: string, now: () => number = Date.now) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  async note(alert: Alert): Promise<News | null> {
    const incident = `${alert.environment}/${alert.incident}`;
    const seen = seenOf(alert);
    const { done, old } = await this.#update(incident, {
      UpdateExpression: `set seen = :seen, ${INCIDENT_TABLE.ttl} = :expires`,
      ConditionExpression: 'attribute_not_exists(seen) or seen <= :seen',
      ExpressionAttributeValues: {
        ':seen': { S: seen },
        ':expires': { N: String(Math.floor(this.#now() / 1000) + REMEMBER_SECONDS) },
      },
    });
    if (!done) return null;
    return { incident, seen, told: { slack: toldOf(old, 'slack'), pagerduty: toldOf(old, 'pagerduty') } };
  }

  async claim(news: News, channel: ChannelName, standing: Standing): Promise<'mine' | 'busy' | 'settled'> {
    const now = this.#now();
    // Whoever was never told anything knows of nothing open.
    const differs = standing === 'open' ? '(attribute_not_exists(#told) or #told <> :wanted)' : '#told <> :wanted';
    const { done, old } = await this.#update(news.incident, {
      UpdateExpression: 'set #claim = :until',
      ConditionExpression: `seen = :seen and ${differs} and (attribute_not_exists(#claim) or #claim < :now)`,
      ExpressionAttributeNames: { '#claim': `claim_${channel}`, '#told': `told_${channel}` },
      ExpressionAttributeValues: {
        ':seen': { S: news.seen },
        ':wanted': { S: standing },
        ':now': { N: String(now) },
        ':until': { N: String(now + CLAIM_MS) },
      },
    });
    if (done) return 'mine';
    return old.seen?.S !== news.seen || toldOf(old, channel) === standing ? 'settled' : 'busy';
  }

  async release(news: News, channel: ChannelName): Promise<void> {
    await this.#update(news.incident, {
      UpdateExpression: 'remove #claim',
      ExpressionAttributeNames: { '#claim': `claim_${channel}` },
    });
  }

  async told(news: News, channel: ChannelName, standing: Standing): Promise<void> {
    await this.#update(news.incident, {
      UpdateExpression: 'set #told = :standing remove #claim',
      ExpressionAttributeNames: { '#claim': `claim_${channel}`, '#told': `told_${channel}` },
      ExpressionAttributeValues: { ':standing': { S: standing } },
    });
  }

  /** A write that its condition may refuse; `old` is what stood there before. */
  async #update(
    incident: string,
    write: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
  ): Promise<{ readonly done: boolean; readonly old: Item }> {
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: { [INCIDENT_TABLE.key]: { S: incident } },
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...write,
    });
    try {
      const { Attributes = {} } = await this.#client.send(command);
      return { done: true, old: Attributes };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { done: false, old: error.Item ?? {} };
    }
  }
}

const toldOf = (item: Item, channel: ChannelName): Standing =>
  item[`told_${channel}`]?.S === 'open' ? 'open' : 'closed';
