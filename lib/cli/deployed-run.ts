import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError, askingAws } from '../engines/aws-error.ts';
import { DayBucket } from '../engines/bucket.ts';
import { type Execution, Machine } from '../engines/executions.ts';
import { stackOutputs } from '../engines/stack-outputs.ts';
import { isBroken, type Outcome } from '../quality/index.ts';
import { yesterday } from './command.ts';
import { storedChecks, storedValidation } from './deployed-results.ts';
import { printDeployedRun } from './deployed-run-summary.ts';
import type { Environment } from './environment.ts';
import { EXIT } from './errors.ts';
import { MachineProgress } from './machine-progress.ts';
import { type CommonOptions, Output } from './output.ts';

interface DeployedRun extends CommonOptions {
  readonly env: string;
  readonly asOf?: string;
  readonly follow?: string | true;
}

/** Between two looks at a run. */
const LOOK_MS = 2000;

/** `lakehouse run --env`: starts the daily run of an environment, or follows one, until it ends. @returns the exit code. */
export async function runOnAws(environment: Environment, options: DeployedRun): Promise<number> {
  const where = await environment.deployment(options.env);
  const output = new Output(environment, options);
  return await askingAws(where, async () => {
    const { machine: arn, resultsBucket } = await stackOutputs(where, ['machine', 'resultsBucket']);
    const machine = new Machine(where, arn);
    const name = options.follow === undefined ? await begin(machine, options) : await going(machine, options.follow);
    const again = `lakehouse run --env ${where.name} --follow ${name}`;
    output.note(
      output.colors.bold(name) + output.colors.dim(`  ${where.name}, account ${where.account}, ${where.region}`),
    );
    const stop = new AbortController();
    environment.onInterrupt(() => stop.abort());
    const progress = new MachineProgress(output);
    const ended = await follow(machine, name, progress, stop.signal);
    if (ended === null) {
      output.alarm(`the run goes on; follow it again with: ${again}`);
      return EXIT.interrupted;
    }
    const findings = await findingsOf(new DayBucket(where, resultsBucket), ended);
    printDeployedRun(output, { environment: where.name, execution: ended, states: progress.states, ...findings });
    return ended.status !== 'ok' || findings.broken.some(({ verdict }) => verdict === 'fail')
      ? EXIT.failure
      : EXIT.fine;
  });
}

/** Starts a run for a day, unless one is going: tables are written by one at a time. */
async function begin(machine: Machine, { env, asOf }: DeployedRun): Promise<string> {
  const [other] = await machine.newest(1, 'RUNNING');
  if (other !== undefined)
    throw new AwsError(
      `${env} is held by the run ${other}: wait, or follow it with lakehouse run --env ${env} --follow ${other}`,
    );
  const date = asOf ?? yesterday();
  const name = `by-hand-${date}-${randomBytes(4).toString('hex')}`;
  await machine.start(name, { date });
  return name;
}

async function going(machine: Machine, named: string | true): Promise<string> {
  const name = named === true ? (await machine.newest(1))[0] : named;
  if (name === undefined) throw new AwsError('there was no run yet; start one without --follow');
  return name;
}

/** Shows what a run does until it ends; null when the following was stopped before. */
async function follow(
  machine: Machine,
  name: string,
  progress: MachineProgress,
  stop: AbortSignal,
): Promise<Execution | null> {
  for (let seen = 0; ; ) {
    // Asked before the history: what ended has all of its events.
    const execution = await machine.execution(name);
    const { events, last } = await machine.since(name, seen);
    for (const event of events) progress.on(event);
    seen = last;
    if (execution.status !== 'running') {
      progress.done(execution.status === 'ok');
      return execution;
    }
    await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) {
      progress.clear();
      return null;
    }
  }
}

/** The checks that this run measured, and what is broken of them and of the day's source data. */
async function findingsOf(
  results: DayBucket,
  { name, date }: Execution,
): Promise<{ checks: Outcome[]; broken: Outcome[] }> {
  if (date === null) return { checks: [], broken: [] };
  const [tables, source] = await Promise.all([storedChecks(results, date), storedValidation(results, date)]);
  const checks = tables?.run === name ? [...tables.checks] : [];
  return { checks, broken: [...(source?.checks ?? []), ...checks].filter(isBroken) };
}
