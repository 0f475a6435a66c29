import { AthenaClient } from '@aws-sdk/client-athena';
import { z } from 'zod';
import { exportFolder, LATEST_EXPORT } from '../../lib/aws/index.ts';
import { athenaOf } from '../../lib/engines/athena.ts';
import { edge } from '../shared/edge.ts';
import { startedSchema } from '../shared/queries.ts';
import { readPlan } from '../shared/read-plan.ts';
import { Results } from '../shared/results.ts';
import { ExportsFailedError, exportAnswers } from './export-answers.ts';

const eventSchema = z.object({
  date: z.iso.date(),
  run: z.string().min(1),
  kind: z.enum(['export', 'report']).default('export'),
  queries: z.array(startedSchema).default([]),
});

/**
 * `{date, run, kind?}` -> `{done: false, …}`, to be given back as it is until `{done: true, exported}`. Fails when all have
 * ended and one could not be written; those that could are announced by then, and once more, the same, if it is repeated.
 */
export const handler = edge('export-answers', eventSchema, ({ settings, telemetry }) => {
  const athena = athenaOf(telemetry.traced(new AthenaClient({})), settings.ATHENA_WORKGROUP);
  const archive = new Results((client) => telemetry.traced(client), settings.ARCHIVE_BUCKET);
  const plan = readPlan();
  const place = { prefix: settings.NAME_PREFIX, bucket: settings.ARCHIVE_BUCKET };
  return async ({ date, run, kind, queries }) => {
    const state = await exportAnswers(plan, place, { date, run, kind, queries }, athena);
    const { started, done, exported, unexported, failed } = state;
    if (!done) return { date, run, kind, done, queries: started };
    for (const { exposure, tables } of exported) {
      await archive.put(`${exportFolder(exposure, date)}${LATEST_EXPORT}`, { date, run, tables });
    }
    if (unexported.length > 0) throw new ExportsFailedError(unexported, failed);
    return { date, run, done, exported };
  };
});
