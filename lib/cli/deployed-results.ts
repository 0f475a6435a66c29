import { resultKey } from '../aws/index.ts';
import type { DayBucket } from '../engines/bucket.ts';
import type { Outcome } from '../quality/index.ts';
import type { Validation } from '../run/validate.ts';

/** What the checks of a run left behind. */
export interface StoredChecks {
  readonly date: string;
  readonly run: string;
  readonly status: 'pass' | 'fail';
  readonly bytes: number;
  readonly checks: readonly Outcome[];
}

/** The results of the checks as of a day; of the last run of that day. Null when none were measured. */
export const storedChecks = async (results: DayBucket, date: string): Promise<StoredChecks | null> =>
  (await results.json(resultKey('checks', date))) as StoredChecks | null;

/** What the validation of a day found; null when that day was not judged. */
export const storedValidation = async (results: DayBucket, date: string): Promise<Validation | null> =>
  (await results.json(resultKey('validation', date))) as Validation | null;
