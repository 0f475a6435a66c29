import type { Alert } from '../../lib/alerts/index.ts';

/** Where people are told. */
export type ChannelName = 'slack' | 'pagerduty';

/** What a channel was last told of an incident. */
export type Standing = 'open' | 'closed';

/** A way to tell people. */
export interface Channel {
  readonly name: ChannelName;
  /** The verdicts that open an incident here: a warning is shown and never pages. */
  readonly verdicts: readonly Alert['verdict'][];
  /** Sends one message. Throws when it did not arrive. */
  send(alert: Alert): Promise<void>;
}

/** The newest news of an incident, and what each channel knows. */
export interface News {
  readonly incident: string;
  /** Orders news: by time of measurement, then by verdict, so that any order of arrival ends the same. */
  readonly seen: string;
  readonly told: Readonly<Partial<Record<ChannelName, Standing>>>;
}

/** The state of incidents. Every write is conditional, so calls may run side by side. */
export interface IncidentStore {
  /** Notes news and gives how things stand; null when newer news is known. */
  note(alert: Alert): Promise<News | null>;
  /** Asks to be the one who tells a channel: `settled` when it was told meanwhile or newer news came. */
  claim(news: News, channel: ChannelName, standing: Standing): Promise<'mine' | 'busy' | 'settled'>;
  /** Gives a claim back without having told. */
  release(news: News, channel: ChannelName): Promise<void>;
  /** Notes what a channel was told. */
  told(news: News, channel: ChannelName, standing: Standing): Promise<void>;
}

/** The place of an alert among the news of its incident; a time with fewer digits is spelled like the others. */
export const seenOf = ({ at, verdict }: Pick<Alert, 'at' | 'verdict'>): string =>
  `${new Date(at).toISOString()} ${verdict}`;
