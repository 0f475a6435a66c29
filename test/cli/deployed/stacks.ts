import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { OUTPUTS, type OutputName, stackName } from '../../../lib/aws/index.ts';

/** What the stacks of dev say. */
export const DEPLOYED: Readonly<Record<OutputName, string>> = {
  rawBucket: 'dev-raw',
  processedBucket: 'dev-processed',
  quarantineBucket: 'dev-quarantine',
  archiveBucket: 'dev-archive',
  resultsBucket: 'dev-results',
  workgroup: 'dev-workgroup',
  validation: 'dev-validate',
  machine: 'arn:aws:states:eu-west-1:111122223333:stateMachine:dev-run',
};

/** An error as the SDK throws it. */
export const awsError = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

/** In place of CloudFormation: the stacks of dev with these outputs; a stack of which none is named is not deployed. */
export function fakeStacks(outputs: Partial<Record<OutputName, string>> = DEPLOYED) {
  const client = mockClient(CloudFormationClient);
  client.on(DescribeStacksCommand).callsFake(({ StackName }) => {
    const given = Object.entries(OUTPUTS).filter(([, { stack }]) => stackName('lakehouse-dev', stack) === StackName);
    const Outputs = given.flatMap(([name, { output }]) => {
      const OutputValue = outputs[name as OutputName];
      return OutputValue === undefined ? [] : [{ OutputKey: output, OutputValue }];
    });
    if (Outputs.length === 0) throw awsError('ValidationError', `Stack with id ${StackName} does not exist`);
    return { Stacks: [{ Outputs }] };
  });
  return client;
}
