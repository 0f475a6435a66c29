import { Annotations, CfnRule, Fn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Lets a stack be looked at, but not deployed: synth and diff go on with a warning, and CloudFormation refuses the template with
 * the same words before it touches a resource, by a rule that never holds.
 */
export function refuseDeployment(construct: Construct, reason: string): void {
  Annotations.of(construct).addWarningV2('lakehouse:not-deployable', reason);
  new CfnRule(construct, 'Deployable', {
    assertions: [{ assert: Fn.conditionContains(['deployable'], 'not deployable'), assertDescription: reason }],
  });
}
