import type { Context } from 'aws-lambda';
import type { COMMON_SETTINGS, LambdaName, Settings } from '../../lib/aws/index.ts';

/** The context of a call, as far as handlers look at it. */
export const context = (remainingMs = 60_000): Context =>
  ({
    functionName: 'test',
    awsRequestId: 'request-1',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:test',
    getRemainingTimeInMillis: () => remainingMs,
  }) as Context;

type Own<Name extends LambdaName> = Omit<Settings<Name>, (typeof COMMON_SETTINGS)[number]>;

/** Starts the very bundle that is deployed, with its settings in the environment. Metrics and logs stay quiet. */
export async function start<Name extends LambdaName, Answer>(
  name: Name,
  settings: Own<Name>,
): Promise<(event: unknown, context?: Context) => Promise<Answer>> {
  const quiet = { POWERTOOLS_DEV: 'false', POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  Object.assign(
    process.env,
    quiet,
    { AWS_REGION: 'eu-west-1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ENVIRONMENT: 'test' },
    settings,
  );
  const bundle = new URL(`../../dist/lambdas/${name}/index.mjs`, import.meta.url).href;
  const { handler } = await import(bundle);
  return (event, given = context()) => handler(event, given);
}
