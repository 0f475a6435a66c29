import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { DeployedEnvironment } from '../aws/index.ts';
import { clientSettings } from './aws-client.ts';
import { AwsError } from './aws-error.ts';

/** Calls a Lambda and waits for its answer, as long as a Lambda may take. @throws AwsError with the function's own words. */
export async function callLambda(where: DeployedEnvironment, name: string, event: object): Promise<unknown> {
  // Asked once: a lost connection must not start the work again.
  const client = new LambdaClient({
    ...clientSettings(where),
    maxAttempts: 1,
    requestHandler: { requestTimeout: 960_000 },
  });
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  const answer: unknown = JSON.parse(Payload ? Buffer.from(Payload).toString('utf8') : 'null');
  if (!FunctionError) return answer;
  const { errorType = FunctionError, errorMessage = '' } = (answer ?? {}) as Readonly<Record<string, string>>;
  throw new AwsError(
    `the function ${name} failed: ${errorType}: ${errorMessage}; its log group is /aws/lambda/${name}`,
  );
}
