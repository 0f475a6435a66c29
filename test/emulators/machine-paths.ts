import { type DailyRun, dailyRun } from '../../lib/infra/machine/daily-run.ts';

/** What the machine is called whose tasks answer by script. */
export const SCRIPTED = 'daily-run-by-script';

/** The daily run, with services that only a script stands for, and a topic that is there. */
export const machineOn = (topicArn: string) => {
  const lambda = (name: string) => `arn:aws:lambda:eu-west-1:444455556666:function:${name}`;
  const run: DailyRun = {
    environment: 'uat',
    topicArn,
    senseArn: lambda('sense'),
    validateArn: lambda('validate'),
    resultsBucket: 'results',
    jobName: 'job',
    sensing: { deadlineMinutes: 60, everyMinutes: 15 },
    jobTimeoutMinutes: 60,
    steps: [
      { name: 'Checks', functionArn: lambda('checks') },
      { name: 'Exports', functionArn: lambda('exports') },
    ],
    dashboards: null,
    reports: { name: 'Reports', functionArn: lambda('exports'), event: { kind: 'report' } },
  };
  return dailyRun(run);
};

/** What a task does each time it is called: the last stays. */
export type Script = readonly (
  | { readonly Return: object }
  | { readonly Throw: { readonly Error: string; readonly Cause: string } }
)[];

const answers = (...all: readonly object[]): Script => all.map((Payload) => ({ Return: { Payload } }));
const breaks = (error: string): Script => [{ Throw: { Error: error, Cause: 'it broke' } }];
const done = answers({ done: true });
const absent = (stopping: readonly string[]) => answers({ ready: false, missing: ['refund'], stopping });

const FINE: Readonly<Record<string, Script>> = {
  Sense: answers({ ready: true, missing: [], stopping: [] }),
  Validate: answers({ decision: 'judged', status: 'pass' }),
  ValidateOnGlue: [{ Return: { JobRunState: 'SUCCEEDED' } }],
  TellValidation: answers({ decision: 'judged', status: 'fail' }),
  RunPlan: [{ Return: { JobRunState: 'SUCCEEDED' } }],
  Checks: answers({ done: false, queries: [1] }, { done: true }),
  Exports: done,
  Reports: done,
};

/** A way that the machine may go. */
export interface Path {
  readonly input: Readonly<Record<string, string | boolean>>;
  readonly scripts: Readonly<Record<string, Script>>;
}

const path = (scripts: Path['scripts'] = {}, input: Path['input'] = { date: '2026-11-20' }): Path => ({
  input,
  scripts: { ...FINE, ...scripts },
});

/** Every way: the good ones, and one for each task that fails. */
export const PATHS: Readonly<Record<string, Path>> = {
  fine: path(),
  scheduled: path({}, { scheduled: '2026-03-01T02:00:00Z' }),
  monthly: path({}, { scheduled: '2026-03-01T06:00:00Z', monthly: true }),
  sourcesLate: path({ Sense: [...absent([]), ...(FINE.Sense ?? [])] }),
  sourcesMissing: path({ Sense: absent([]) }),
  sourcesMissingAndWanted: path({ Sense: absent(['refund']) }),
  tooLarge: path({ Validate: answers({ decision: 'too_large' }) }),
  senseFails: path({ Sense: breaks('Lambda.Unknown') }),
  validateFails: path({ Validate: breaks('Lambda.Unknown') }),
  validateOnGlueFails: path({
    Validate: answers({ decision: 'too_large' }),
    ValidateOnGlue: breaks('Glue.JobRunFailed'),
  }),
  tellValidationFails: path({
    Validate: answers({ decision: 'too_large' }),
    TellValidation: breaks('Lambda.Unknown'),
  }),
  jobFails: path({ RunPlan: breaks('Glue.JobRunFailed') }),
  jobStaysBusy: path({ RunPlan: breaks('Glue.ConcurrentRunsExceededException') }),
  checksFail: path({ Checks: breaks('Lambda.Unknown') }),
  exportsFail: path({ Exports: breaks('States.Timeout') }),
  reportsFail: path({ Reports: breaks('Lambda.Unknown') }, { date: '2026-11-30', monthly: true }),
};

/** The scripts in the form that Step Functions Local and its kin read. */
export const mockConfig = () => ({
  StateMachines: {
    [SCRIPTED]: {
      TestCases: Object.fromEntries(
        Object.entries(PATHS).map(([name, { scripts }]) => [
          name,
          Object.fromEntries(Object.keys(scripts).map((state) => [state, `${name}-${state}`])),
        ]),
      ),
    },
  },
  MockedResponses: Object.fromEntries(
    Object.entries(PATHS).flatMap(([name, { scripts }]) =>
      Object.entries(scripts).map(([state, script]) => [
        `${name}-${state}`,
        Object.fromEntries(script.map((each, at) => [at < script.length - 1 ? String(at) : `${at}-999`, each])),
      ]),
    ),
  ),
});
