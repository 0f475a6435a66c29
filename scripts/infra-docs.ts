// Writes the pages of docs/ that are read off the templates; test/infra compares them.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accessPage } from '../lib/infra/access-page.ts';
import { addLakehouse, createApp } from '../lib/infra/app.ts';
import { environmentNamed } from '../lib/infra/environments.ts';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

const app = createApp({ outdir: mkdtempSync(join(tmpdir(), 'lakehouse-docs-')) });
const { plan } = JSON.parse(readFileSync(path('dist/plan.json'), 'utf8'));
addLakehouse(app, { environment: environmentNamed('prod'), plan, assets: { lambdas: path('dist/lambdas') } });
const templates = Object.fromEntries(
  app.synth().stacks.map(({ displayName, template }) => [displayName.split(' ')[0], template]),
);
writeFileSync(path('docs/access.md'), accessPage('prod', templates));
