import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alertOfAlarm,
  alertsOf,
  messagesOf,
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

describe('the runbook', () => {
  const headings = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('## ') ? [line.slice(3).toLowerCase().replaceAll(' ', '-')] : []));

  it.each([...new Set([...Object.values(RUNBOOK), RECONCILE, OPERATIONS])])('has a chapter #%s', (anchor) => {
    expect(headings).toContain(anchor);
  });

  it.each([
    ['refers_to(parent_id, base.purchase)', 'references-to-nothing'],
    ['fresh', 'data-is-stale'],
    ['reconciles_with_refunds', 'a-sum-does-not-reconcile'],
  ])('is opened for %s at %s', (check, anchor) => expect(runbookOf(check)).toBe(anchor));
});
