import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError } from './stacks.ts';

const START = Date.parse('2026-06-30T02:00:00Z');

/** An event, so many seconds after the start. */
type Told = readonly [seconds: number, type: string, details?: object];

const entered = (seconds: number, name: string, kind: 'Task' | 'Wait' = 'Task'): Told => [
  seconds,
  `${kind}StateEntered`,
  { stateEnteredEventDetails: { name } },
];
const left = (seconds: number, name: string): Told => [
  seconds,
  'TaskStateExited',
  { stateExitedEventDetails: { name } },
];

/** A run that waits once for its sources, tries the job twice, polls the checks and refreshes two data sets at a time. */
export const HISTORY: readonly Told[] = [
  [0, 'ExecutionStarted'],
  entered(1, 'Sense'),
  left(2, 'Sense'),
  entered(2, 'AwaitSources', 'Wait'),
  entered(902, 'Sense'),
  left(903, 'Sense'),
  entered(903, 'RunPlan'),
  [1000, 'TaskFailed', { taskFailedEventDetails: { error: 'States.TaskFailed', cause: 'no room\nat once' } }],
  left(1203, 'RunPlan'),
  entered(1203, 'Checks'),
  left(1204, 'Checks'),
  entered(1204, 'AwaitChecks', 'Wait'),
  entered(1224, 'Checks'),
  left(1225, 'Checks'),
  [1225, 'MapStateEntered', { stateEnteredEventDetails: { name: 'RefreshDashboards' } }],
  entered(1225, 'Refresh'),
  entered(1225, 'Refresh'),
  left(1226, 'Refresh'),
  left(1227, 'Refresh'),
  entered(1227, 'LookAtRefresh'),
  left(1228, 'LookAtRefresh'),
  [1229, 'MapStateExited', { stateExitedEventDetails: { name: 'RefreshDashboards' } }],
];

/** How a faked execution goes. */
interface FakeRun {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RUNNING';
  readonly input?: object;
  readonly error?: string;
  readonly cause?: string;
}

/** In place of Step Functions: one run by each name; at the first look it is running, with half of its history. */
export function fakeMachine(
  run: FakeRun,
  options: { readonly known?: readonly string[]; readonly looks?: number } = {},
) {
  const client = mockClient(SFNClient);
  const inputs = new Map((options.known ?? []).map((name) => [name, run.input ?? {}]));
  let looks = options.looks ?? 0;
  const events: HistoryEvent[] = HISTORY.map(([seconds, type, details], index) => ({
    id: index + 1,
    timestamp: new Date(START + seconds * 1000),
    type: type as NonNullable<HistoryEvent['type']>,
    ...details,
  }));
  client.on(StartExecutionCommand).callsFake(({ name, input }) => {
    inputs.set(name, JSON.parse(input));
    return {};
  });
  client.on(ListExecutionsCommand).callsFake(({ statusFilter }) => {
    const names = [...inputs.keys()].reverse();
    const listed = statusFilter === 'RUNNING' && run.status !== 'RUNNING' ? [] : names;
    return { executions: listed.map((name) => ({ name })) };
  });
  client.on(DescribeExecutionCommand).callsFake(async ({ executionArn }) => {
    const name = executionArn.split(':').at(-1);
    if (!inputs.has(name)) throw awsError('ExecutionDoesNotExist', `Execution Does Not Exist: ${executionArn}`);
    const going = looks > 0 || run.status === 'RUNNING';
    return {
      executionArn,
      input: JSON.stringify(inputs.get(name)),
      startDate: new Date(START),
      ...(going
        ? { status: 'RUNNING' }
        : { status: run.status, stopDate: new Date(START + 1230_000), error: run.error, cause: run.cause }),
    };
  });
  client.on(GetExecutionHistoryCommand).callsFake(({ nextToken }) => {
    const told = looks > 0 ? events.slice(0, 7) : events;
    const newestFirst = [...told].reverse();
    // Three to a page, so that there are pages.
    const at = Number(nextToken ?? 0);
    const more = at + 3 < newestFirst.length ? { nextToken: String(at + 3) } : {};
    if (!('nextToken' in more)) looks -= 1;
    return { events: newestFirst.slice(at, at + 3), ...more };
  });
  return { client, started: inputs };
}
