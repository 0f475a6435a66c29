import { setTimeout } from 'node:timers/promises';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { z } from 'zod';
import { ACCESS_ROLES, databaseName } from '../../lib/aws/index.ts';
import { redshiftOf } from '../../lib/engines/redshift.ts';
import { warehouseSteps } from '../../lib/plan/warehouse.ts';
import { edge } from '../shared/edge.ts';
import { readPlan } from '../shared/read-plan.ts';
import { loadWarehouse } from './load-warehouse.ts';

const eventSchema = z.object({
  date: z.iso.date(),
  run: z.string().min(1),
  step: z.int().min(0).default(0),
  id: z.string().nullable().default(null),
});

/** Forty looks a quarter of a second apart: short steps follow each other in one call. */
const PATIENCE = { looks: 40, pause: () => setTimeout(250) };

/** `{date, run}` -> `{done: false, …}`, to be given back as it is until `{done: true}`. A statement that failed is an error that names it. */
export const handler = edge('load-warehouse', eventSchema, ({ settings, telemetry }) => {
  const redshift = redshiftOf(telemetry.traced(new RedshiftDataClient({})), {
    workgroup: settings.REDSHIFT_WORKGROUP,
    database: settings.REDSHIFT_DATABASE,
    secretArn: settings.REDSHIFT_SECRET,
  });
  const steps = warehouseSteps(readPlan(), {
    database: (layer) => databaseName(settings.NAME_PREFIX, layer),
    lakeRole: settings.SPECTRUM_ROLE_ARN,
    roles: ACCESS_ROLES,
  });
  return async ({ date, ...loading }) => {
    const loaded = await loadWarehouse(steps, loading, redshift, PATIENCE);
    telemetry.logger.info(loaded.done ? 'loaded' : `at ${steps[loaded.step]?.name ?? 'the end'}`, { ...loaded });
    return { date, ...loaded };
  };
});
