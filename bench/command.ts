import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PythonEnvironment } from '../lib/tools/index.ts';

/** What a command took, the processes that it started included. */
export interface Taken {
  readonly seconds: number;
  /** User and system. On a busy machine this, not the clock, is what can be compared. */
  readonly cpuSeconds: number;
  /** Resident memory of all processes together, looked at ten times a second. */
  readonly peakMiB: number;
  /** The last line that was printed. */
  readonly last: string;
}

const MEASURED = fileURLToPath(new URL('peers/measured.py', import.meta.url));

/** Runs a command to its end and takes its measure. @throws when it fails. */
export function measureCommand(
  { python }: PythonEnvironment,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Taken {
  const options = { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 26 } as const;
  const { stdout, stderr } = spawnSync(python, [MEASURED, ...command], options);
  const { code, tail, ...taken } = JSON.parse(stdout || 'null') ?? { code: null, tail: [stderr] };
  if (code !== 0) throw new Error(`${command.join(' ')} failed (${code}):\n${tail.join('\n')}`);
  return taken;
}
