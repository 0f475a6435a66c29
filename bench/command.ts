import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from '../lib/tools/index.ts';
import { median } from './measure.ts';

/** A command of its own, as a practitioner starts it. */
export interface Command {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a command took, the processes that it started included. */
export interface Taken {
  readonly seconds: number;
  /** User and system. On a busy machine this, not the clock, is what can be compared. */
  readonly cpuSeconds: number;
  /** Resident memory of all processes together, looked at ten times a second. */
  readonly peakMiB: number;
  /** What it printed, errors included. */
  readonly output: string;
  readonly code: number;
  /** Why it was killed, when it was: it took too long, or too much memory. */
  readonly stopped: string | null;
}

const MEASURED = fileURLToPath(new URL('peers/measured.py', import.meta.url));
const { python } = await pythonEnvironment('peers');

/** Runs a command to its end and takes its measure, however it ends. */
export function taken({ command, env = {} }: Command): Taken {
  const options = { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 28 } as const;
  const { stdout, stderr } = spawnSync(python, [MEASURED, ...command], options);
  if (stdout === '') throw new Error(`${command.join(' ')} could not be measured:\n${stderr}`);
  return JSON.parse(stdout);
}

/** The same of a command that must end well or be stopped. @throws when it fails. */
export function measureCommand(command: Command): Taken {
  const found = taken(command);
  if (found.code !== 0 && found.stopped === null)
    throw new Error(`${command.command.join(' ')} failed (${found.code}):\n${lastLines(found.output, 12)}`);
  return found;
}

/** What several runs of a command took. */
export interface Middle {
  readonly name: string;
  readonly runs: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly stopped: string | null;
}

/**
 * Runs each of some commands so many times, in turns, so that a noisy machine disturbs all alike; what was stopped once is
 * not tried again. `once` runs a command and judges what it made. Gives the medians.
 */
export async function inTurns(
  names: readonly string[],
  rounds: number,
  once: (name: string) => Promise<Taken>,
): Promise<Middle[]> {
  const runs = new Map<string, Taken[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, earlier] of runs) {
      if (earlier.some(({ stopped }) => stopped !== null)) continue;
      const took = await once(name);
      earlier.push(took);
      console.error(
        `${name}: ${took.cpuSeconds.toFixed(1)} s of processors, ${took.seconds.toFixed(1)} s, ${took.peakMiB.toFixed(0)} MiB${took.stopped === null ? '' : `: ${took.stopped}`}`,
      );
    }
  }
  return [...runs].map(([name, all]) => {
    const middle = (field: 'seconds' | 'cpuSeconds' | 'peakMiB') => median(all.map((each) => each[field]));
    const figures = { seconds: middle('seconds'), cpuSeconds: middle('cpuSeconds'), peakMiB: middle('peakMiB') };
    return {
      name,
      runs: all.length,
      ...figures,
      stopped: all.find(({ stopped }) => stopped !== null)?.stopped ?? null,
    };
  });
}

/** The figures of a line of a table. */
export const figuresOf = ({ cpuSeconds, seconds, peakMiB }: Middle): string[] => [
  cpuSeconds.toFixed(1),
  seconds.toFixed(1),
  peakMiB.toFixed(0),
];

/** The end of what a program printed. */
export const lastLines = (output: string, count = 1): string => output.trim().split('\n').slice(-count).join('\n');
