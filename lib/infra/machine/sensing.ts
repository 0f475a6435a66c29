import { type Noticed, notices } from './notices.ts';
import { call, type States, TELL_FAILURE } from './states.ts';

/** What looks for sources, how often and how long. */
export interface Sensing extends Noticed {
  readonly senseArn: string;
  readonly sensing: { readonly deadlineMinutes: number; readonly everyMinutes: number };
}

/** Waits for the sources of the day; after the deadline tells who is missing and goes on, or stops where a contract says so. */
export function sensing(run: Sensing, next: string): States {
  const { deadlineMinutes, everyMinutes } = run.sensing;
  const tell = notices(run);
  const missing = "States.Format('{} of {} has not come', States.JsonToString($.sensed.answer.missing), $.date)";
  return {
    Sense: call(run.senseArn, { 'date.$': '$.date' }, '$.sensed', 120, 'AllThere'),
    AllThere: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.sensed.answer.ready', BooleanEquals: true, Next: 'TellAllThere' },
        {
          Variable: '$.look.count',
          NumericGreaterThanEquals: Math.ceil(deadlineMinutes / everyMinutes),
          Next: 'TellMissing',
        },
      ],
      Default: 'AwaitSources',
    },
    AwaitSources: { Type: 'Wait', Seconds: everyMinutes * 60, Next: 'CountLook' },
    CountLook: {
      Type: 'Pass',
      Parameters: { 'count.$': 'States.MathAdd($.look.count, 1)' },
      ResultPath: '$.look',
      Next: 'Sense',
    },
    TellMissing: tell(
      { incident: 'missing-sources', verdict: 'warn', says: { 'says.$': missing } },
      { Next: 'MayGoOn', Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'MayGoOn' }] },
    ),
    MayGoOn: {
      Type: 'Choice',
      Choices: [{ Variable: '$.sensed.answer.stopping[0]', IsPresent: true, Next: 'SourcesMissing' }],
      Default: next,
    },
    SourcesMissing: {
      Type: 'Pass',
      Parameters: { Error: 'SourcesMissing', 'Cause.$': missing },
      ResultPath: '$.failure',
      Next: TELL_FAILURE,
    },
    TellAllThere: tell(
      { incident: 'missing-sources', verdict: 'pass', says: { says: 'all sources are there' } },
      { Next: next, Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: next }] },
    ),
  };
}
