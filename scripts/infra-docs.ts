// Writes what is read off the templates: new tables into created-tables.json, and the pages of docs/ that test/infra compares.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accessPage } from '../lib/infra/access-page.ts';
import { addLakehouse, createApp } from '../lib/infra/app.ts';
import { withNewTables } from '../lib/infra/created-tables.ts';
import { environmentNamed } from '../lib/infra/environments.ts';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const readJson = (name: string) => JSON.parse(readFileSync(path(name), 'utf8'));

// The pages need templates, not CloudFormation's opinion of them: that is asked by cdk synth.
process.env.CDK_VALIDATION = 'false';
const { plan } = readJson('dist/plan.json');
const created = withNewTables(readJson('lib/infra/created-tables.json'), plan);
const inOrder = Object.fromEntries(Object.entries(created).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path('lib/infra/created-tables.json'), `${JSON.stringify(inOrder, null, 2)}\n`);

const app = createApp({ outdir: mkdtempSync(join(tmpdir(), 'lakehouse-docs-')) });
const environment = environmentNamed('prod');
const assets = { lambdas: path('dist/lambdas'), plan: path('dist/plan.json'), glueScripts: path('glue-scripts') };
addLakehouse(app, { environment, plan, created, assets });
const { stacks } = app.synth();
const templates = Object.fromEntries(stacks.map(({ hierarchicalId, template }) => [hierarchicalId, template]));
writeFileSync(path('docs/access.md'), accessPage('prod', templates));
