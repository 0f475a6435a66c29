import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES, environmentNamed } from '../../lib/infra/environments.ts';
import { builtPlan, synthesised } from './synthesised.ts';

const plan = builtPlan();
const query = synthesised('prod').template('Query');
const saved = Object.values(query.findResources('AWS::Athena::NamedQuery')).map((each) => each.Properties);

describe.each(ENVIRONMENT_NAMES)('the workgroups of %s', (name) => {
  it.each([
    ['services', `lakehouse-${name}`, 'athena/'],
    ['analysts', `lakehouse-${name}-analysts`, 'analysts/'],
  ])('for %s enforces engine 3, encrypted answers and the limit on what a query scans', (_, Name, folder) => {
    synthesised(name)
      .template('Query')
      .hasResourceProperties('AWS::Athena::WorkGroup', {
        Name,
        WorkGroupConfiguration: {
          EnforceWorkGroupConfiguration: true,
          BytesScannedCutoffPerQuery: environmentNamed(name).athena.scanLimitBytes,
          EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
          ResultConfiguration: {
            OutputLocation: { 'Fn::Join': ['', ['s3://', Match.anyValue(), `/${folder}`]] },
            EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() },
          },
        },
      });
  });
});

describe('saved queries', () => {
  it('are the files of sql/analyst, those about refunds first', () => {
    expect(saved.map((each) => each.Name).sort()).toEqual(plan.queries.map((each) => each.name).sort());
    const refunds = saved.map((each) => each.Name.startsWith('refund'));
    expect(refunds.lastIndexOf(true)).toBeLessThan(refunds.indexOf(false));
  });

  it.each(saved.map((each) => [each.Name, each] as const))(
    '%s runs as it is saved: tables named, no parameter left',
    (_, each) => {
      expect(each.QueryString.replaceAll(/--.*/g, '')).not.toMatch(/\{\{|:as_of|\?/);
      const tables = [...each.QueryString.matchAll(/"(lakehouse_prod_[a-z]+)"[.]"([a-z0-9_]+)"/g)].map(
        ([, database, table]) => `${database}.${table}`,
      );
      const reads = plan.queries.find(({ name }) => name === each.Name)?.reads ?? [];
      expect([...new Set(tables)].sort()).toEqual(reads.map((read) => `lakehouse_prod_${read}`).sort());
    },
  );

  it('keep the author’s own text', () => {
    const text = readFileSync(new URL('../../sql/analyst/late-shipments.sql', import.meta.url), 'utf8');
    const query = saved.find((each) => each.Name === 'late-shipments')?.QueryString;
    expect(query.replaceAll(/"lakehouse_prod_([a-z]+)"[.]"([a-z0-9_]+)"/g, '$1.$2').trim()).toBe(text.trim());
  });

  it('take today where they take an as-of date', () => {
    expect(saved.find((each) => each.Name === 'undelivered-items')?.QueryString).toContain('current_date');
  });
});

describe('analysts', () => {
  const statements = Object.values(query.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    (each) => each.Properties.PolicyDocument.Statement,
  );
  const resourcesOf = (actions: RegExp): string[] =>
    statements
      .filter(({ Action }) => [Action].flat().some((action: string) => actions.test(action)))
      .flatMap(({ Resource }) => [Resource].flat().map((resource) => JSON.stringify(resource)));

  it('touch no bucket but that of query results', () => {
    const buckets = resourcesOf(/^s3:/);
    expect(buckets.length).toBeGreaterThan(0);
    for (const bucket of buckets) expect(bucket).toContain('Results');
  });

  it('read their own answers alone: those of services have columns that they do not see', () => {
    expect(resourcesOf(/^s3:GetObject$/)).toEqual([expect.stringContaining('"/analysts/*"')]);
    expect(resourcesOf(/^athena:/)).toEqual([expect.stringMatching(/:workgroup[/]lakehouse-prod-analysts"$/)]);
    expect(saved.map(({ WorkGroup }) => WorkGroup)).toEqual(saved.map(() => 'lakehouse-prod-analysts'));
  });
});
