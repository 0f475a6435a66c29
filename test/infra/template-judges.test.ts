import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, CfnResource } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES, environmentNamed } from '../../lib/infra/environments.ts';
import { LakeStack } from '../../lib/infra/lake-stack.ts';
import { SUPPRESSIONS } from '../../lib/infra/suppressions.ts';
import { lakehouseApp, WITH_EVERYTHING } from './synthesised.ts';
import { judgedTemplates } from './template-judges.ts';

const { region } = environmentNamed('prod');

/** Two minutes on a quiet machine; others may be at work. */
const PATIENCE_MS = 600_000;

/** The files of an app's templates, each with what its logical ids are the ids of. */
function templateFiles(app: App): Map<string, Map<string, string>> {
  const { directory } = app.synth();
  const stacks = app.node.children.filter((each): each is LakeStack => each instanceof LakeStack);
  return new Map(
    stacks.map((stack) => {
      const resources = stack.node.findAll().filter((node) => CfnResource.isCfnResource(node));
      const ids = resources.map(({ logicalId, node }) => [stack.resolve(logicalId) as string, node.path] as const);
      return [join(directory, stack.templateFile), new Map(ids)];
    }),
  );
}

describe('cfn-lint and checkov', () => {
  const findings = new Map<string, { rule: string; path: string }>();

  beforeAll(async () => {
    const apps = [...ENVIRONMENT_NAMES.map((name) => lakehouseApp(name)), lakehouseApp('prod', WITH_EVERYTHING)];
    const files = new Map(apps.flatMap((app) => [...templateFiles(app)]));
    for (const { rule, file, logicalId, message } of await judgedTemplates([...files.keys()], region)) {
      const path = files.get(file)?.get(logicalId ?? '') ?? `${file} ${logicalId}`;
      findings.set(`${rule} at ${path}: ${message}`, { rule, path });
    }
  }, PATIENCE_MS);

  it('find nothing in any template of any environment but what lib/infra/suppressions.ts decided', () => {
    const undecided = [...findings].filter(([, finding]) => !SUPPRESSIONS.some((each) => decides(each, finding)));
    expect(undecided.map(([words]) => words)).toEqual([]);
  });

  it('need every decision that names a rule of theirs', () => {
    const found = [...findings.values()];
    const idle = SUPPRESSIONS.flatMap(({ rules, at }) =>
      rules
        .filter((rule) => /^(cfn-lint|checkov)::/.test(rule))
        .flatMap((rule) => at.map((path) => ({ rules: [rule], at: [path] }))),
    ).filter((decision) => !found.some((finding) => decides(decision, finding)));
    expect(idle.map(({ rules, at }) => `${rules} at ${at}`)).toEqual([]);
  });
});

const decides = (
  { rules, at }: { rules: readonly string[]; at: readonly string[] },
  { rule, path }: { rule: string; path: string },
): boolean => rules.includes(rule) && at.some((where) => path === where || path.startsWith(`${where}/`));

it('both judges see what is wrong in a template that is', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'judged-')), 'Wrong.template.json');
  const Resources = {
    Open: { Type: 'AWS::S3::Bucket', Properties: { AccessControl: 'PublicRead' } },
    Misspelt: { Type: 'AWS::SNS::Topic', Properties: { TopicNmae: 'alerts' } },
  };
  writeFileSync(file, JSON.stringify({ Resources }));
  const found = (await judgedTemplates([file], region)).map(({ rule, logicalId }) => `${rule} at ${logicalId}`);
  expect(found).toEqual(expect.arrayContaining(['cfn-lint::E3002 at Misspelt', 'checkov::CKV_AWS_20 at Open']));
});
