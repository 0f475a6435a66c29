import { z } from 'zod';
import { reportSchema } from '../../lib/alerts/index.ts';
import type { Validation } from '../../lib/run/validate.ts';

const count = z.int().nonnegative();

const validationSchema = z.object({
  date: z.iso.date(),
  status: z.enum(['pass', 'fail']),
  seconds: z.number(),
  tables: z.array(
    z.object({
      name: z.string(),
      read: count,
      accepted: count,
      duplicate: count,
      superseded: count,
      quarantined: count,
    }),
  ),
  checks: reportSchema.shape.outcomes,
  files: z.array(
    z.object({
      path: z.string(),
      dataset: z.string(),
      rows: count,
      status: z.enum(['loaded', 'known', 'duplicate', 'refused']),
      reason: z.string().exactOptional(),
    }),
  ),
});

/** What the Glue job's validate mode wrote of a day. @throws when that is of another day, or no validation at all. */
export function parseJobFindings(date: string, found: unknown): Validation {
  const parsed = validationSchema.safeParse(found);
  if (!parsed.success)
    throw new Error(`what the Glue job found of ${date} is no validation: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  if (parsed.data.date !== date) throw new Error(`the Glue job judged ${parsed.data.date}, not ${date}`);
  return parsed.data;
}
