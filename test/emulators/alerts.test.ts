import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, inject, it } from 'vitest';
import { messagesOf } from '../../lib/alerts/index.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { broken } from '../cli/deployed/results.ts';
import { told, untilTold } from './slack.ts';

const { account, region, prefix } = environmentNamed('uat');
const TopicArn = `arn:aws:sns:${region}:${account}:${prefix}-alerts`;
const dynamo = new DynamoDBClient({});

const TABLE = 'base.told_of_here';
let minute = 0;

/** Publishes on the findings topic, as the validation does; the way from there to Slack is the deployed one. */
async function publish(verdict: 'fail' | 'pass'): Promise<void> {
  minute += 1;
  const at = `2026-06-30T10:0${minute}:00.000Z`;
  const outcome = { ...broken(TABLE, 'fail'), verdict };
  for (const Message of messagesOf({ by: 'test', scope: 'a test', environment: 'uat', at }, [outcome]))
    await new SNSClient({}).send(new PublishCommand({ TopicArn, Message }));
}

const mentions = async (): Promise<number> =>
  (await told(inject('slack'))).filter((message) => JSON.stringify(message).includes(TABLE)).length;

async function incident(): Promise<string> {
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  const items = await Promise.all(TableNames.map((TableName) => dynamo.send(new ScanCommand({ TableName }))));
  return JSON.stringify(
    items.flatMap(({ Items = [] }) => Items).filter((item) => JSON.stringify(item).includes(TABLE)),
  );
}

/** A channel is marked after it was told. */
const marked = (as: 'open' | 'closed') =>
  expect.poll(incident, { timeout: 30_000 }).toContain(`"told_slack":{"S":"${as}"}`);

it('a finding goes over topic, queue and Lambda to Slack, once until it is over, and is then told to be over', async () => {
  await publish('fail');
  await untilTold(inject('slack'), new RegExp(TABLE));
  await marked('open');
  await publish('fail');
  await publish('pass');
  while ((await mentions()) < 2) await new Promise((resolve) => setTimeout(resolve, 100));
  await marked('closed');
  // Broken and mended: nobody was told twice of the same.
  expect(await mentions()).toBe(2);
});
