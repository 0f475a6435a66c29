import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../lib/plan/index.ts';
import { arrivalDays } from '../../lib/run/judge-day.ts';
import { type Validation, validate } from '../../lib/run/validate.ts';
import { inTurn } from '../shared/in-turn.ts';

/** One raw file, wherever it stands. */
export interface Delivered {
  readonly key: string;
  /** The day that it arrived. */
  readonly date: string;
  /** Relative to the raw zone. */
  readonly path: string;
  readonly bytes: number;
}

/** The raw zone, as far as a validation needs it. */
export interface Deliveries {
  /** A dataset's files that arrived on a day or later, by day. */
  since(dataset: string, date: string): AsyncIterable<Delivered>;
  fetch(key: string, to: string): Promise<void>;
}

/** A day judged here, or left to the Glue job's validate mode. */
export type Decision =
  | { readonly decision: 'judged'; readonly bytes: number; readonly validation: Validation }
  | { readonly decision: 'too_large'; readonly bytes: number; readonly limit: number };

/** What the function's storage and time are sure to hold: 2 GiB of text, which stands there twice and once more as typed rows. */
const DAY_BYTES = 2 * 1024 ** 3;
/** What a compressed byte may become. */
const UNPACKED = 10;
/** Files fetched at once. */
const SIDE_BY_SIDE = 8;

/**
 * Judges one day's raw files with the laptop's own engine, on copies in this function's storage: the records, fates, numbers
 * and offenders are those that the run will give. Leaves nothing behind, so it may be repeated.
 */
export async function validateDaily(
  plan: Plan,
  date: string,
  deliveries: Deliveries,
  options: { readonly memoryLimit?: string; readonly dayBytes?: number } = {},
): Promise<Decision> {
  const { dayBytes = DAY_BYTES, ...engine } = options;
  const files = await filesOf(plan, date, deliveries);
  const bytes = files.reduce((sum, file) => sum + footprint(file), 0);
  if (bytes > dayBytes) return { decision: 'too_large', bytes, limit: dayBytes };
  const raw = mkdtempSync(join(tmpdir(), 'raw-'));
  try {
    await inTurn(files, SIDE_BY_SIDE, (file) => deliveries.fetch(file.key, join(raw, file.path)));
    const validation = await validate({ plan, raw, date, only: [], onTable: () => {}, ...engine });
    return { decision: 'judged', bytes, validation };
  } finally {
    rmSync(raw, { recursive: true, force: true });
  }
}

/** The files that may hold records of the day: each source's, as far back and ahead as its tables want. */
async function filesOf(plan: Plan, date: string, deliveries: Deliveries): Promise<Delivered[]> {
  const files: Delivered[] = [];
  for (const source of plan.sources) {
    const spans = plan.tables
      .filter((table) => source.feeds.includes(table.name))
      .map((table) => arrivalDays(table, date));
    const from = spans.map((span) => span.from).sort()[0];
    if (from === undefined) continue;
    const to = spans.some((span) => span.to === null) ? null : date;
    for await (const file of deliveries.since(source.name, from)) {
      if (to !== null && file.date > to) break;
      files.push(file);
    }
  }
  return files;
}

const footprint = ({ path, bytes }: Delivered): number => (/[.](gz|parquet)$/.test(path) ? bytes * UNPACKED : bytes);
