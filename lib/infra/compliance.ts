import { type App, CfnResource, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R5Checks,
  PCIDSS321Checks,
  rules,
} from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { Suppression } from './suppressions.ts';

/** The rule packs that every environment passes. */
export const compliancePacks = (): (NagPack & IPolicyValidationPlugin)[] => [
  new AwsSolutionsChecks(),
  new NIST80053R5Checks(),
  new HIPAASecurityChecks(),
  new PCIDSS321Checks(),
];

/** The wildcards that AwsSolutions-IAM5 finds in a policy, each an id such as `Resource::*`. */
function wildcardsOf(node: IConstruct): readonly string[] {
  if (!CfnResource.isCfnResource(node)) return [];
  const found = rules.iam.IAMNoWildcardPermissions(node);
  return Array.isArray(found) ? found : [];
}

/** Whether a rule is judged on the finished template, by a program that synth does not start. */
const ofTemplate = (rule: string): boolean => /^(cfn-lint|checkov)::/.test(rule);

/** Acknowledges the decisions on the constructs that they name; those of stacks that an environment has not are left out. */
export function applySuppressions(app: App, suppressions: readonly Suppression[]): void {
  for (const { rules: ids, finding, reason, at } of suppressions) {
    for (const path of at) {
      const construct = constructAt(app, path);
      if (!construct) continue;
      if (finding === undefined) {
        const judged = ids.filter((id) => !ofTemplate(id));
        Validations.of(construct).acknowledge(...judged.map((id) => ({ id, reason })));
        continue;
      }
      for (const node of construct.node.findAll()) {
        const matching = wildcardsOf(node).filter((wildcard) => finding.test(wildcard));
        for (const wildcard of matching)
          Validations.of(node).acknowledge(...ids.map((id) => ({ id: `${id}[${wildcard}]`, reason })));
      }
    }
  }
}

/** The construct at a path of the app, such as `Storage/Raw`. */
export const constructAt = (app: App, path: string): IConstruct | undefined =>
  path.split('/').reduce<IConstruct | undefined>((at, id) => at?.node.tryFindChild(id), app);
