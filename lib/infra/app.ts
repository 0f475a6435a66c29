import { App, type AppProps, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import { applySuppressions, compliancePacks } from './compliance.ts';
import type { Deployment } from './deployment.ts';
import { parseEnvironment } from './environments.ts';
import { AccountStack } from './stacks/account.ts';
import { AlertsStack } from './stacks/alerts.ts';
import { BusinessIntelligenceStack } from './stacks/business-intelligence.ts';
import { CatalogStack } from './stacks/catalog.ts';
import { GovernanceStack } from './stacks/governance.ts';
import { IngestionStack } from './stacks/ingestion.ts';
import { MachineLearningStack } from './stacks/machine-learning.ts';
import { ObservabilityStack } from './stacks/observability.ts';
import { OrchestrationStack } from './stacks/orchestration.ts';
import { ProcessingStack } from './stacks/processing.ts';
import { QualityStack } from './stacks/quality.ts';
import { QueryStack } from './stacks/query.ts';
import { ReplicaStack } from './stacks/replica.ts';
import { StorageStack } from './stacks/storage.ts';
import { WarehouseStack } from './stacks/warehouse.ts';
import { SUPPRESSIONS } from './suppressions.ts';

/** CDK behaviour that this app was written for; in code, so that tests and the command line agree. */
const FLAGS = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:target-partitions': ['aws'],
  '@aws-cdk/core:enablePartitionLiterals': true,
  // A stack whose value another one uses cannot take it away.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};

/** An empty CDK app with this project's settings; the command line adds its context by itself. */
export const createApp = (props: AppProps = {}): App =>
  new App({ analyticsReporting: false, context: FLAGS, ...props });

/**
 * Adds the stacks of one environment to an app, in the order in which they build on each other. Pure but for the app:
 * no credentials, no lookups, the same templates for the same plan.
 * @throws EnvironmentError when the environment is not one that can be deployed with the plan.
 */
export function addLakehouse(app: App, deployment: Deployment): void {
  parseEnvironment(deployment.environment, deployment.plan);
  const storage = new StorageStack(app, deployment);
  const { replicaRegion } = deployment.environment;
  if (replicaRegion !== null) storage.addStackDependency(new ReplicaStack(app, deployment, replicaRegion));
  const alerts = new AlertsStack(app, deployment, storage);
  const catalog = new CatalogStack(app, deployment, storage, alerts);
  const governance = new GovernanceStack(app, deployment, storage);
  governance.addStackDependency(catalog);
  new ProcessingStack(app, deployment, storage, alerts);
  new QueryStack(app, deployment, { storage, governance, alerts });
  if (deployment.environment.ownsAccountSettings) governance.addStackDependency(new AccountStack(app, deployment));
  new IngestionStack(app, deployment, storage, alerts);
  const quality = new QualityStack(app, deployment, storage, alerts);
  quality.addStackDependency(catalog);
  const warehouse = new WarehouseStack(app, deployment, storage, alerts);
  const steps = [{ name: 'Warehouse', functionArn: warehouse.load.functionArn }];
  if (deployment.environment.switches.sageMaker) {
    const { publish } = new MachineLearningStack(app, deployment, storage, alerts);
    steps.push({ name: 'Features', functionArn: publish.functionArn });
  }
  const intelligence = deployment.environment.switches.quickSight
    ? new BusinessIntelligenceStack(app, deployment, storage, warehouse)
    : null;
  const dataSetIds = intelligence?.dataSets.map((each) => each.dataSetId) ?? [];
  new OrchestrationStack(app, deployment, { storage, alerts, quality, steps, dataSetIds });
  // Last: it looks for what all others have.
  new ObservabilityStack(app, deployment, alerts);
}

/** Makes every rule pack a condition of synth: what is neither kept nor suppressed with a reason stops it. */
export function requireCompliance(app: App): void {
  // References between stacks get their final form, and so findings their final names, just before validation.
  const suppressions: IPolicyValidationPlugin = {
    name: 'Suppressions',
    validate: () => {
      applySuppressions(app, SUPPRESSIONS);
      return { success: true, violations: [] };
    },
  };
  Validations.of(app).addPlugins(suppressions, ...compliancePacks());
}
