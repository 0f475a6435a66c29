import {
  type AddToPrincipalPolicyResult,
  type IPrincipal,
  ManagedPolicy,
  type PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What a role is for, who takes it, and what it may do. */
interface ServiceRoleProps {
  readonly assumedBy: IPrincipal;
  /** What it is for, in one sentence: shown in `docs/access.md`. */
  readonly description: string;
  readonly may?: readonly PolicyStatement[];
}

/**
 * The role of a service. Its permissions, CDK's own grants included, are one managed policy: inline policies fail
 * three compliance packs. A role is made after its policy, so whatever takes the role finds its permissions there.
 */
export class ServiceRole extends Role {
  private permissions: ManagedPolicy | undefined;

  constructor(scope: Construct, id: string, { assumedBy, description, may = [] }: ServiceRoleProps) {
    super(scope, id, { assumedBy, description });
    for (const statement of may) this.addToPrincipalPolicy(statement);
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    if (this.permissions === undefined) {
      this.permissions = new ManagedPolicy(this, 'Permissions');
      this.addManagedPolicy(this.permissions);
    }
    this.permissions.addStatements(statement);
    return { statementAdded: true, policyDependable: this.permissions };
  }
}
