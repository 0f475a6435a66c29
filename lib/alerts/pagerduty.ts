import { createHash } from 'node:crypto';
import type { Alert } from './alert.ts';
import { cut, headline, offenderLine, reachedLine, statement } from './words.ts';

/** An event of PagerDuty's Events API, version 2. */
export type PagerDutyEvent =
  | { readonly routing_key: string; readonly event_action: 'resolve'; readonly dedup_key: string }
  | {
      readonly routing_key: string;
      readonly event_action: 'trigger';
      readonly dedup_key: string;
      readonly client: string;
      readonly payload: {
        readonly summary: string;
        readonly source: string;
        readonly severity: 'error' | 'warning';
        readonly timestamp: string;
        readonly component: string;
        readonly class: string;
        readonly custom_details: Readonly<Record<string, unknown>>;
      };
      readonly links: readonly { readonly href: string; readonly text: string }[];
    };

const KEY_CHARACTERS = 255;
const SUMMARY_CHARACTERS = 1024;

/** PagerDuty's own name of an incident: the same for the same fault, so that it never opens twice. */
export function dedupKey(alert: Pick<Alert, 'environment' | 'incident'>): string {
  const key = `${alert.environment}/${alert.incident}`;
  if (key.length <= KEY_CHARACTERS) return key;
  const hash = createHash('sha256').update(key).digest('hex');
  return `${key.slice(0, KEY_CHARACTERS - hash.length - 1)}/${hash}`;
}

/** An alert as a PagerDuty event: a fault triggers, a recovery resolves what the fault triggered. */
export function pagerDutyEvent(alert: Alert, routingKey: string, runbookUrl: string): PagerDutyEvent {
  const common = { routing_key: routingKey, dedup_key: dedupKey(alert) };
  if (alert.verdict === 'pass') return { ...common, event_action: 'resolve' };
  const summary = `${headline(alert)}: ${statement(alert)}`;
  return {
    ...common,
    event_action: 'trigger',
    client: 'commerce-lakehouse',
    payload: {
      summary: cut(summary, SUMMARY_CHARACTERS),
      source: alert.subject,
      severity: alert.verdict === 'fail' ? 'error' : 'warning',
      timestamp: alert.at,
      component: alert.subject,
      class: alert.runbook,
      custom_details: {
        expected: alert.says,
        scope: alert.scope,
        ...alert.counted,
        offenders: alert.offenders.map(offenderLine),
        reaches: alert.reaches.map(reachedLine),
      },
    },
    links: [{ href: `${runbookUrl}#${alert.runbook}`, text: 'what to do' }],
  };
}
