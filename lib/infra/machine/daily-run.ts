import { resultKey } from '../../aws/index.ts';
import { notices } from './notices.ts';
import { type Dashboards, REFRESH, refresh } from './refresh.ts';
import { type Sensing, sensing } from './sensing.ts';
import { call, type PolledStep, polled, type State, type States, TELL_FAILURE, task } from './states.ts';

/** What the daily run is made of. */
export interface DailyRun extends Sensing {
  readonly validateArn: string;
  /** The bucket where the Glue job leaves what it finds of a day that it validates. */
  readonly resultsBucket: string;
  readonly jobName: string;
  readonly jobTimeoutMinutes: number;
  /** What follows the job, in order. */
  readonly steps: readonly PolledStep[];
  /** What dashboards show, refreshed when all else is made; null where there are none. */
  readonly dashboards: Dashboards | null;
  /** What a month is closed with: only when the input says `monthly`. */
  readonly reports: PolledStep;
}

/** The day before the scheduled instant. The one place where time is computed, so the one state that is JSONata. */
const YESTERDAY = "{% $fromMillis($toMillis($states.input.scheduled) - 86400000, '[Y0001]-[M01]-[D01]') %}";

/**
 * How a run of the job that is still going is waited for, not failed on: there is only one at a time. At the longest for all
 * the time that a run may take: the first five waits are 26 minutes together, each further one 15. Without jitter, which may
 * make any wait none.
 */
const waitForTheOther = (jobTimeoutMinutes: number) => ({
  ErrorEquals: ['Glue.ConcurrentRunsExceededException'],
  IntervalSeconds: 120,
  BackoffRate: 1.5,
  MaxAttempts: Math.ceil(jobTimeoutMinutes / 15) + 6,
  MaxDelaySeconds: 900,
  JitterStrategy: 'NONE',
});

/** Starts the Glue job and waits for it. */
function glue(
  { jobName, jobTimeoutMinutes }: DailyRun,
  job: State & { readonly '--mode': string },
  next: string,
): State {
  return task({
    Resource: 'arn:aws:states:::glue:startJobRun.sync',
    Parameters: {
      JobName: jobName,
      Arguments: { ...job, '--as_of.$': '$.date', '--run.$': '$$.Execution.Name' },
    },
    ResultPath: null,
    TimeoutSeconds: jobTimeoutMinutes * 60 + 600,
    Retry: [
      waitForTheOther(jobTimeoutMinutes),
      {
        ErrorEquals: ['States.TaskFailed'],
        IntervalSeconds: 60,
        BackoffRate: 2,
        MaxAttempts: 1,
        JitterStrategy: 'FULL',
      },
    ],
    Next: next,
  });
}

/**
 * The daily run in Amazon States Language: wait for the sources, validate, run the plan, then each further step, and tell.
 * Input: `{date}`, or `{scheduled}`, the instant of the schedule, for the day before; with `monthly`, the month's reports follow. Every step is safe to repeat, so a date may be run again.
 */
export function dailyRun(run: DailyRun): {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: States;
} {
  const tell = notices(run);
  const afterSteps = run.dashboards ? REFRESH : 'EndOfMonth';
  const begins = [...run.steps.map(({ name }) => `Begin${name}`), afterSteps];
  const following = Object.assign({}, ...run.steps.map((step, index) => polled(step, begins[index + 1] ?? afterSteps)));
  const { deadlineMinutes } = run.sensing;
  const foundByJob = `States.Format('s3://${run.resultsBucket}/${resultKey('job-validation', '{}')}', $.date)`;
  return {
    Comment: `Waits up to ${deadlineMinutes} minutes for sources, then makes and checks the tables of a day.`,
    StartAt: 'WhichDay',
    // The wait for sources and for another run of the job, a validation and a run on Glue, and two hours for all else.
    TimeoutSeconds: 60 * (deadlineMinutes + 3 * run.jobTimeoutMinutes + 120),
    States: {
      WhichDay: {
        Type: 'Choice',
        Choices: [{ Variable: '$.date', IsPresent: true, Next: 'FirstLook' }],
        Default: 'Yesterday',
      },
      Yesterday: {
        Type: 'Pass',
        QueryLanguage: 'JSONata',
        Output: { date: YESTERDAY, monthly: '{% $exists($states.input.monthly) %}' },
        Next: 'FirstLook',
      },
      FirstLook: { Type: 'Pass', Parameters: { count: 0 }, ResultPath: '$.look', Next: 'Sense' },
      ...sensing(run, 'Validate'),
      Validate: call(run.validateArn, { 'date.$': '$.date' }, '$.validated', 900, 'TooLarge'),
      TooLarge: {
        Type: 'Choice',
        Choices: [{ Variable: '$.validated.answer.decision', StringEquals: 'too_large', Next: 'ValidateOnGlue' }],
        Default: 'RunPlan',
      },
      ValidateOnGlue: glue(run, { '--mode': 'validate', '--result.$': foundByJob }, 'TellValidation'),
      TellValidation: call(run.validateArn, { 'date.$': '$.date', judged: true }, '$.validated', 300, 'RunPlan'),
      RunPlan: glue(run, { '--mode': 'run' }, begins[0] ?? afterSteps),
      ...following,
      ...(run.dashboards ? refresh(run.dashboards, 'EndOfMonth') : {}),
      EndOfMonth: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.monthly', IsPresent: true },
              { Variable: '$.monthly', BooleanEquals: true },
            ],
            Next: `Begin${run.reports.name}`,
          },
        ],
        Default: 'TellSuccess',
      },
      ...polled(run.reports, 'TellSuccess'),
      TellSuccess: tell(
        { incident: 'failed', verdict: 'pass', says: { 'says.$': "States.Format('the run of {} is done', $.date)" } },
        { Next: 'Done', Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Done' }] },
      ),
      Done: { Type: 'Succeed' },
      [TELL_FAILURE]: tell(
        {
          incident: 'failed',
          verdict: 'warn',
          says: { 'says.$': "States.Format('the run of {} failed: {} {}', $.date, $.failure.Error, $.failure.Cause)" },
        },
        { Next: 'Failed', Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Failed' }] },
      ),
      Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
    },
  };
}
