import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonEnvironment } from '../../lib/tools/index.ts';

const run = promisify(execFile);

/** What a Python program of this folder prints on its last line, as JSON. */
export async function asked<T>(cwd: string, program: string, ...args: readonly string[]): Promise<T> {
  const { python } = await pythonEnvironment('validators');
  const script = fileURLToPath(new URL(program, import.meta.url));
  const { stdout } = await run(python, [script, ...args], { cwd, maxBuffer: 2 ** 28 });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n', stdout.length - 2) + 1)) as T;
}
