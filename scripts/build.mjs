// Compiles bin/ and lib/ to dist/, the contracts and SQL to dist/plan.json, and bundles the Lambdas to dist/lambdas/.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildLambdas } from './build-lambdas.mjs';

const root = new URL('../', import.meta.url);
const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
// Built aside and then put in place, so that a command started meanwhile finds either the old program or the new one.
const next = new URL('.dist-next/', root);
rmSync(next, { recursive: true, force: true });
const project = fileURLToPath(new URL('tsconfig.build.json', root));
execFileSync(process.execPath, [tsc, '-p', project, '--outDir', fileURLToPath(next)], { stdio: 'inherit' });
chmodSync(new URL('bin/lakehouse.js', next), 0o755);
// What the program starts or reads beside its own modules.
for (const beside of [
  'lib/tools/locks/',
  'lib/parity/spark/run_sql.py',
  'lib/parity/trino/TrinoServer.java',
  'glue-scripts/lakehouse/__init__.py',
  'glue-scripts/lakehouse/session.py',
])
  cpSync(new URL(beside, root), new URL(beside, next), { recursive: true });

// The plan is pure, so it is compiled once here; a start takes it while the SQL files are still the same.
const { readSqlFiles, writeCompiledPlan } = await import(new URL('lib/cli/plan-files.js', next));
const { compile } = await import(new URL('lib/plan/compile.js', next));
const { products } = await import(new URL('lib/products/index.js', next));
const sql = readSqlFiles(fileURLToPath(new URL('sql/', root)));
writeCompiledPlan(fileURLToPath(new URL('plan.json', next)), compile(products, sql), sql);
await buildLambdas(fileURLToPath(next));

const dist = new URL('dist/', root);
rmSync(dist, { recursive: true, force: true });
renameSync(next, dist);
