import type { Plan } from '../../lib/plan/index.ts';

/** What the raw zone must answer. */
export interface ArrivalDays {
  /** Whether a file of the dataset arrived on the day. */
  has(dataset: string, date: string): Promise<boolean>;
}

/** Which of a day's expected sources are there. */
export interface Sensed {
  readonly date: string;
  /** Everything expected is there. */
  readonly ready: boolean;
  readonly missing: readonly string[];
  /** Those of the missing without which the run must not go on, when the deadline has passed. */
  readonly stopping: readonly string[];
}

/** A source that should have a file every day. */
export interface ExpectedSource {
  readonly name: string;
  /** Whether its contract would rather have no run than one without it: its freshness check is more than a warning. */
  readonly stops: boolean;
}

/** A source that may be older than a week stands until it changes, so nobody waits for it. */
const AWAITED_DAYS = 7;

/** The sources that a run waits for: those whose contract wants them fresh within a week. */
export const expectedSources = (plan: Plan): ExpectedSource[] =>
  plan.sources.flatMap(({ name, fresh }) =>
    fresh !== null && fresh.days <= AWAITED_DAYS ? [{ name, stops: fresh.severity !== 'warn' }] : [],
  );

/** Looks whether the files of a day are there. Reads only, so asking again is safe; when to stop asking is the caller's. */
export async function senseSources(
  expected: readonly ExpectedSource[],
  arrivals: ArrivalDays,
  date: string,
): Promise<Sensed> {
  const there = await Promise.all(expected.map((source) => arrivals.has(source.name, date)));
  const missing = expected.filter((_, index) => !there[index]);
  return {
    date,
    ready: missing.length === 0,
    missing: missing.map((source) => source.name),
    stopping: missing.filter((source) => source.stops).map((source) => source.name),
  };
}
