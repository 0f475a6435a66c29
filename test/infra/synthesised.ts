import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addLakehouse, createApp } from '../../lib/infra/app.ts';
import { builtLakehouse } from '../../lib/infra/built-lakehouse.ts';
import type { CreatedTables } from '../../lib/infra/created-tables.ts';
import {
  type Environment,
  type EnvironmentName,
  environmentNamed,
  parseEnvironment,
} from '../../lib/infra/environments.ts';
import { LakeStack } from '../../lib/infra/lake-stack.ts';
import type { SynthesisedTemplate } from '../../lib/infra/readable.ts';
import type { Plan } from '../../lib/plan/index.ts';

// CloudFormation's own rules are part of `cdk synth`, and tested there; loading their engine takes longer than all else here.
process.env.CDK_VALIDATION = 'false';

const dist = new URL('../../dist/', import.meta.url);

/** The plan as the build left it. */
export const builtPlan = (): Plan => builtLakehouse(dist).plan;

/** The tables that exist already. */
export const createdTables = (): CreatedTables => builtLakehouse(dist).created;

/** Prod with what no environment has: SFTP, and a second region. */
export const WITH_EVERYTHING: Partial<Environment> = {
  switches: { ...environmentNamed('prod').switches, sftp: true },
  sftpUsers: [{ name: 'partner', publicKey: 'ssh-ed25519 AAAA partner', datasets: ['orders'] }],
  replicaRegion: 'eu-central-1',
};

/** An app with the stacks of an environment, not synthesised yet; `change` alters its record first. */
export function lakehouseApp(name: EnvironmentName, change: Partial<Environment> = {}, plan: Plan = builtPlan()): App {
  const app = createApp({ outdir: mkdtempSync(join(tmpdir(), 'lakehouse-cdk-')) });
  const environment = parseEnvironment({ ...environmentNamed(name), ...change });
  addLakehouse(app, { ...builtLakehouse(dist), environment, plan });
  return app;
}

/** The templates of an environment, by stack id. */
export interface Synthesised {
  readonly names: readonly string[];
  template(stack: string): Template;
  json(stack: string): SynthesisedTemplate;
}

const known = new Map<string, Synthesised>();

/** An environment as the repository has it, synthesised once per test file; a changed one each time. */
export function synthesised(name: EnvironmentName, change?: Partial<Environment>): Synthesised {
  const before = change ? undefined : known.get(name);
  if (before) return before;
  const app = lakehouseApp(name, change);
  const stacks = new Map(
    app.node.children.filter((each): each is Stack => each instanceof LakeStack).map((each) => [each.node.id, each]),
  );
  const templates = new Map<string, Template>();
  const template = (id: string): Template => {
    const stack = stacks.get(id);
    if (!stack) throw new Error(`no stack ${id} in ${name}; stacks: ${[...stacks.keys()].join(', ')}`);
    const made = templates.get(id) ?? Template.fromStack(stack);
    templates.set(id, made);
    return made;
  };
  const result = {
    names: [...stacks.keys()],
    template,
    json: (id: string) => template(id).toJSON() as SynthesisedTemplate,
  };
  if (!change) known.set(name, result);
  return result;
}
