import type { Alert } from './alert.ts';
import { NOTHING_COUNTED } from './notice.ts';
import { BUDGET } from './runbook.ts';

/** How AWS begins what it tells of a budget: prose, not JSON. */
const BEGINNING = /^AWS Budget Notification (\w+ \d{1,2}, \d{4})/;

/** A line of the notification by its label: `Budget Name: lakehouse-dev`. */
const lineOf = (text: string, label: string): string =>
  new RegExp(`^${label}: *(.+)$`, 'm').exec(text)?.[1]?.trim() ?? '';

/**
 * The news in a budget's notification; null for any other text. A budget never tells that it is whole again, so each month
 * and threshold is an incident of its own. It warns: nobody is woken by a bill.
 */
export function alertOfBudget(text: string, environment: string): Alert | null {
  const day = BEGINNING.exec(text)?.[1];
  const name = lineOf(text, 'Budget Name');
  if (day === undefined || name === '') return null;
  const at = new Date(`${day} UTC`).toISOString();
  const type = lineOf(text, 'Alert Type');
  const threshold = lineOf(text, 'Alert Threshold');
  return {
    ...NOTHING_COUNTED,
    incident: `budget/${name}/${at.slice(0, 7)}/${type.toLowerCase()} ${threshold}`,
    environment,
    at,
    verdict: 'warn',
    subject: `budget ${name}`,
    says: `The ${type.toLowerCase()} cost of the month is ${lineOf(text, `${type} Amount`)}, told from ${threshold} on; the budget is ${lineOf(text, 'Budgeted Amount')}.`,
    runbook: BUDGET,
  };
}
