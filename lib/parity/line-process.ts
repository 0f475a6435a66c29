import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { EngineError } from '../engines/index.ts';

interface Waiting {
  readonly sql: string;
  readonly resolve: (reply: never) => void;
  readonly reject: (error: Error) => void;
}

/** The most that is kept of what a process complains, for the case that it ends. */
const KEPT = 4000;

/** A process that answers SQL: a JSON object a line each way, matched by `id`. It says first, with id 0, that it is ready. */
export class LineProcess {
  readonly #name: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<unknown>;
  #complaints = '';
  #asked = 0;

  constructor(name: string, program: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#name = name;
    this.#process = spawn(program, args, { env: environment });
    this.#ready = this.#await(0, 'start');
    this.#process.stderr.on('data', (data) => {
      this.#complaints = `${this.#complaints}${data}`.slice(-KEPT);
    });
    this.#process.on('error', (error) => this.#end(error.message));
    this.#process.on('exit', (code) => this.#end(`it ended with ${code}: ${this.#complaints.trim()}`));
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#take(line));
  }

  /** What the process says when it is ready. @throws EngineError when it ends before. */
  first<T>(): Promise<T> {
    return this.#ready as Promise<T>;
  }

  /** @throws EngineError in the words of the process. */
  ask<T>(sql: string): Promise<T> {
    this.#asked += 1;
    const reply = this.#await(this.#asked, sql);
    this.#process.stdin.write(`${JSON.stringify({ id: this.#asked, sql })}\n`);
    return reply as Promise<T>;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end();
    await ended;
  }

  #await(id: number, sql: string): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { sql, resolve, reject }));
  }

  #take(line: string): void {
    const { id, error, ...reply } = JSON.parse(line) as { id: number; error?: string };
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(reply as never);
    else waiting?.reject(new EngineError(waiting.sql, new Error(error)));
  }

  #end(why: string): void {
    for (const { sql, reject } of this.#waiting.values())
      reject(new EngineError(sql, new Error(`${this.#name}: ${why}`)));
    this.#waiting.clear();
  }
}
