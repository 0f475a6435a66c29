import type { Alert } from '../../lib/alerts/index.ts';
import type { Channel, IncidentStore, News } from './incident.ts';

/** What became of an alert: news that was told, nothing to tell, or older than what is known. */
export type Told = 'told' | 'nothing new' | 'stale';

/** Somebody else is telling a channel just now, or a channel could not be told. Trying again later is right, and safe. */
export class NotToldError extends Error {
  constructor(what: string, causes: readonly unknown[]) {
    const reasons = causes.map((cause) => (cause instanceof Error ? cause.message : String(cause)));
    super(`${what}: not everybody was told: ${reasons.join('; ')}`, { cause: causes[0] });
    this.name = 'NotToldError';
  }
}

/** Tells every alert of a message, one after another; what fails does not keep the others back. @throws NotToldError at the end */
export async function sendAlerts(
  alerts: readonly Alert[],
  channels: readonly Channel[],
  store: IncidentStore,
  onTold: (alert: Alert, told: Told) => void,
): Promise<void> {
  const failures: unknown[] = [];
  for (const alert of alerts) {
    try {
      onTold(alert, await sendAlert(alert, channels, store));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new NotToldError(`${failures.length} of ${alerts.length} alerts`, failures);
}

/**
 * Tells each channel of an incident once when it breaks and once when it is whole again.
 *
 * The store keeps the newest news and what each channel was last told; a channel is told when the two differ. So a repeated
 * alert tells nothing, one that comes late changes nothing, and after a failure only the channels left are told. A crash
 * between sending and noting tells twice: better than never.
 */
export async function sendAlert(alert: Alert, channels: readonly Channel[], store: IncidentStore): Promise<Told> {
  const news = await store.note(alert);
  if (news === null) return 'stale';
  const results = await Promise.allSettled(channels.map((channel) => tell(alert, news, channel, store)));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0) throw new NotToldError(alert.incident, failures);
  return results.some((result) => result.status === 'fulfilled' && result.value) ? 'told' : 'nothing new';
}

async function tell(alert: Alert, news: News, channel: Channel, store: IncidentStore): Promise<boolean> {
  const wanted = channel.verdicts.includes(alert.verdict) ? 'open' : 'closed';
  if ((news.told[channel.name] ?? 'closed') === wanted) return false;
  const claim = await store.claim(news, channel.name, wanted);
  if (claim === 'busy') throw new Error(`${channel.name} is being told by another call`);
  if (claim === 'settled') return false;
  try {
    await channel.send(alert);
  } catch (error) {
    await store.release(news, channel.name);
    throw error;
  }
  await store.told(news, channel.name, wanted);
  return true;
}
