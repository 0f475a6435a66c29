import { z } from 'zod';
import type { Alert } from './alert.ts';
import { OPERATIONS } from './runbook.ts';

/** What a state machine or a service tells of itself: a source that did not come, a run that failed, or that all is well again. */
export const noticeSchema = z.object({
  kind: z.literal('notice'),
  environment: z.string(),
  at: z.iso.datetime(),
  /** Names the incident within its environment: `daily-run/failed`. */
  incident: z.string().min(1),
  verdict: z.enum(['warn', 'fail', 'pass']),
  subject: z.string(),
  says: z.string(),
  /** The heading of the runbook that says what to do, as an anchor. */
  runbook: z.string().default(OPERATIONS),
});

/** One of `noticeSchema`. */
export type Notice = z.infer<typeof noticeSchema>;

/** What an alert has nothing to say of when no rows were counted. */
export const NOTHING_COUNTED = { scope: '', counted: null, offenders: [], reaches: [] } as const;

/** The news in a notice. */
export const alertOfNotice = ({ kind: _, ...notice }: Notice): Alert => ({ ...notice, ...NOTHING_COUNTED });
