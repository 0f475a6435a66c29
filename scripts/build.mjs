// Compiles bin/ and lib/ to dist/, and the contracts and SQL to dist/plan.json.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');
rmSync(new URL('dist/', root), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', fileURLToPath(new URL('tsconfig.build.json', root))], { stdio: 'inherit' });
chmodSync(new URL('dist/bin/lakehouse.js', root), 0o755);

// The plan is pure, so it is compiled once here; a start takes it while the SQL files are still the same.
const { readSqlFiles, writeCompiledPlan } = await import(new URL('dist/lib/cli/plan-files.js', root));
const { compile } = await import(new URL('dist/lib/plan/compile.js', root));
const { products } = await import(new URL('dist/lib/products/index.js', root));
const sql = readSqlFiles(fileURLToPath(new URL('sql/', root)));
writeCompiledPlan(fileURLToPath(new URL('dist/plan.json', root)), compile(products, sql), sql);
