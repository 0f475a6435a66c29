import { z } from 'zod';
import type { Offender, Outcome } from '../quality/index.ts';
import type { Alert } from './alert.ts';
import { runbookOf } from './runbook.ts';
import { cut } from './words.ts';

const offender = z.object({
  file: z.string().nullable(),
  record: z.number().nullable(),
  values: z.record(z.string(), z.string().nullable()),
});
const reached = z.object({ name: z.string(), paths: z.string(), via: z.array(z.string()) });
const outcome = z.object({
  table: z.string(),
  check: z.string(),
  says: z.string(),
  severity: z.enum(['warn', 'fail', 'blocking']),
  verdict: z.enum(['pass', 'warn', 'fail', 'skipped']),
  failed: z.number(),
  total: z.number(),
  offenders: z.array(offender),
  reaches: z.array(reached),
});

/** What is published of measured checks. Those that hold are in it too: they end incidents. */
export const reportSchema = z.object({
  kind: z.literal('report'),
  /** What measured: the daily validation or the checks of the run. The same rule is another incident there. */
  by: z.string(),
  environment: z.string(),
  at: z.iso.datetime(),
  /** Which data: `source data of 2026-06-30`. */
  scope: z.string(),
  outcomes: z.array(outcome),
});

/** One of `reportSchema`. */
export type Report = z.infer<typeof reportSchema>;

/** The news in a report; a check that was not measured is none. */
export const alertsOf = (report: Report): Alert[] =>
  report.outcomes.flatMap((each) => {
    if (each.verdict === 'skipped') return [];
    const { environment, at, scope } = report;
    return [
      {
        incident: `${report.by}/${each.table}/${each.check}`,
        environment,
        at,
        verdict: each.verdict,
        subject: each.table,
        says: each.says,
        scope,
        counted: { failed: each.failed, total: each.total },
        offenders: each.offenders,
        reaches: each.reaches,
        runbook: runbookOf(each.check),
      },
    ];
  });

/** Most bytes of one message: SNS takes 256 KiB. */
const MESSAGE_BYTES = 200_000;
/** A value at fault may be long; what is shown of it is not. */
const VALUE_CHARACTERS = 200;
const OFFENDER_CHARACTERS = 4000;
const MOST_REACHED = 100;

/** Reports as messages, split so that each can be sent: values cut, the farthest of very many consumers left out. */
export function messagesOf(report: Omit<Report, 'kind' | 'outcomes'>, outcomes: readonly Outcome[]): string[] {
  const messages: string[] = [];
  let part: Report['outcomes'] = [];
  const text = (list: Report['outcomes']) => JSON.stringify({ kind: 'report', ...report, outcomes: list });
  for (const each of outcomes.map(bounded)) {
    if (part.length > 0 && Buffer.byteLength(text([...part, each])) > MESSAGE_BYTES) {
      messages.push(text(part));
      part = [];
    }
    part.push(each);
  }
  return part.length > 0 ? [...messages, text(part)] : messages;
}

function bounded(each: Outcome): Report['outcomes'][number] {
  return {
    ...each,
    offenders: each.offenders.map(boundedOffender),
    reaches: each.reaches.slice(0, MOST_REACHED).map((reach) => ({ ...reach, via: [...reach.via] })),
  };
}

function boundedOffender({ file, record, values }: Offender): Report['outcomes'][number]['offenders'][number] {
  let left = OFFENDER_CHARACTERS;
  const kept = Object.entries(values).flatMap(([name, value]) => {
    const shown = value === null ? null : cut(value, VALUE_CHARACTERS);
    left -= name.length + (shown?.length ?? 0);
    return left < 0 ? [] : [[name, shown] as const];
  });
  return { file: file === null ? null : cut(file, 1024), record, values: Object.fromEntries(kept) };
}
