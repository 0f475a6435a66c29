import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { type DeployedEnvironment, OUTPUTS, type OutputName, stackName } from '../aws/index.ts';
import { clientSettings } from './aws-client.ts';
import { AwsError } from './aws-error.ts';

/** The outputs of an environment's stacks, as they are deployed. @throws AwsError for a stack that is not, or lacks the output. */
export async function stackOutputs<Name extends OutputName>(
  where: DeployedEnvironment,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const client = new CloudFormationClient(clientSettings(where));
  const stacks = new Map<string, Promise<Stack>>();
  for (const name of names) {
    const { stack } = OUTPUTS[name];
    if (!stacks.has(stack)) stacks.set(stack, describe(client, where, stack));
  }
  const values = names.map(async (name) => {
    const { stack, output, says } = OUTPUTS[name];
    const found = (await stacks.get(stack))?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
    if (found) return [name, found] as const;
    throw new AwsError(
      `stack ${stackName(where.prefix, stack)} has no output ${output} (${says}): it is older than this program; ${deploy(where, stack)}`,
    );
  });
  return Object.fromEntries(await Promise.all(values)) as Record<Name, string>;
}

const deploy = ({ name }: DeployedEnvironment, stack: string): string => `npx cdk deploy -c env=${name} ${stack}`;

async function describe(client: CloudFormationClient, where: DeployedEnvironment, stack: string): Promise<Stack> {
  const name = stackName(where.prefix, stack);
  const missing = `stack ${name} is not deployed in account ${where.account}, ${where.region}: ${deploy(where, stack)} (docs/deploying.md), or sign in to that account`;
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const [found] = Stacks;
    if (found) return found;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
    throw new AwsError(missing, error);
  }
  throw new AwsError(missing);
}
