import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { noticeSchema } from '../../lib/alerts/index.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { execute, TaskError, type Tasks } from '../infra/states-interpreter.ts';
import { machineOn, PATHS, type Path, SCRIPTED } from './machine-paths.ts';

const { account } = environmentNamed('uat');
const sfn = new SFNClient({});
const sqs = new SQSClient({});
let [topic, queue, machine] = ['', '', ''];

beforeAll(async () => {
  const sns = new SNSClient({});
  topic = (await sns.send(new CreateTopicCommand({ Name: SCRIPTED }))).TopicArn ?? '';
  queue = (await sqs.send(new CreateQueueCommand({ QueueName: SCRIPTED }))).QueueUrl ?? '';
  const asked = new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['QueueArn'] });
  const Endpoint = (await sqs.send(asked)).Attributes?.QueueArn;
  await sns.send(
    new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }),
  );
  const definition = JSON.stringify(machineOn(topic));
  const create = { name: SCRIPTED, definition, roleArn: `arn:aws:iam::${account}:role/none` };
  machine = (await sfn.send(new CreateStateMachineCommand(create))).stateMachineArn ?? '';
});

/** How the emulator's interpreter goes, and the notices that lie in the queue afterwards. */
async function there(name: string, { input }: Path) {
  const start = { stateMachineArn: `${machine}#${name}`, name: `run-${name}`, input: JSON.stringify(input) };
  const { executionArn = '' } = await sfn.send(new StartExecutionCommand(start));
  for (;;) {
    const { status, error = null } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { status, error, path: await pathOf(executionArn), told: await notices() };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The states that it passed; a task stands there once per attempt. */
async function pathOf(executionArn: string): Promise<string[]> {
  const path: string[] = [];
  let attempts = 0;
  for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn }, { executionArn })) {
    for (const { type, stateEnteredEventDetails: entered } of events) {
      if (entered?.name) path.push(entered.name);
      attempts = entered ? 0 : attempts + Number(type === 'TaskScheduled');
      if (type === 'TaskScheduled' && attempts > 1) path.push(path.at(-1) ?? '');
    }
  }
  return path;
}

async function notices(): Promise<string[]> {
  const told: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 1 }));
    const [message] = Messages;
    if (message === undefined) return told;
    told.push(noticeLine(JSON.parse(message.Body ?? 'null')));
    // Received is hidden for half a minute: longer than this takes.
  }
}

const noticeLine = (message: unknown): string => {
  const { incident, verdict, says } = noticeSchema.parse(message);
  return `${incident} ${verdict} ${says}`;
};

/** How our own interpreter goes by the same script. */
async function here({ input, scripts }: Path) {
  const told: string[] = [];
  const calls = new Map<string, number>();
  const tasks: Tasks = (state, _, parameters) => {
    const script = scripts[state];
    if (script === undefined) {
      told.push(noticeLine((parameters as { readonly Message: unknown }).Message));
      return {};
    }
    const call = calls.get(state) ?? 0;
    calls.set(state, call + 1);
    const step = script[Math.min(call, script.length - 1)];
    if (step === undefined) throw new Error(`${state} has an empty script`);
    if ('Throw' in step) throw new TaskError(step.Throw.Error, step.Throw.Cause);
    return step.Return as ReturnType<Tasks>;
  };
  const { status, error, path } = await execute(machineOn(topic), input, tasks);
  return { status, error, path, told };
}

describe('the emulator’s interpreter and ours go the same way, and tell the same', () => {
  it.each(Object.entries(PATHS))('%s', async (name, path) => {
    expect(await there(name, path)).toEqual(await here(path));
  });
});
