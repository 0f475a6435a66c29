/** Locks the groups named, or all: lib/tools/locks/<group>.in becomes <group>.txt with the hashes of every file. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findPython } from '../lib/tools/find-python.ts';
import { uvProgram } from '../lib/tools/python-environment.ts';

const LOCKS = fileURLToPath(new URL('../lib/tools/locks/', import.meta.url));
const ALL = readdirSync(LOCKS).flatMap((file) => /^(.+)\.in$/.exec(file)?.[1] ?? []);
const HOW = ['--universal', '--python-version', '3.11', '--generate-hashes', '--no-emit-index-url', '--no-annotate'];

const named = process.argv.slice(2);
const uv = await uvProgram(await findPython());
for (const group of named.length > 0 ? named : ALL) {
  const saying = ['--custom-compile-command', `npm run lock:python ${group}`];
  execFileSync(uv, ['pip', 'compile', '--quiet', ...HOW, ...saying, `${group}.in`, '-o', `${group}.txt`], {
    cwd: LOCKS,
    stdio: 'inherit',
  });
  console.log(`locked ${group}`);
}
