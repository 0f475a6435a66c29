import { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { METRICS } from '../../lib/aws/index.ts';
import { edge } from '../shared/edge.ts';
import { RawZone } from '../shared/raw-zone.ts';
import { readPlan } from '../shared/read-plan.ts';
import { expectedSources, senseSources } from './sense-sources.ts';

/** `{date}`, the day whose files are awaited -> `Sensed`. */
export const handler = edge('sense-sources', z.object({ date: z.iso.date() }), ({ settings, telemetry }) => {
  const raw = new RawZone(telemetry.traced(new S3Client({})), settings.RAW_BUCKET);
  const expected = expectedSources(readPlan());
  return async ({ date }) => {
    const sensed = await senseSources(expected, raw, date);
    telemetry.count(METRICS.missingSources, sensed.missing.length);
    telemetry.logger.info(sensed.ready ? 'all sources are there' : 'sources are missing', { ...sensed });
    return sensed;
  };
});
