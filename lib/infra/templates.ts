import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addLakehouse, createApp } from './app.ts';
import { builtLakehouse } from './built-lakehouse.ts';
import type { Deployment } from './deployment.ts';
import { environmentNamed } from './environments.ts';
import { LakeStack } from './lake-stack.ts';
import type { Templates } from './rights.ts';

/** The templates of an environment by stack, in the order in which stacks build on each other; judged by no rule pack, and nothing is left on disk. */
export function templatesOf(deployment: Deployment): Templates {
  const outdir = mkdtempSync(join(tmpdir(), 'lakehouse-synth-'));
  // CloudFormation's own rules are asked by cdk synth; loading their engine takes longer than all else here.
  process.env.CDK_VALIDATION = 'false';
  try {
    const app = createApp({ outdir });
    addLakehouse(app, deployment);
    const assembly = app.synth();
    const stacks = app.node.children.filter((each) => each instanceof LakeStack);
    return Object.fromEntries(
      stacks.map(({ node, stackName }) => [node.id, assembly.getStackByName(stackName).template]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The templates of the environment of a name, of the lakehouse that the last build left in `dist`. @throws EnvironmentError */
export function templatesNamed(environment: string, dist: URL): Templates {
  const built = builtLakehouse(dist);
  return templatesOf({ ...built, environment: environmentNamed(environment, built.plan) });
}
