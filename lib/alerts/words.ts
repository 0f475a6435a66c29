import type { Offender, Reached } from '../quality/index.ts';
import type { Alert } from './alert.ts';

/** What an alert is about, in a line: `FAIL base.refund in prod: every record keeps the contract`. */
export const headline = (alert: Alert): string =>
  `${alert.verdict === 'pass' ? 'RECOVERED' : alert.verdict.toUpperCase()} ${alert.subject} in ${alert.environment}`;

/** The rule and how it stands: `expected amount is at least 0; broken by 3 of 120 (source data of 2026-06-30)`. */
export function statement(alert: Alert): string {
  const { verdict, says, counted, scope } = alert;
  const where = scope === '' ? '' : ` (${scope})`;
  if (counted === null) return `${says}${where}`;
  if (verdict === 'pass') return `holds again: ${says}${where}`;
  return `expected ${says}; broken by ${counted.failed} of ${counted.total}${where}`;
}

/** A row at fault in a line: `refund/dt=2026-06-30/a.csv record 7: id=r7 amount=x`. */
export function offenderLine({ file, record, values }: Offender): string {
  const where = file === null ? '' : `${file}${record === null ? '' : ` record ${record}`}: `;
  const shown = Object.entries(values).map(([name, value]) => `${name}=${value ?? 'null'}`);
  return oneLine(where + shown.join(' '));
}

/** What is reached, by which way, and by how many where there are more: `dashboard.refunds through mart.x (2 paths)`. */
export function reachedLine({ name, paths, via }: Reached): string {
  const between = via.slice(1, -1).join(' → ');
  return oneLine(name + (between === '' ? '' : ` through ${between}`) + (paths === '1' ? '' : ` (${paths} paths)`));
}

/** Text of foreign origin on one line: line breaks and other control characters become spaces. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ');

/** Text of at most `limit` UTF-16 units; a character is never split. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 2);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, limit - (splits ? 2 : 1))}…`;
}
