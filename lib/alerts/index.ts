/** Findings as messages to people: what is published, what becomes news, how Slack and PagerDuty are told. */
export * from './alarm.ts';
export * from './alert.ts';
export * from './budget.ts';
export * from './notice.ts';
export * from './pagerduty.ts';
export * from './report.ts';
export * from './runbook.ts';
export * from './slack.ts';
