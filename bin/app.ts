import { addLakehouse, createApp, requireCompliance } from '../lib/infra/app.ts';
import { builtLakehouse } from '../lib/infra/built-lakehouse.ts';
import { EnvironmentError, environmentNamed } from '../lib/infra/environments.ts';

try {
  const app = createApp();
  // cdk.json starts the built file, dist/bin/app.js: plan and bundles lie beside it, made by the same build.
  const built = builtLakehouse(new URL('../', import.meta.url));
  const environment = environmentNamed(app.node.tryGetContext('env'), built.plan);
  addLakehouse(app, { ...built, environment });
  requireCompliance(app);
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
