import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { tempFolder, type Workshop } from './run-lake.ts';

const CHILD = fileURLToPath(new URL('./run-child.ts', import.meta.url));
const planFiles = new Map<unknown, string>();

function planFile({ plan }: Workshop): string {
  const known = planFiles.get(plan);
  if (known) return known;
  const path = join(tempFolder(), 'plan.json');
  writeFileSync(path, JSON.stringify(plan));
  planFiles.set(plan, path);
  return path;
}

/** A run in a process of its own. */
export class RunProcess {
  readonly #child: ChildProcess;
  readonly #said: string[] = [];
  readonly #heard = new Map<string, () => void>();
  readonly #end: Promise<unknown>;
  #stderr = '';

  /** @param stop the event in which it waits for its end: `publishing`, `table_done base.purchase`; `reading` holds the lake as a query does. */
  constructor(shop: Workshop, stop?: string) {
    const args = ['--import', 'tsx', CHILD, planFile(shop), shop.lake, shop.raw, ...(stop === undefined ? [] : [stop])];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    // 'close' comes after the last line was read.
    this.#end = once(this.#child, 'close');
    this.#child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk);
    });
    if (this.#child.stdout)
      createInterface(this.#child.stdout).on('line', (line) => {
        this.#said.push(line);
        this.#heard.get(line)?.();
      });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Waits until an event is said, or the process ends. @returns whether it was said. */
  async until(words: string): Promise<boolean> {
    const heard = new Promise<void>((resolve) => this.#heard.set(words, resolve));
    if (!this.#said.includes(words)) await Promise.race([heard, this.#end]);
    return this.#said.includes(words);
  }

  /** Waits for the end by itself. @returns what it said last: the status of the run. */
  async end(): Promise<string> {
    await this.#end;
    if (this.#child.exitCode !== 0) throw new Error(`the run ended with ${this.#child.exitCode}: ${this.#stderr}`);
    return this.#said.at(-1) ?? '';
  }

  /** kill -9. @returns whether the process was still there to be killed. */
  async kill(): Promise<boolean> {
    const alive = this.#child.exitCode === null;
    this.#child.kill('SIGKILL');
    await this.#end;
    return alive && this.#child.signalCode === 'SIGKILL';
  }
}
