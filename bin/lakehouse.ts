#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../lib/cli/commands.ts';
import { EXIT } from '../lib/cli/errors.ts';
import { main } from '../lib/cli/main.ts';
import { endStatements } from '../lib/engines/statements.ts';

// Built, this file is dist/bin/lakehouse.js; from source it is bin/lakehouse.ts.
const built = import.meta.url.endsWith('.js');
const root = new URL(built ? '../../' : '../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };

let stop: (() => void) | null = null;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

// A run is safe to kill at any moment, so an interrupt needs no ceremony unless a command asked for it.
function interrupted(): void {
  if (stop !== null) {
    const orderly = stop;
    stop = null;
    return orderly();
  }
  // Whatever the engine is at, the next signal ends the process: the system does it, without a line of ours.
  for (const signal of SIGNALS) process.removeListener(signal, interrupted);
  process.stderr.write('\nlakehouse: interrupted; a lake has all of what was published, and nothing else\n');
  void endStatements().then(() => process.exit(EXIT.interrupted));
}
for (const signal of SIGNALS) process.on(signal, interrupted);

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
