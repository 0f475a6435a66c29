import { z } from 'zod';
import type { Alert } from './alert.ts';
import { NOTHING_COUNTED } from './notice.ts';
import { OPERATIONS, RUNBOOK_PAGE } from './runbook.ts';

/** A notification of a CloudWatch alarm, as it comes through SNS. */
export const alarmSchema = z.object({
  AlarmName: z.string().min(1),
  AlarmDescription: z.string().nullish(),
  NewStateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  NewStateReason: z.string(),
  StateChangeTime: z.string(),
});

/** What an alarm watches and where to read what to do, in the words that `alertOfAlarm` finds its way by. */
export const alarmDescription = (says: string, runbook: string): string =>
  `${says} What to do: ${RUNBOOK_PAGE}#${runbook}`;

/** The news in an alarm's notification. Without data it neither breaks nor mends anything: null. */
export function alertOfAlarm(alarm: z.infer<typeof alarmSchema>, environment: string): Alert | null {
  if (alarm.NewStateValue === 'INSUFFICIENT_DATA') return null;
  const [, runbook = OPERATIONS] = new RegExp(`${RUNBOOK_PAGE}#([a-z0-9-]+)`).exec(alarm.AlarmDescription ?? '') ?? [];
  return {
    ...NOTHING_COUNTED,
    incident: `alarm/${alarm.AlarmName}`,
    environment,
    // CloudWatch writes its offset without a colon.
    at: new Date(alarm.StateChangeTime.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')).toISOString(),
    verdict: alarm.NewStateValue === 'OK' ? 'pass' : 'fail',
    subject: alarm.AlarmName,
    says: [alarm.AlarmDescription, alarm.NewStateReason].filter(Boolean).join(' '),
    runbook,
  };
}
