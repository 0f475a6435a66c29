import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { DeployedEnvironment } from '../aws/index.ts';
import { clientSettings } from './aws-client.ts';
import { AwsError } from './aws-error.ts';

/** How an execution of the daily run stands. */
export interface Execution {
  readonly name: string;
  readonly status: 'running' | 'ok' | 'failed' | 'timed_out' | 'stopped';
  readonly startedAt: Date;
  /** Until it ended, or until now. */
  readonly seconds: number;
  /** The day that it is given for; null where the machine works it out. */
  readonly date: string | null;
  /** What went wrong, in the machine's words. */
  readonly error: string | null;
}

/** What happened in an execution, as far as a person follows it. */
export type MachineEvent =
  /** `map` and `mapped`: a state that goes through others for each item, begun and left. */
  | { readonly kind: 'task' | 'wait' | 'left' | 'map' | 'mapped'; readonly state: string; readonly at: Date }
  | { readonly kind: 'trouble'; readonly error: string };

const STATUS: Readonly<Record<string, Execution['status']>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'ok',
  FAILED: 'failed',
  TIMED_OUT: 'timed_out',
  ABORTED: 'stopped',
};

/** The state machine of the daily run, in calls that return at once. */
export class Machine {
  readonly #client: SFNClient;
  readonly #arn: string;

  constructor(where: DeployedEnvironment, arn: string) {
    this.#client = new SFNClient(clientSettings(where));
    this.#arn = arn;
  }

  /** Starts an execution; the same name and input start nothing twice. */
  async start(name: string, input: object): Promise<void> {
    const start = { stateMachineArn: this.#arn, name, input: JSON.stringify(input) };
    await this.#client.send(new StartExecutionCommand(start));
  }

  /** The newest executions, newest first. */
  async newest(count: number, status?: 'RUNNING'): Promise<string[]> {
    const list = { stateMachineArn: this.#arn, maxResults: count, ...(status ? { statusFilter: status } : {}) };
    const { executions = [] } = await this.#client.send(new ListExecutionsCommand(list));
    return executions.map(({ name = '' }) => name);
  }

  /** @throws AwsError when there is no such execution. */
  async execution(name: string): Promise<Execution> {
    const found = await this.#client
      .send(new DescribeExecutionCommand({ executionArn: this.#executionArn(name) }))
      .catch((error: unknown) => {
        if (!(error instanceof Error && error.name === 'ExecutionDoesNotExist')) throw error;
        throw new AwsError(`there is no run ${name}; lakehouse status --env lists the last ones`, error);
      });
    const startedAt = found.startDate ?? new Date();
    const { date = null } = JSON.parse(found.input ?? '{}') as { readonly date?: string };
    const said = [found.error, found.cause].filter(Boolean).join(': ');
    return {
      name,
      status: STATUS[found.status ?? 'RUNNING'] ?? 'running',
      startedAt,
      seconds: ((found.stopDate ?? new Date()).getTime() - startedAt.getTime()) / 1000,
      date,
      error: said === '' ? null : said,
    };
  }

  /** What happened after the event of that number, in order, and the number of the last one. */
  async since(name: string, after: number): Promise<{ readonly events: MachineEvent[]; readonly last: number }> {
    const fresh: HistoryEvent[] = [];
    for (let nextToken: string | undefined, reached = false; !reached; ) {
      const history = { executionArn: this.#executionArn(name), reverseOrder: true, maxResults: 100 };
      const page = await this.#client.send(
        new GetExecutionHistoryCommand({
          ...history,
          includeExecutionData: false,
          ...(nextToken ? { nextToken } : {}),
        }),
      );
      const events = page.events ?? [];
      fresh.push(...events.filter(({ id = 0 }) => id > after));
      nextToken = page.nextToken;
      reached = nextToken === undefined || events.some(({ id = 0 }) => id <= after);
    }
    const events = fresh.reverse().flatMap(eventOf);
    return { events, last: Math.max(after, ...fresh.map(({ id = 0 }) => id)) };
  }

  #executionArn(name: string): string {
    return `${this.#arn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}

const KINDS: Readonly<Record<string, 'task' | 'wait' | 'left' | 'map' | 'mapped'>> = {
  TaskStateEntered: 'task',
  TaskStateExited: 'left',
  WaitStateEntered: 'wait',
  MapStateEntered: 'map',
  MapStateExited: 'mapped',
};

function eventOf(event: HistoryEvent): MachineEvent[] {
  const at = event.timestamp ?? new Date();
  const { type = '' } = event;
  const kind = KINDS[type];
  if (kind !== undefined) {
    const state = event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name ?? '';
    return [{ kind, state, at }];
  }
  if (!/^(Task|LambdaFunction)(Failed|TimedOut|StartFailed|SubmitFailed)$/.test(type)) return [];
  const details =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails;
  return [{ kind: 'trouble', error: [details?.error, details?.cause].filter(Boolean).join(': ') || type }];
}
