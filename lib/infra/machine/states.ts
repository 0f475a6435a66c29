/** A state of Amazon States Language, as far as this project writes one. */
export type State = Readonly<Record<string, unknown>>;

/** States by name. */
export type States = Readonly<Record<string, State>>;

/** Where every failure goes. */
export const TELL_FAILURE = 'TellFailure';

/**
 * What is tried again: throttling, lost connections, a function that broke. Each step is safe to repeat. The waits grow and
 * are spread at random, so that many failing at once do not come back at once.
 */
const RETRY = [
  {
    ErrorEquals: ['States.TaskFailed', 'States.Timeout'],
    IntervalSeconds: 10,
    BackoffRate: 2,
    MaxAttempts: 3,
    MaxDelaySeconds: 300,
    JitterStrategy: 'FULL',
  },
];

const CATCH = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: TELL_FAILURE }];

/** A task that is tried again, and whose failure is told. */
export const task = <S extends State>(state: S) => ({ Type: 'Task', Retry: RETRY, Catch: CATCH, ...state });

/** Calls a Lambda with a payload and keeps its answer at a path. */
export const call = (functionArn: string, payload: State, resultPath: string, timeoutSeconds: number, next: string) =>
  task({
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: functionArn, Payload: payload },
    ResultSelector: { 'answer.$': '$.Payload' },
    ResultPath: resultPath,
    TimeoutSeconds: timeoutSeconds,
    Next: next,
  });

/** A Lambda that works a step per call: its answer is the next call's event, until it says `done`. */
export interface PolledStep {
  /** The name of its states: `Checks`. */
  readonly name: string;
  readonly functionArn: string;
  /** What its first event says beside date and run. */
  readonly event?: State;
}

/** Seconds between two calls of a polled step. */
const POLL_SECONDS = 20;

/** The states of a polled step: begin, call, and wait until done. Begins at `Begin<name>`. */
export function polled({ name, functionArn, event = {} }: PolledStep, next: string): States {
  return {
    [`Begin${name}`]: {
      Type: 'Pass',
      Parameters: { 'date.$': '$.date', 'run.$': '$$.Execution.Name', ...event },
      ResultPath: '$.step',
      Next: name,
    },
    [name]: task({
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: functionArn, 'Payload.$': '$.step' },
      ResultSelector: { 'answer.$': '$.Payload' },
      ResultPath: '$.polled',
      TimeoutSeconds: 900,
      Next: `Keep${name}`,
    }),
    [`Keep${name}`]: { Type: 'Pass', InputPath: '$.polled.answer', ResultPath: '$.step', Next: `${name}Done` },
    [`${name}Done`]: {
      Type: 'Choice',
      Choices: [{ Variable: '$.step.done', BooleanEquals: true, Next: next }],
      Default: `Await${name}`,
    },
    [`Await${name}`]: { Type: 'Wait', Seconds: POLL_SECONDS, Next: name },
  };
}
