import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { LambdaName } from '../../lib/aws/index.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';

/** What a deployed Lambda answered, or the message of its error. */
export interface Answered {
  readonly failed: boolean;
  readonly answer: unknown;
}

/** Calls a Lambda as it was deployed: the bundle in the emulator's own process, with the settings that its construct gave it. */
export async function invoke(lambda: LambdaName, event: object): Promise<Answered> {
  const call = { FunctionName: `${environmentNamed('uat').prefix}-${lambda}`, Payload: JSON.stringify(event) };
  const { FunctionError, Payload } = await new LambdaClient({ maxAttempts: 1 }).send(new InvokeCommand(call));
  return {
    failed: FunctionError !== undefined,
    answer: JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null'),
  };
}
