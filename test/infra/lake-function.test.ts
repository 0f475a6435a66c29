import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addLakehouse, createApp } from '../../lib/infra/app.ts';
import { builtLakehouse } from '../../lib/infra/built-lakehouse.ts';
import { LakeFunction } from '../../lib/infra/constructs/lake-function.ts';
import { LakeKey } from '../../lib/infra/constructs/lake-key.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { LakeStack } from '../../lib/infra/lake-stack.ts';
import { builtPlan, synthesised } from './synthesised.ts';

describe('a Lambda', () => {
  const orchestration = synthesised('prod').template('Orchestration');

  it('runs on Node 24 on arm64, traced, bounded, with the settings that its handler reads', () => {
    orchestration.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'lakehouse-prod-sense-sources',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
      ReservedConcurrentExecutions: Match.anyValue(),
      Environment: { Variables: { ENVIRONMENT: 'prod', RAW_BUCKET: Match.anyValue() } },
    });
  });

  it('logs to a group of its own, encrypted, for as long as the environment says', () => {
    orchestration.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/lambda/lakehouse-prod-sense-sources',
      RetentionInDays: 365,
      KmsKeyId: Match.anyValue(),
    });
  });

  it('has a role with managed policies and nothing inline', () => {
    const { names, template } = synthesised('prod');
    for (const stack of names) template(stack).resourceCountIs('AWS::IAM::Policy', 0);
    orchestration.allResourcesProperties('AWS::IAM::Role', { Policies: Match.absent() });
  });

  it('says how to build its bundle when that is missing', () => {
    const deployment = {
      environment: environmentNamed('dev'),
      plan: builtPlan(),
      created: {},
      assets: { lambdas: '/nowhere', packages: '/nowhere', plan: '', glueScripts: '' },
    };
    const stack = new LakeStack(createApp(), 'Somewhere', deployment, 'a stack');
    const props = {
      lambda: 'sense-sources',
      description: 'Does something.',
      settings: { RAW_BUCKET: 'raw' },
      key: new LakeKey(stack, 'Key', 'operations'),
      timeout: Duration.minutes(1),
    } as const;
    expect(() => new LakeFunction(stack, 'Missing', props)).toThrow(
      'the bundle of lambda sense-sources is missing: expected /nowhere/sense-sources/index.mjs; run npm run build',
    );
  });
});

describe('the Lambda with the engine', () => {
  const qualityWith = (packages: string) => {
    const app = createApp();
    const built = builtLakehouse(new URL('../../dist/', import.meta.url));
    addLakehouse(app, { ...built, environment: environmentNamed('dev'), assets: { ...built.assets, packages } });
    return app.node.findChild('Quality') as LakeStack;
  };
  const reason = 'dist/packages/validate-daily is missing: npm run package:engine, then deploy';

  it('is refused by CloudFormation when its package is missing, and synth warns', () => {
    const quality = qualityWith('/nowhere');
    expect(Object.values(Template.fromStack(quality).toJSON().Rules)).toContainEqual({
      Assertions: [{ Assert: { 'Fn::Contains': [['deployable'], 'not deployable'] }, AssertDescription: reason }],
    });
    Annotations.fromStack(quality).hasWarning('*', Match.stringLikeRegexp(reason));
  });

  it('is deployed from its package where there is one', () => {
    const packages = mkdtempSync(join(tmpdir(), 'packages-'));
    mkdirSync(join(packages, 'validate-daily'));
    writeFileSync(join(packages, 'validate-daily/index.mjs'), '// the bundle');
    const quality = qualityWith(packages);
    expect(
      Object.keys(Template.fromStack(quality).toJSON().Rules ?? {}).filter((id) => id.includes('Deployable')),
    ).toEqual([]);
    expect(Annotations.fromStack(quality).findWarning('*', Match.stringLikeRegexp(reason))).toEqual([]);
  });
});

describe('a managed policy', () => {
  it('stays below the 6144 characters that IAM takes', () => {
    const { names, json } = synthesised('prod');
    const policies = names.flatMap((stack) =>
      Object.values(json(stack).Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy'),
    );
    for (const policy of policies) expect(JSON.stringify(policy.Properties?.PolicyDocument).length).toBeLessThan(6144);
  });
});
