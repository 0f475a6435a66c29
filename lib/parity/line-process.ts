import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EngineError } from '../engines/index.ts';
import { closeProcess } from './close-process.ts';

interface Waiting {
  readonly sql: string;
  readonly resolve: (reply: never) => void;
  readonly reject: (error: Error) => void;
}

interface Reply {
  readonly id: number;
  readonly error?: string;
}

/** The most that is kept of what a process complains, for the case that it ends. */
const KEPT = 4000;

/** How long the last words of a process that ended are waited for. */
const LAST_WORDS_MS = 500;

/** The most that is told of a line that is no reply. */
const SHOWN = 200;

/**
 * A process that answers SQL: a JSON object a line each way, matched by `id`. It says first, with id 0, that it is ready.
 * Once it has ended, or said what is no reply, whoever waits or asks is told so at once.
 */
export class LineProcess {
  readonly #name: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<unknown>;
  #complaints = '';
  #asked = 0;
  /** Why it answers no more. */
  #over: Error | null = null;

  constructor(name: string, program: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#name = name;
    this.#process = spawn(program, args, { env: environment });
    this.#ready = this.#await(0, 'start');
    this.#process.stderr.on('data', (data) => {
      this.#complaints = `${this.#complaints}${data}`.slice(-KEPT);
    });
    this.#process.on('error', (error) => this.#end(error.message));
    this.#process.on('exit', (code, signal) => {
      const end = () => this.#end(`it ended with ${code ?? signal}: ${this.#complaints.trim()}`);
      // Its last words may still be on their way, which a child of its own may keep open for long.
      const late = setTimeout(end, LAST_WORDS_MS);
      this.#process.on('close', () => {
        clearTimeout(late);
        end();
      });
    });
    // One that takes no more questions has ended, which is told with its reason when it is known, or is of no more use.
    this.#process.stdin.on('error', () => this.#process.kill());
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#take(line));
  }

  /** What the process says when it is ready. @throws EngineError when it ends before. */
  first<T>(): Promise<T> {
    return this.#ready as Promise<T>;
  }

  /** @throws EngineError in the words of the process. */
  ask<T>(sql: string): Promise<T> {
    if (this.#over !== null) return Promise.reject(new EngineError(sql, this.#over));
    this.#asked += 1;
    const reply = this.#await(this.#asked, sql);
    this.#process.stdin.write(`${JSON.stringify({ id: this.#asked, sql })}\n`);
    return reply as Promise<T>;
  }

  close(): Promise<void> {
    return closeProcess(this.#process);
  }

  #await(id: number, sql: string): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { sql, resolve, reject }));
  }

  #take(line: string): void {
    const said = replyIn(line);
    if (said === null) {
      // Whose answer it was to be, nobody knows.
      this.#end(`it said what is no reply: ${line.slice(0, SHOWN)}`);
      this.#process.kill();
      return;
    }
    const { id, error, ...reply } = said;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(reply as never);
    else waiting?.reject(new EngineError(waiting.sql, new Error(error)));
  }

  #end(why: string): void {
    this.#over ??= new Error(`${this.#name}: ${why}`);
    for (const { sql, reject } of this.#waiting.values()) reject(new EngineError(sql, this.#over));
    this.#waiting.clear();
  }
}

function replyIn(line: string): Reply | null {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === 'object' && said !== null && 'id' in said ? (said as Reply) : null;
  } catch {
    return null;
  }
}
