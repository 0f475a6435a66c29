import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alarmDescription,
  alertOfAlarm,
  alertOfBudget,
  alertOfNotice,
  alertsOf,
  BUDGET,
  messagesOf,
  noticeSchema,
  OPERATIONS,
  RECONCILE,
  RUNBOOK,
  reportSchema,
  runbookOf,
} from '../../lib/alerts/index.ts';
import type { Outcome } from '../../lib/quality/index.ts';

const outcome: Outcome = {
  table: 'base.refund',
  check: 'at_least(amount)',
  says: 'amount is at least 0',
  severity: 'fail',
  verdict: 'fail',
  failed: 2,
  total: 10,
  offenders: [],
  reaches: [],
};
const head = { by: 'run-checks', environment: 'dev', at: '2026-07-01T06:00:00.000Z', scope: '' };

describe('a report', () => {
  it('arrives whole, in messages that SNS takes, however much it tells', () => {
    const value = fc.string({ unit: 'binary', maxLength: 3000 });
    const offender = fc.record({
      file: fc.option(value),
      record: fc.option(fc.nat()),
      values: fc.dictionary(fc.string({ maxLength: 30 }), fc.option(value), { maxKeys: 60 }),
    });
    const outcomes = fc.array(
      fc
        .record({ offenders: fc.array(offender, { maxLength: 3 }), failed: fc.nat() })
        .map((each): Outcome => ({ ...outcome, ...each })),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(outcomes, (all) => {
        const messages = messagesOf(head, all);
        for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThan(256 * 1024);
        const read = messages.flatMap((message) => reportSchema.parse(JSON.parse(message)).outcomes);
        expect(read.map((each) => each.failed)).toEqual(all.map((each) => each.failed));
      }),
      { numRuns: 30 },
    );
  });

  it('of very many findings is split', () => {
    const values = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`column_${index}`, 'x'.repeat(200)]));
    const offenders = Array.from({ length: 3 }, (_, record) => ({ file: 'a.csv', record, values }));
    const messages = messagesOf(
      head,
      Array.from({ length: 60 }, (_, failed) => ({ ...outcome, failed, offenders })),
    );
    expect(messages.length).toBeGreaterThan(1);
    const read = messages.flatMap((message) => reportSchema.parse(JSON.parse(message)).outcomes);
    expect(read.map((each) => each.failed)).toEqual(Array.from({ length: 60 }, (_, index) => index));
    for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThan(256 * 1024);
  });

  it('is news for every check that was measured; the same rule measured elsewhere is another incident', () => {
    const outcomes = (['pass', 'warn', 'fail', 'skipped'] as const).map((verdict) => ({
      ...outcome,
      verdict,
      offenders: [],
      reaches: [],
    }));
    const news = (by: string) => alertsOf({ kind: 'report', ...head, by, outcomes });
    expect(news('run-checks').map((each) => each.verdict)).toEqual(['pass', 'warn', 'fail']);
    expect(news('run-checks')[0]?.incident).not.toBe(news('validate-daily')[0]?.incident);
  });
});

describe('an alarm', () => {
  it.each([
    ['ALARM', 'fail'],
    ['OK', 'pass'],
  ] as const)('in state %s is the verdict %s, at the time CloudWatch says', (NewStateValue, verdict) => {
    const alarm = {
      AlarmName: 'a',
      AlarmDescription: 'what it is',
      NewStateValue,
      NewStateReason: 'why',
      StateChangeTime: '2026-07-01T08:00:00.000+0200',
    };
    expect(alertOfAlarm(alarm, 'dev')).toMatchObject({
      verdict,
      at: '2026-07-01T06:00:00.000Z',
      says: 'what it is why',
    });
  });
});

describe('what to do', () => {
  const alarm = {
    AlarmName: 'a',
    NewStateValue: 'ALARM',
    NewStateReason: 'why',
    StateChangeTime: '2026-07-01T08:00:00Z',
  } as const;

  it.each([
    [alarmDescription('It broke.', 'lambdas-fail'), 'lambdas-fail'],
    ['made by hand', OPERATIONS],
    [null, OPERATIONS],
  ])('about an alarm that says %j stands at #%s', (AlarmDescription, runbook) => {
    expect(alertOfAlarm({ ...alarm, AlarmDescription }, 'dev')).toMatchObject({ runbook });
  });

  it('about a notice stands where it says, else among the alarms', () => {
    const notice = {
      kind: 'notice',
      environment: 'dev',
      at: '2026-07-01T06:00:00Z',
      incident: 'a',
      verdict: 'warn',
      subject: 's',
      says: 't',
    };
    const runbookOfNotice = (more: object) => alertOfNotice(noticeSchema.parse({ ...notice, ...more })).runbook;
    expect([runbookOfNotice({ runbook: 'job-fails' }), runbookOfNotice({})]).toEqual(['job-fails', OPERATIONS]);
  });
});

describe('a budget', () => {
  const told = (type: string, threshold: string, day = 'March 04, 2027') =>
    `AWS Budget Notification ${day}\nAWS Account 111122223333\n\nDear AWS Customer,\n\nYou requested that we alert you when the ${type} Cost associated with your lakehouse-dev budget is greater than ${threshold} for the current month.\n\nBudget Name: lakehouse-dev\nBudget Type: Cost\nBudgeted Amount: $100.00\nAlert Type: ${type}\nAlert Threshold: > ${threshold}\n${type} Amount: $112.30\n\n[1] https://console.aws.amazon.com/billing/home#/budgets\n`;

  it('warns of what it says, and says where to read on', () => {
    expect(alertOfBudget(told('FORECASTED', '$100.00'), 'dev')).toMatchObject({
      environment: 'dev',
      at: '2027-03-04T00:00:00.000Z',
      verdict: 'warn',
      subject: 'budget lakehouse-dev',
      says: 'The forecasted cost of the month is $112.30, told from > $100.00 on; the budget is $100.00.',
      runbook: 'budget-exceeded',
    });
  });

  it('is told once for each threshold and month', () => {
    const incidents = [
      told('ACTUAL', '$80.00'),
      told('ACTUAL', '$80.00', 'March 05, 2027'),
      told('ACTUAL', '$100.00'),
      told('FORECASTED', '$100.00'),
      told('ACTUAL', '$80.00', 'April 02, 2027'),
    ].map((text) => alertOfBudget(text, 'dev')?.incident);
    expect(new Set(incidents).size).toBe(4);
    expect(incidents[0]).toBe(incidents[1]);
  });

  it.each(['{"kind":"notice"}', 'AWS Budget Notification', 'hello'])('does not say %j', (text) => {
    expect(alertOfBudget(text, 'dev')).toBeNull();
  });
});

describe('the runbook', () => {
  const headings = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => (/^##+ /.test(line) ? [line.replace(/^#+ /, '').toLowerCase().replaceAll(' ', '-')] : []));

  it.each([...new Set([...Object.values(RUNBOOK), RECONCILE, OPERATIONS, BUDGET])])('has a chapter #%s', (anchor) => {
    expect(headings).toContain(anchor);
  });

  it.each([
    ['refers_to(parent_id, base.purchase)', 'references-to-nothing'],
    ['fresh', 'data-is-stale'],
    ['capitals(currency)', 'values-out-of-bounds'],
    ['email(email)', 'values-out-of-bounds'],
    ['regular', 'irregular-fields'],
    ['reconciles_with_refunds', 'a-sum-does-not-reconcile'],
  ])('is opened for %s at %s', (check, anchor) => expect(runbookOf(check)).toBe(anchor));
});
