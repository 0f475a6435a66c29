import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { type LambdaName, readSettings, type Settings } from '../../lib/aws/index.ts';
import { Telemeter, type Telemetry } from './telemetry.ts';

/** What a Lambda is made of once, when its environment starts. */
export interface Surroundings<Name extends LambdaName> {
  readonly settings: Settings<Name>;
  readonly telemetry: Telemetry;
}

/** An event that is not what the Lambda takes. Trying again does not help. */
export class BadEventError extends Error {
  constructor(name: LambdaName, cause: z.ZodError) {
    const faults = cause.issues.map((issue) => `${issue.path.join('.') || 'event'}: ${issue.message}`);
    super(`${name}: the event is not one it takes: ${faults.join('; ')}`, { cause });
    this.name = 'BadEventError';
  }
}

/**
 * The edge that all Lambdas share: reads settings and makes what `build` needs once; then for each call, parses the event,
 * keeps logs, trace and metrics, and lets errors through to whoever called, so that its retries see them.
 */
export function edge<Name extends LambdaName, Schema extends z.ZodType, Answer>(
  name: Name,
  schema: Schema,
  build: (surroundings: Surroundings<Name>) => (event: z.output<Schema>, context: Context) => Promise<Answer>,
): (event: unknown, context: Context) => Promise<Answer> {
  const settings = readSettings(name);
  const telemetry = new Telemeter(name, (settings as Settings<LambdaName>).ENVIRONMENT);
  const work = build({ settings, telemetry });
  return (event, context) =>
    telemetry.during(context, async () => {
      const parsed = schema.safeParse(event);
      if (!parsed.success) throw new BadEventError(name, parsed.error);
      return await work(parsed.data, context);
    });
}
