import type { Notice } from '../../alerts/index.ts';
import type { State } from './states.ts';

type News = Pick<Notice, 'verdict'> & { readonly incident: keyof typeof RUNBOOK; readonly says: State };

/** The headings of the runbook about the machine's own incidents. */
const RUNBOOK = { failed: 'run-fails', 'missing-sources': 'sources-missing' } as const;

/** Where notices of a run go, and whose they are. */
export interface Noticed {
  readonly environment: string;
  readonly topicArn: string;
}

/** States that tell of a run on the alerts topic, tried again until it took them. */
export function notices({ environment, topicArn }: Noticed) {
  return ({ incident, verdict, says }: News, after: State): State => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::sns:publish',
    Parameters: {
      TopicArn: topicArn,
      Message: {
        kind: 'notice',
        environment,
        'at.$': '$$.State.EnteredTime',
        incident: `daily-run/${incident}`,
        verdict,
        subject: 'daily run',
        runbook: RUNBOOK[incident],
        ...says,
      },
    },
    ResultPath: null,
    Retry: [
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 4, JitterStrategy: 'FULL' },
    ],
    ...after,
  });
}
