import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.ts';
import { MissingToolError, ToolError } from './errors.ts';
import { findPython, type Python } from './find-python.ts';
import { madeOnce } from './made-once.ts';
import { runProgram } from './run-program.ts';

/** A virtual environment: its interpreter, and the path of each program that its packages bring. */
export interface PythonEnvironment {
  readonly python: string;
  readonly bin: (name: string) => string;
}

const LOCKS = fileURLToPath(new URL('locks/', import.meta.url));
const windows = process.platform === 'win32';

/** The environment of a group, made from `locks/<group>.txt` where this machine does not have it yet. */
export async function pythonEnvironment(group: string): Promise<PythonEnvironment> {
  const python = await findPython();
  const uv = await uvProgram(python);
  const folder = await madeOnce(place(group, python), async (temporary) => {
    // Relocatable, so that it can be renamed; every file is held to the hashes of the lock.
    await must(group, uv, ['venv', '--quiet', '--relocatable', '--python', python.executable, temporary]);
    const into = ['--python', inside(temporary).python, '--require-hashes'];
    await must(group, uv, ['pip', 'sync', '--quiet', ...into, '--build-constraints', lockOf('build'), lockOf(group)]);
  });
  return inside(folder);
}

/** The installer of all other groups, itself installed by Python's own means. */
export async function uvProgram(python: Python): Promise<string> {
  const folder = await madeOnce(place('uv', python), async (temporary) => {
    const { code, stderr } = await runProgram(python.executable, ['-m', 'venv', temporary]);
    if (code !== 0)
      throw new MissingToolError(
        `${python.executable} cannot make a virtual environment: install its venv module (Debian: python3-venv)${tail(stderr)}`,
      );
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
    await must('uv', inside(temporary).python, ['-m', 'pip', 'install', ...quiet, '-r', lockOf('uv')]);
  });
  return inside(folder).bin('uv');
}

/** What the folder is named by: the same lock on the same interpreter is the same environment. */
function place(group: string, python: Python): string {
  const key = createHash('sha256').update(`${python.executable}\n${python.version}\n`);
  for (const lock of ['build', group]) key.update(readFileSync(lockOf(lock)));
  return join(cacheFolder(), 'python', `${group}-${python.version}-${key.digest('hex').slice(0, 16)}`);
}

function lockOf(group: string): string {
  const path = join(LOCKS, `${group}.txt`);
  if (existsSync(path)) return path;
  throw new ToolError(`no tool group ${group}: expected its lock at ${path}`);
}

function inside(folder: string): PythonEnvironment {
  const programs = join(folder, windows ? 'Scripts' : 'bin');
  const bin = (name: string) => join(programs, windows ? `${name}.exe` : name);
  return { python: bin('python'), bin };
}

async function must(group: string, program: string, args: readonly string[]): Promise<void> {
  const index = process.env.UV_DEFAULT_INDEX ?? process.env.PIP_INDEX_URL;
  const { code, stdout, stderr } = await runProgram(program, args, {
    ...process.env,
    ...(index === undefined ? {} : { UV_DEFAULT_INDEX: index }),
    UV_CACHE_DIR: join(cacheFolder(), 'uv'),
  });
  if (code !== 0)
    throw new ToolError(
      `the Python environment ${group} could not be made from ${lockOf(group)}${tail(stdout + stderr)}`,
    );
}

const tail = (said: string): string => `:\n${said.trim().split('\n').slice(-12).join('\n')}`;
