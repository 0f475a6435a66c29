import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Channel, Standing } from '../../lambdas/send-alert/incident.ts';
import { sendAlert } from '../../lambdas/send-alert/send-alert.ts';
import { IncidentTable } from '../../lambdas/shared/incident-table.ts';
import type { Alert } from '../../lib/alerts/index.ts';
import { start } from './bundle.ts';
import { fakeTable } from './dynamodb.ts';

const alert = (at: string, verdict: Alert['verdict']): Alert => ({
  incident: 'validate-daily/base.refund/conforms',
  environment: 'test',
  at,
  verdict,
  subject: 'base.refund',
  says: 'every record keeps the contract',
  scope: '',
  counted: null,
  offenders: [],
  reaches: [],
  runbook: 'alarms',
});

describe('incidents, however their news arrive', () => {
  const verdict = fc.constantFrom('pass' as const, 'warn' as const, 'fail' as const);
  const minute = fc.integer({ min: 10, max: 20 });
  const news = fc.record({ minute, verdict }).map((each) => alert(`2026-07-01T06:${each.minute}:00Z`, each.verdict));

  it('tell each channel alternately of breaking and mending, and end with the newest news', async () => {
    const events = fc.array(fc.record({ alert: news, failures: fc.array(fc.boolean(), { maxLength: 3 }) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(events, async (sent) => {
        fakeTable('incident');
        const store = new IncidentTable(new DynamoDBClient({}), 'incidents');
        const heard: Record<string, Standing[]> = { slack: [], pagerduty: [] };
        let failing: boolean[] = [];
        const channel = (name: Channel['name'], verdicts: Channel['verdicts']): Channel => ({
          name,
          verdicts,
          send: async (each) => {
            if (failing.shift()) throw new Error('no answer');
            heard[name]?.push(verdicts.includes(each.verdict) ? 'open' : 'closed');
          },
        });
        const channels = [channel('slack', ['warn', 'fail']), channel('pagerduty', ['fail'])];
        for (const { alert: each, failures } of sent) {
          failing = [...failures];
          await sendAlert(each, channels, store).catch(() => undefined);
        }
        failing = [];
        // The queue delivers again until every message went through.
        for (const { alert: each } of sent) await sendAlert(each, channels, store);
        const newest = sent
          .map((each) => each.alert)
          .sort((a, b) => (`${a.at} ${a.verdict}` < `${b.at} ${b.verdict}` ? -1 : 1))
          .at(-1);
        for (const { name, verdicts } of channels) {
          const told = heard[name] ?? [];
          expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? 'open' : 'closed')));
          expect(told.at(-1) ?? 'closed').toBe(newest && verdicts.includes(newest.verdict) ? 'open' : 'closed');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are told once by two calls side by side: the second comes back later and finds it done', async () => {
    fakeTable('incident');
    const store = new IncidentTable(new DynamoDBClient({}), 'incidents');
    let sent = 0;
    let answer = () => {};
    const slow = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slack: Channel = {
      name: 'slack',
      verdicts: ['fail'],
      send: async () => {
        sent += 1;
        await slow;
      },
    };
    const broken = alert('2026-07-01T06:00:00Z', 'fail');
    const first = sendAlert(broken, [slack], store);
    await expect(sendAlert(broken, [slack], store)).rejects.toThrow(/slack is being told by another call/);
    answer();
    expect(await first).toBe('told');
    expect(await sendAlert(broken, [slack], store)).toBe('nothing new');
    expect(sent).toBe(1);
  });

  it('are ordered by time, however many digits it has', async () => {
    fakeTable('incident');
    const store = new IncidentTable(new DynamoDBClient({}), 'incidents');
    expect(await store.note(alert('2026-07-01T06:00:00Z', 'fail'))).not.toBeNull();
    expect(await store.note(alert('2026-07-01T06:00:00.5Z', 'pass'))).not.toBeNull();
    expect(await store.note(alert('2026-07-01T06:00:00Z', 'fail'))).toBeNull();
  });

  it('take over the claim of a call that died', async () => {
    fakeTable('incident');
    let now = 0;
    const store = new IncidentTable(new DynamoDBClient({}), 'incidents', () => now);
    const broken = alert('2026-07-01T06:00:00Z', 'fail');
    const noted = await store.note(broken);
    expect(noted && (await store.claim(noted, 'slack', 'open'))).toBe('mine');
    expect(noted && (await store.claim(noted, 'slack', 'open'))).toBe('busy');
    now = 121_000;
    expect(noted && (await store.claim(noted, 'slack', 'open'))).toBe('mine');
  });
});

describe('the Lambda that tells people', async () => {
  const posts: { url: string; body: Record<string, unknown> }[] = [];
  const secrets = mockClient(SecretsManagerClient);
  const answers: Record<string, number> = {};
  const send = await start<'send-alert', { batchItemFailures: { itemIdentifier: string }[] }>('send-alert', {
    INCIDENT_TABLE: 'incidents',
    SLACK_SECRET: 'lakehouse/slack',
    PAGERDUTY_SECRET: 'lakehouse/pagerduty',
    RUNBOOK_URL: 'https://example.com/runbook.md',
  });

  beforeEach(() => {
    fakeTable('incident');
    posts.length = 0;
    for (const url of Object.keys(answers)) delete answers[url];
    secrets.reset();
    secrets.on(GetSecretValueCommand).callsFake(({ SecretId }) => ({
      SecretString: SecretId === 'lakehouse/slack' ? 'https://hooks.example/T/B\n' : 'routing-key',
    }));
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const status = answers[url] ?? 200;
      if (status === 200) posts.push({ url, body: JSON.parse(String(init.body)) });
      return new Response('', { status });
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  const queue = (...bodies: unknown[]) => ({
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      receiptHandle: 'r',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 's',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: 'x',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:111111111111:alerts',
      awsRegion: 'eu-west-1',
    })),
  });

  const outcome = (check: string, verdict: string) => ({
    table: 'base.refund',
    check,
    says: 'amount is at least 0',
    severity: 'warn',
    verdict,
    failed: verdict === 'pass' ? 0 : 3,
    total: 120,
    offenders: [],
    reaches: [],
  });
  const report = (at: string, ...outcomes: unknown[]) => ({
    kind: 'report',
    by: 'validate-daily',
    environment: 'test',
    at,
    scope: 'source data of 2026-06-30',
    outcomes,
  });
  const urls = () => posts.map((post) => new URL(post.url).host);

  it('shows a warning and pages for a failure, once, and tells of the recovery', async () => {
    const broken = report('2026-07-01T06:00:00Z', outcome('at_least(amount)', 'warn'), outcome('conforms', 'fail'));
    await send(queue(broken));
    expect(urls()).toEqual(['hooks.example', 'hooks.example', 'events.pagerduty.com']);
    await send(queue(broken));
    await send(queue(report('2026-07-02T06:00:00Z', outcome('conforms', 'fail'), outcome('unique(id)', 'skipped'))));
    expect(posts).toHaveLength(3);
    await send(queue(report('2026-07-03T06:00:00Z', outcome('conforms', 'pass'))));
    expect(urls().slice(3)).toEqual(['hooks.example', 'events.pagerduty.com']);
    expect(posts.at(-1)?.body).toMatchObject({ event_action: 'resolve', dedup_key: posts[2]?.body.dedup_key });
  });

  it('gives back only the messages whose people were not told, and then tells only those left', async () => {
    answers['https://events.pagerduty.com/v2/enqueue'] = 500;
    const fail = report('2026-07-01T06:00:00Z', outcome('conforms', 'fail'));
    const warn = report('2026-07-01T06:00:00Z', outcome('at_least(amount)', 'warn'));
    expect(await send(queue(fail, warn))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(urls()).toEqual(['hooks.example', 'hooks.example']);
    delete answers['https://events.pagerduty.com/v2/enqueue'];
    expect(await send(queue(fail))).toEqual({ batchItemFailures: [] });
    expect(urls().slice(2)).toEqual(['events.pagerduty.com']);
  });

  it('tells of alarms and of what a state machine says', async () => {
    const alarm = {
      AlarmName: 'run-failed',
      NewStateReason: 'threshold crossed',
      StateChangeTime: '2026-07-01T06:00:00.000+0000',
    };
    await send(queue({ ...alarm, NewStateValue: 'ALARM' }, { ...alarm, NewStateValue: 'INSUFFICIENT_DATA' }));
    expect(urls()).toEqual(['hooks.example', 'events.pagerduty.com']);
    const notice = {
      kind: 'notice',
      environment: 'test',
      at: '2026-07-01T07:00:00Z',
      incident: 'run/missing',
      verdict: 'warn',
    };
    await send(queue({ ...notice, subject: 'daily run', says: 'refund has not arrived' }));
    expect(posts.at(-1)?.body.text).toBe('WARN daily run in test: refund has not arrived');
  });

  it.each(['not json', '{"kind":"other"}'])('gives back a message that it does not know: %s', async (body) => {
    const good = report('2026-07-01T06:00:00Z', outcome('conforms', 'fail'));
    expect(await send(queue(body, good))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  });
});
