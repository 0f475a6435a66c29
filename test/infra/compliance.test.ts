import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applySuppressions, compliancePacks, constructAt } from '../../lib/infra/compliance.ts';
import { ENVIRONMENT_NAMES, type Environment, type EnvironmentName } from '../../lib/infra/environments.ts';
import { SUPPRESSIONS } from '../../lib/infra/suppressions.ts';
import { lakehouseApp, WITH_EVERYTHING } from './synthesised.ts';

/** What the packs refuse: `rule at path`. */
function violationsOf(name: EnvironmentName, suppressed: boolean, change: Partial<Environment> = {}): string[] {
  const app = lakehouseApp(name, change);
  // As in cdk synth: findings are named after references between stacks have their final form.
  app.synth();
  if (suppressed) applySuppressions(app, SUPPRESSIONS);
  return compliancePacks().flatMap((pack) =>
    pack
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
      ),
  );
}

describe('compliance', () => {
  it('holds with SFTP and a second region too', () => {
    expect(violationsOf('prod', true, WITH_EVERYTHING)).toEqual([]);
  });

  it.each(ENVIRONMENT_NAMES)('%s passes AwsSolutions, NIST 800-53 R5, HIPAA and PCI DSS', (name) => {
    expect(violationsOf(name, true)).toEqual([]);
  });

  it('is what the built program comes to: its validation report has no finding left, CloudFormation’s own rules included', () => {
    const out = mkdtempSync(join(tmpdir(), 'lakehouse-synth-'));
    const { CDK_VALIDATION: _, ...variables } = process.env;
    const env = { ...variables, CDK_CONTEXT_JSON: JSON.stringify({ env: 'prod' }), CDK_OUTDIR: out };
    expect(spawnSync(process.execPath, ['dist/bin/app.js'], { env }).status).toBe(0);
    const { pluginReports } = JSON.parse(readFileSync(join(out, 'validation-report.json'), 'utf8'));
    expect(pluginReports.flatMap(({ violations }: { violations: object[] }) => violations)).toEqual([]);
  });

  it('has no suppression that no environment needs', () => {
    const needed = [
      ...ENVIRONMENT_NAMES.flatMap((name) => violationsOf(name, false)),
      ...violationsOf('prod', false, WITH_EVERYTHING),
    ].map((violation) => violation.split(' at '));
    const idle = SUPPRESSIONS.flatMap(({ rules, finding, at }) =>
      at.flatMap((path) =>
        rules
          // CloudFormation's own rules speak in the program's report alone, the others on templates: other tests read those.
          .filter((rule) => !/^(CloudFormation-Validate|cfn-lint|checkov)::/.test(rule))
          .filter(
            (rule) =>
              !needed.some(
                ([id = '', where = '']) =>
                  (where === path || where.startsWith(`${path}/`)) &&
                  (finding ? id.startsWith(`${rule}[`) && finding.test(id.slice(rule.length + 1, -1)) : id === rule),
              ),
          )
          .map((rule) => `${rule} at ${path}`),
      ),
    );
    expect(idle).toEqual([]);
  });

  it('gives a reason for every suppression, and binds it below a stack', () => {
    for (const { reason, at } of SUPPRESSIONS) {
      expect(reason.length).toBeGreaterThan(30);
      for (const path of at) expect(path).toMatch(/^[A-Za-z]+\/.+/);
    }
  });

  it('finds a construct by its path, and none where there is none', () => {
    const app = lakehouseApp('dev');
    expect(constructAt(app, 'Storage/Raw')?.node.path).toBe('Storage/Raw');
    expect(constructAt(app, 'Storage/Rwa')).toBeUndefined();
  });
});
