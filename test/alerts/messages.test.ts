import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alert, dedupKey, pagerDutyEvent, slackMessage } from '../../lib/alerts/index.ts';

const RUNBOOK = 'https://example.com/runbook.md';

const finding: Alert = {
  incident: 'validate-daily/base.refund/conforms',
  environment: 'prod',
  at: '2026-07-01T06:00:00.000Z',
  verdict: 'fail',
  subject: 'base.refund',
  says: 'every record keeps the contract',
  scope: 'source data of 2026-06-30',
  counted: { failed: 3, total: 120 },
  offenders: [
    { file: 'refund/dt=2026-06-30/a.csv', record: 7, values: { id: 'r7', amount: '1,5', customer_id: 'c***' } },
    { file: 'refund/dt=2026-06-30/a.csv', record: 9, values: { id: 'r9', amount: null, customer_id: '***' } },
  ],
  reaches: [
    { name: 'mart.refunds_by_customer', paths: '1', via: ['base.refund', 'mart.refunds_by_customer'] },
    { name: 'dashboard.refunds', paths: '2', via: ['base.refund', 'mart.refunds_by_customer', 'dashboard.refunds'] },
  ],
  runbook: 'records-break-their-contract',
};

const textsOf = (message: unknown): string[] =>
  JSON.stringify(message, (key, value) => (key === 'text' && typeof value === 'object' ? { shown: value.text } : value))
    .match(/"(?:shown|text)":"(?:[^"\\]|\\.)*"/g)
    ?.map((pair) => JSON.parse(pair.slice(pair.indexOf(':') + 1))) ?? [];

describe('a finding in Slack', () => {
  it('names the table, the rule, the numbers, rows at fault, what it reaches, and what to do', () => {
    const { text, blocks } = slackMessage(finding, RUNBOOK);
    expect(text).toBe(
      'FAIL base.refund in prod: expected every record keeps the contract; broken by 3 of 120 (source data of 2026-06-30)',
    );
    expect(textsOf(blocks)).toEqual([
      'FAIL base.refund in prod',
      ':red_circle: expected every record keeps the contract; broken by 3 of 120 (source data of 2026-06-30)',
      '```refund/dt=2026-06-30/a.csv record 7: id=r7 amount=1,5 customer_id=c***\nrefund/dt=2026-06-30/a.csv record 9: id=r9 amount=null customer_id=***```',
      '*It reaches*\n• mart.refunds_by_customer\n• dashboard.refunds through mart.refunds_by_customer (2 paths)',
      '*What to do:* <https://example.com/runbook.md#records-break-their-contract|the runbook>',
      'validate-daily/base.refund/conforms, measured 2026-07-01T06:00:00.000Z',
    ]);
  });

  it('says briefly that it is over', () => {
    const over = slackMessage({ ...finding, verdict: 'pass', counted: { failed: 0, total: 90 } }, RUNBOOK);
    expect(textsOf(over.blocks)).toEqual([
      'RECOVERED base.refund in prod',
      ':large_green_circle: holds again: every record keeps the contract (source data of 2026-06-30)',
      'validate-daily/base.refund/conforms, measured 2026-07-01T06:00:00.000Z',
    ]);
  });

  it('calls nobody and is no mark-up, whatever stands in the data', () => {
    const values = { id: '<!channel> & <https://evil.example|click>', note: '``` *bold* \n\u0000second line' };
    const { blocks } = slackMessage({ ...finding, offenders: [{ file: 'a.csv', record: 1, values }] }, RUNBOOK);
    expect(textsOf(blocks)[2]).toBe(
      '```a.csv record 1: id=&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt; note=ˋˋˋ *bold*  second line```',
    );
  });
});

