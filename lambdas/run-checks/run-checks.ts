import { type Athena, rowsOfQuery } from '../../lib/engines/athena.ts';
import { lineageOf, type Plan } from '../../lib/plan/index.ts';
import { blastRadius, isBroken, type Outcome } from '../../lib/quality/index.ts';
import { advanceAll, type Started } from '../shared/queries.ts';
import { measuringQueries, offenderQueries, outcomesOf } from './check-queries.ts';
import { heldQuery, publishedOutcomes } from './held-tables.ts';

/** What identifies the checking: the day, and the run that asks. */
export interface Checking {
  readonly date: string;
  /** The execution that asks: another run of the same day measures anew. */
  readonly run: string;
  /** What the last call answered; empty at first. */
  readonly queries: readonly Started[];
}

/** Where the checking stands. */
export type Checked =
  | { readonly done: false; readonly queries: readonly Started[]; readonly bytes: number }
  | { readonly done: true; readonly outcomes: readonly Outcome[]; readonly bytes: number };

/**
 * Measures every check of the plan on Athena, and asks which tables the run had to hold, in calls that do not wait: scans and
 * queries first, then rows at fault of what is broken. Reads tables only; called twice with the same state it starts nothing twice.
 */
export async function runChecks(plan: Plan, prefix: string, checking: Checking, athena: Athena): Promise<Checked> {
  const { date, run, queries: started } = checking;
  const measuring = [heldQuery(prefix), ...measuringQueries(plan, prefix, date)];
  const measured = await advanceAll(athena, run, measuring, started.filter(isOf(measuring)));
  if (!measured.done) return { done: false, queries: measured.started, bytes: measured.bytes };
  const numbers = outcomesOf(plan, await answersOf(athena, measured.started));
  const explaining = offenderQueries(plan, numbers, prefix, date);
  const explained = await advanceAll(athena, run, explaining, started.filter(isOf(explaining)));
  const queries = [...measured.started, ...explained.started];
  const bytes = measured.bytes + explained.bytes;
  if (!explained.done) return { done: false, queries, bytes };
  const lineage = lineageOf(plan);
  const answers = await answersOf(athena, queries);
  const outcomes = [...publishedOutcomes(plan, answers), ...outcomesOf(plan, answers)].map((outcome) =>
    isBroken(outcome) ? { ...outcome, reaches: blastRadius(lineage, outcome.table) } : outcome,
  );
  return { done: true, outcomes, bytes };
}

const isOf = (queries: readonly { readonly name: string }[]) => {
  const names = new Set(queries.map((query) => query.name));
  return (started: Started): boolean => names.has(started.name);
};

async function answersOf(athena: Athena, started: readonly Started[]) {
  const answers = new Map<string, Awaited<ReturnType<typeof rowsOfQuery>>>();
  for (const { name, id } of started) answers.set(name, await rowsOfQuery(athena, id));
  return (query: string) => answers.get(query);
}
