import { type App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import { OUTPUTS, type OutputName, stackName } from '../aws/index.ts';
import type { Deployment } from './deployment.ts';

/**
 * A stack of this lakehouse. Its construct id is the same in every environment, so that paths (suppressions) and
 * logical ids are too; its name in CloudFormation begins with the environment's prefix.
 */
export class LakeStack extends Stack {
  readonly deployment: Deployment;

  constructor(app: App, id: string, deployment: Deployment, description: string, region?: string) {
    const { environment } = deployment;
    super(app, id, {
      stackName: stackName(environment.prefix, id),
      env: { account: environment.account, region: region ?? environment.region },
      description,
      terminationProtection: environment.deletion.policy === 'retain',
    });
    this.deployment = deployment;
    Tags.of(this).add('lakehouse', environment.prefix);
    Tags.of(this).add('environment', environment.name);
  }

  /** Gives programs that know the environment's name a value, as `lib/aws/stacks.ts` names it. */
  protected give(name: OutputName, value: string): void {
    const { stack, output, says } = OUTPUTS[name];
    if (stack !== this.node.id) throw new TypeError(`${name} is an output of stack ${stack}, not of ${this.node.id}`);
    new CfnOutput(this, output, { value, description: says });
  }

  /** Listed in the environment, so that synth needs neither credentials nor a lookup. */
  override get availabilityZones(): string[] {
    return [...this.deployment.environment.availabilityZones];
  }
}

/** The deployment that a construct belongs to. */
export function deploymentOf(construct: Parameters<typeof Stack.of>[0]): Deployment {
  const stack = Stack.of(construct);
  if (stack instanceof LakeStack) return stack.deployment;
  throw new TypeError(`${construct.node.path}: expected to stand in a LakeStack, found in ${stack.constructor.name}`);
}
