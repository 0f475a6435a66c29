#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../lib/cli/commands.ts';
import { EXIT } from '../lib/cli/errors.ts';
import { main } from '../lib/cli/main.ts';

// Built, this file is dist/bin/lakehouse.js; from source it is bin/lakehouse.ts.
const built = import.meta.url.endsWith('.js');
const root = new URL(built ? '../../' : '../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };

let stop: (() => void) | null = null;

// A run is safe to kill at any moment, so an interrupt needs no ceremony unless a command asked for it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop !== null) {
      const orderly = stop;
      stop = null;
      return orderly();
    }
    process.stderr.write('\nlakehouse: interrupted; a lake is as it was before\n');
    process.exit(EXIT.interrupted);
  });
}

process.exitCode = await main(
  process.argv.slice(2),
  {
    products: async () => (await import('../lib/products/index.ts')).products,
    sqlFolder: fileURLToPath(new URL('sql/', root)),
    compiledPlan: built ? fileURLToPath(new URL('dist/plan.json', root)) : null,
    templates: async (deployment) =>
      (await import('../lib/infra/templates.ts')).templatesNamed(deployment, new URL('dist/', root)),
    deployment: async (name) => (await import('../lib/infra/environments.ts')).environmentNamed(name),
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt: (orderly) => {
      stop = orderly;
    },
    variables: process.env,
  },
  COMMANDS,
  version,
);
