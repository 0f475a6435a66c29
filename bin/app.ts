import { addLakehouse, createApp, requireCompliance } from '../lib/infra/app.ts';
import { builtDeployment } from '../lib/infra/built-deployment.ts';
import { EnvironmentError, environmentNamed } from '../lib/infra/environments.ts';

try {
  const app = createApp();
  const environment = environmentNamed(app.node.tryGetContext('env'));
  // cdk.json starts the built file, dist/bin/app.js: plan and bundles lie beside it, made by the same build.
  addLakehouse(app, builtDeployment(new URL('../', import.meta.url), environment));
  requireCompliance(app);
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
