// Makes dist/packages/validate-daily: the bundle with the engine beside it, for Lambda's platform, at the versions of the lock file.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const ENGINE = '@duckdb/node-api';

/** Manifest and lock file of the engine alone: every package that the project's lock file has for it. */
function extract(lock, engine) {
  const { version } = lock.packages[`node_modules/${engine}`];
  const manifest = { name: 'validate-daily', version: '1.0.0', private: true, dependencies: { [engine]: version } };
  const packages = { '': manifest };
  const take = (name) => {
    const path = `node_modules/${name}`;
    const entry = lock.packages[path];
    if (packages[path]) return;
    packages[path] = entry;
    for (const needed of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) take(needed);
  };
  take(engine);
  return { manifest, lock: { ...manifest, lockfileVersion: lock.lockfileVersion, requires: true, packages } };
}

const target = join(root, 'dist/packages/validate-daily');
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const { manifest, lock } = extract(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')), ENGINE);
writeFileSync(join(target, 'package.json'), JSON.stringify(manifest, null, 2));
writeFileSync(join(target, 'package-lock.json'), JSON.stringify(lock, null, 2));
const platform = ['--os=linux', '--cpu=arm64', '--libc=glibc'];
const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...platform];
execFileSync('npm', install, { cwd: target, stdio: 'inherit' });
for (const file of ['index.mjs', 'plan.json'])
  cpSync(join(root, 'dist/lambdas/validate-daily', file), join(target, file));
