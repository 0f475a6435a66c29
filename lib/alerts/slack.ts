import type { KnownBlock } from '@slack/types';
import type { Alert } from './alert.ts';
import { codeBlock, escaped, listed } from './slack-text.ts';
import { cut, headline, offenderLine, reachedLine, statement } from './words.ts';

/** The body of a request to an incoming webhook. */
export interface SlackMessage {
  /** For notifications, where blocks are not shown. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** Slack's limits of a header and of a text in a block. */
const HEADER_CHARACTERS = 150;
const TEXT_CHARACTERS = 3000;

const MARK = { fail: ':red_circle:', warn: ':large_yellow_circle:', pass: ':large_green_circle:' } as const;

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

/** An alert as a Slack message: the rule, rows at fault, what it reaches, what to do. At most six blocks. */
export function slackMessage(alert: Alert, runbookUrl: string): SlackMessage {
  const title = headline(alert);
  const broken = alert.verdict !== 'pass';
  const blocks: KnownBlock[] = [
    // Plain text is not escaped by Slack's rules, and nothing in it is read as a mark-up.
    {
      type: 'header',
      text: { type: 'plain_text', emoji: false, text: cut(title, HEADER_CHARACTERS) },
    },
    section(`${MARK[alert.verdict]} ${escaped(statement(alert), TEXT_CHARACTERS - 40)}`),
  ];
  if (broken && alert.offenders.length > 0) {
    blocks.push(section(codeBlock(alert.offenders.map(offenderLine), TEXT_CHARACTERS)));
  }
  if (broken && alert.reaches.length > 0) {
    const reached = listed(
      alert.reaches.map((each) => `• ${reachedLine(each)}`),
      TEXT_CHARACTERS - 20,
    );
    blocks.push(section(`*It reaches*\n${reached}`));
  }
  if (broken) blocks.push(section(`*What to do:* <${runbookUrl}#${alert.runbook}|the runbook>`));
  const measured = escaped(`${alert.incident}, measured ${alert.at}`, TEXT_CHARACTERS);
  blocks.push({ type: 'context', elements: [{ type: 'mrkdwn', text: measured }] });
  return { text: escaped(`${title}: ${statement(alert)}`, TEXT_CHARACTERS), blocks };
}
