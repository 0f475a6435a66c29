import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addLakehouse, createApp, requireCompliance } from '../lib/infra/app.ts';
import type { CreatedTables } from '../lib/infra/created-tables.ts';
import { EnvironmentError, environmentNamed } from '../lib/infra/environments.ts';
import type { Plan } from '../lib/plan/index.ts';

// cdk.json starts the built file, dist/bin/app.js: plan and bundles lie beside it, made by the same build.
const built = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

try {
  const app = createApp();
  const environment = environmentNamed(app.node.tryGetContext('env'));
  const { plan } = JSON.parse(readFileSync(built('plan.json'), 'utf8')) as { plan: Plan };
  const created = JSON.parse(readFileSync(built('../lib/infra/created-tables.json'), 'utf8')) as CreatedTables;
  const assets = { lambdas: built('lambdas'), plan: built('plan.json'), glueScripts: built('../glue-scripts') };
  addLakehouse(app, { environment, plan, created, assets });
  requireCompliance(app);
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
