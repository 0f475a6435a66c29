import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../lib/tools/index.ts';
import { runProgram } from '../../lib/tools/run-program.ts';

const own = readdirSync(new URL('.', import.meta.url)).filter((name) => /^test_.*\.py$/.test(name));

test.each(own)('the interpreter’s own tests pass: %s', async (name) => {
  const { python } = await pythonEnvironment('spark');
  const tests = fileURLToPath(new URL(name, import.meta.url));
  const PYTHONPATH = fileURLToPath(new URL('../../glue-scripts', import.meta.url));
  const { code, stderr } = await runProgram(python, [tests], { ...process.env, PYTHONPATH });
  expect(stderr).toMatch(/Ran [1-9]\d* tests?/);
  expect(code, stderr).toBe(0);
});
