import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../plan/index.ts';
import type { CreatedTables } from './created-tables.ts';
import type { Deployment } from './deployment.ts';

/** A lakehouse as the last build left it in `dist/` (a folder's URL, with its slash): all of a deployment but where it goes. */
export function builtLakehouse(dist: URL): Omit<Deployment, 'environment'> {
  const path = (name: string) => fileURLToPath(new URL(name, dist));
  const read = (name: string): unknown => JSON.parse(readFileSync(path(name), 'utf8'));
  const { plan } = read('plan.json') as { plan: Plan };
  return {
    plan,
    created: read('../lib/infra/created-tables.json') as CreatedTables,
    assets: {
      lambdas: path('lambdas'),
      packages: path('packages'),
      plan: path('plan.json'),
      glueScripts: path('../glue-scripts'),
    },
  };
}
