import { z } from 'zod';
import type { Alert } from './alert.ts';
import { OPERATIONS } from './runbook.ts';

/** What a state machine tells of itself: a source that did not come, a run that failed, or that all is well again. */
export const noticeSchema = z.object({
  kind: z.literal('notice'),
  environment: z.string(),
  at: z.iso.datetime(),
  /** Names the incident within its environment: `daily-run/failed`. */
  incident: z.string().min(1),
  verdict: z.enum(['warn', 'fail', 'pass']),
  subject: z.string(),
  says: z.string(),
});

/** One of `noticeSchema`. */
export type Notice = z.infer<typeof noticeSchema>;

/** A notification of a CloudWatch alarm, as it comes through SNS. */
export const alarmSchema = z.object({
  AlarmName: z.string().min(1),
  AlarmDescription: z.string().nullish(),
  NewStateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  NewStateReason: z.string(),
  StateChangeTime: z.string(),
});

const nothingCounted = { scope: '', counted: null, offenders: [], reaches: [], runbook: OPERATIONS } as const;

/** The news in a notice. */
export const alertOfNotice = ({ kind: _, ...notice }: Notice): Alert => ({ ...notice, ...nothingCounted });

/** The news in an alarm's notification. Without data it neither breaks nor mends anything: null. */
export function alertOfAlarm(alarm: z.infer<typeof alarmSchema>, environment: string): Alert | null {
  if (alarm.NewStateValue === 'INSUFFICIENT_DATA') return null;
  return {
    ...nothingCounted,
    incident: `alarm/${alarm.AlarmName}`,
    environment,
    // CloudWatch writes its offset without a colon.
    at: new Date(alarm.StateChangeTime.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')).toISOString(),
    verdict: alarm.NewStateValue === 'OK' ? 'pass' : 'fail',
    subject: alarm.AlarmName,
    says: [alarm.AlarmDescription, alarm.NewStateReason].filter(Boolean).join(' '),
  };
}
