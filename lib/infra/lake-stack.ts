import { type App, Stack, Tags } from 'aws-cdk-lib';
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
      stackName: `${environment.prefix}-${id.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}`,
      env: { account: environment.account, region: region ?? environment.region },
      description,
      terminationProtection: environment.deletion.policy === 'retain',
    });
    this.deployment = deployment;
    Tags.of(this).add('lakehouse', environment.prefix);
    Tags.of(this).add('environment', environment.name);
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