describe('a finding in PagerDuty', () => {
  it('triggers with everything that helps, and is resolved by the same key', () => {
    const event = pagerDutyEvent(finding, 'key', RUNBOOK);
    expect(event).toEqual({
      routing_key: 'key',
      event_action: 'trigger',
      dedup_key: 'prod/validate-daily/base.refund/conforms',
      client: 'commerce-lakehouse',
      payload: {
        summary:
          'FAIL base.refund in prod: expected every record keeps the contract; broken by 3 of 120 (source data of 2026-06-30)',
        source: 'base.refund',
        severity: 'error',
        timestamp: '2026-07-01T06:00:00.000Z',
        component: 'base.refund',
        class: 'records-break-their-contract',
        custom_details: {
          expected: 'every record keeps the contract',
          scope: 'source data of 2026-06-30',
          failed: 3,
          total: 120,
          offenders: [
            'refund/dt=2026-06-30/a.csv record 7: id=r7 amount=1,5 customer_id=c***',
            'refund/dt=2026-06-30/a.csv record 9: id=r9 amount=null customer_id=***',
          ],
          reaches: ['mart.refunds_by_customer', 'dashboard.refunds through mart.refunds_by_customer (2 paths)'],
        },
      },
      links: [{ href: 'https://example.com/runbook.md#records-break-their-contract', text: 'what to do' }],
    });
    expect(pagerDutyEvent({ ...finding, verdict: 'pass' }, 'key', RUNBOOK)).toEqual({
      routing_key: 'key',
      event_action: 'resolve',
      dedup_key: 'prod/validate-daily/base.refund/conforms',
    });
  });

  it('keeps the keys of different incidents apart, however long their names are', () => {
    const long = { ...finding, incident: `x${'y'.repeat(300)}` };
    expect(dedupKey(long).length).toBeLessThanOrEqual(255);
    expect(dedupKey(long)).not.toBe(dedupKey({ ...long, incident: `${long.incident}z` }));
  });
});

describe('any alert at all', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5000 }),
    fc.constant('<'.repeat(6000)),
    fc.constant('😀'.repeat(2000)),
  );
  const short = fc.string({ unit: 'binary', maxLength: 40 });
  const offender = fc.record({
    file: fc.option(text),
    record: fc.option(fc.nat()),
    values: fc.dictionary(short, fc.option(text), { maxKeys: 4 }),
  });
  const reached = fc.record({ name: text, paths: fc.nat().map(String), via: fc.array(short, { maxLength: 5 }) });
  const anything: fc.Arbitrary<Alert> = fc.record({
    incident: text,
    environment: fc.constantFrom('dev', 'prod'),
    at: fc.constant(finding.at),
    verdict: fc.constantFrom('warn', 'fail', 'pass'),
    subject: text,
    says: text,
    scope: text,
    counted: fc.option(fc.record({ failed: fc.nat(), total: fc.nat() })),
    offenders: fc.array(offender, { maxLength: 3 }),
    reaches: fc.array(reached, { maxLength: 120 }),
    runbook: fc.constant('alarms'),
  });

  it('keeps to the limits of Slack and PagerDuty, and splits no character', () => {
    fc.assert(
      fc.property(anything, (alert) => {
        const { text: notification, blocks } = slackMessage(alert, RUNBOOK);
        expect(blocks.length).toBeLessThanOrEqual(50);
        const limits = textsOf(blocks).map((each) => each.length);
        expect(Math.max(...limits, notification.length)).toBeLessThanOrEqual(3000);
        expect(limits[0]).toBeLessThanOrEqual(150);
        expect(Math.min(...limits)).toBeGreaterThan(0);
        // What is foreign comes escaped: besides our own link there is no mark-up.
        const foreign = textsOf(blocks.slice(1))
          .join('')
          .replace(/<https:\/\/example[^>]*>/g, '');
        expect(foreign).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        const event = pagerDutyEvent(alert, 'key', RUNBOOK);
        if (event.event_action === 'trigger') expect(event.payload.summary.length).toBeLessThanOrEqual(1024);
        expect(event.dedup_key.length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 60 },
    );
  });
});
