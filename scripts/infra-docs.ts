// Writes what is read off the templates: new tables into created-tables.json, and the pages of docs/ that test/infra compares.
// `--renew base.x` makes the record of a table anew that was never deployed anywhere.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accessPage } from '../lib/infra/access-page.ts';
import { awsPage } from '../lib/infra/aws-page.ts';
import { builtLakehouse } from '../lib/infra/built-lakehouse.ts';
import { costPage } from '../lib/infra/cost/cost-page.ts';
import { withNewTables, withoutTables } from '../lib/infra/created-tables.ts';
import { ENVIRONMENT_NAMES } from '../lib/infra/environments.ts';
import { templatesNamed } from '../lib/infra/templates.ts';

const root = new URL('../', import.meta.url);
/** What has not changed is not touched: a file of lib/ that is newer than dist/ asks for a build. */
function write(name: string, text: string): void {
  const path = fileURLToPath(new URL(name, root));
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
const dist = new URL('dist/', root);

const { values } = parseArgs({ options: { renew: { type: 'string', multiple: true, default: [] } } });
const { created: before, plan } = builtLakehouse(dist);
const created = withNewTables(withoutTables(before, values.renew), plan);
const inOrder = Object.fromEntries(Object.entries(created).sort(([a], [b]) => (a < b ? -1 : 1)));
write('lib/infra/created-tables.json', `${JSON.stringify(inOrder, null, 2)}\n`);

const templates = new Map(ENVIRONMENT_NAMES.map((name) => [name, templatesNamed(name, dist)]));
write('docs/access.md', accessPage('prod', templates.get('prod') ?? {}));
write('docs/aws.md', awsPage('prod', templates.get('prod') ?? {}));
write('docs/cost.md', costPage(templates));
