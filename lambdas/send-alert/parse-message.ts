import { z } from 'zod';
import {
  type Alert,
  alarmSchema,
  alertOfAlarm,
  alertOfBudget,
  alertOfNotice,
  alertsOf,
  noticeSchema,
  reportSchema,
} from '../../lib/alerts/index.ts';

/** A message on the findings topic that is neither a report, nor a notice, nor an alarm, nor of a budget. */
export class UnknownMessageError extends Error {
  constructor(body: string, cause: unknown) {
    super(
      `a message is neither a report, nor a notice, nor of an alarm or a budget (lib/alerts): ${body.slice(0, 200)}`,
      { cause },
    );
    this.name = 'UnknownMessageError';
  }
}

const message = z.union([reportSchema, noticeSchema, alarmSchema]);

/** The news in a message of the findings topic. @throws UnknownMessageError */
export function parseMessage(body: string, environment: string): Alert[] {
  const budget = alertOfBudget(body, environment);
  if (budget !== null) return [budget];
  let parsed: z.infer<typeof message>;
  try {
    parsed = message.parse(JSON.parse(body));
  } catch (cause) {
    throw new UnknownMessageError(body, cause);
  }
  if (!('kind' in parsed)) {
    const alert = alertOfAlarm(parsed, environment);
    return alert === null ? [] : [alert];
  }
  return parsed.kind === 'report' ? alertsOf(parsed) : [alertOfNotice(parsed)];
}
