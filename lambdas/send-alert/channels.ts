import { type Alert, pagerDutyEvent, slackMessage } from '../../lib/alerts/index.ts';
import { NONE } from '../../lib/aws/index.ts';
import type { Channel } from './incident.ts';

/** What channels need from their surroundings. */
export interface Post {
  /** The text of a secret. */
  readonly secret: (name: string) => Promise<string>;
  readonly forget: (name: string) => void;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** The names of secrets, and where people read what to do. */
export interface Targets {
  readonly slackSecret: string;
  readonly pagerDutySecret: string;
  readonly runbookUrl: string;
}

/** The one address of PagerDuty's Events API, version 2. */
const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';
const PATIENCE_MS = 10_000;

/** The channels that an environment has: Slack hears of every fault, PagerDuty of failures only. */
export function channelsOf({ slackSecret, pagerDutySecret, runbookUrl }: Targets, post: Post): Channel[] {
  const slack: Channel = {
    name: 'slack',
    verdicts: ['warn', 'fail'],
    send: (alert: Alert) => deliver(post, slackSecret, (url) => ({ url, body: slackMessage(alert, runbookUrl) })),
  };
  const pagerduty: Channel = {
    name: 'pagerduty',
    verdicts: ['fail'],
    send: (alert: Alert) =>
      deliver(post, pagerDutySecret, (key) => ({ url: PAGERDUTY_URL, body: pagerDutyEvent(alert, key, runbookUrl) })),
  };
  return [...(slackSecret === NONE ? [] : [slack]), ...(pagerDutySecret === NONE ? [] : [pagerduty])];
}

/** Posts JSON once. The address may be a secret, so no message names it. */
async function deliver(
  post: Post,
  secret: string,
  request: (secret: string) => { readonly url: string; readonly body: unknown },
): Promise<void> {
  const { url, body } = request(await post.secret(secret));
  const response = await post.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.ok) return;
  // A secret that was rotated is fetched anew by the retry.
  post.forget(secret);
  const said = (await response.text()).slice(0, 200);
  throw new Error(`the target in secret ${secret} answered ${response.status} ${said}`);
}
