/** Prepares every Python environment and every jar that the tests need, each once per machine. */
import { readdirSync } from 'node:fs';
import { findJava, jarSets, jars, pythonEnvironment } from '../lib/tools/index.ts';

/** Locks and jars that no test needs: the installer's own, what packages are built with, and what only benchmarks run. */
const NOT_FOR_TESTS = ['uv', 'build', 'peers', 'soda', 'deequ'];
const LOCKS = new URL('../lib/tools/locks/', import.meta.url);

const groups = readdirSync(LOCKS).flatMap((file) => /^(.+)\.txt$/.exec(file)?.[1] ?? []);
const forTests = (names: readonly string[]) => names.filter((name) => !NOT_FOR_TESTS.includes(name));

try {
  await findJava();
  await Promise.all([
    ...forTests(groups).map((group) => told(`Python environment ${group}`, pythonEnvironment(group))),
    ...forTests(jarSets()).map((set) => told(`jars ${set}`, jars(set))),
  ]);
} catch (error) {
  const known = error instanceof Error && /^(MissingTool|Tool)Error$/.test(error.name);
  console.error(known ? `npm run tools (npm run test:fast does without): ${error.message}` : error);
  process.exit(1);
}

/** Says when something that had to be fetched is ready, and nothing where it was there already. */
async function told(what: string, prepared: Promise<unknown>): Promise<void> {
  const started = performance.now();
  await prepared;
  const seconds = (performance.now() - started) / 1000;
  if (seconds > 2) console.log(`${what} is ready after ${seconds.toFixed(0)} s`);
}
