import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../../lib/cli/commands.ts';
import { main } from '../../lib/cli/main.ts';
import { readSqlFiles, writeCompiledPlan } from '../../lib/cli/plan-files.ts';
import type { Product } from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { products as ours } from '../../lib/products/index.ts';

/** The project's own `sql/`. */
export const SQL_FOLDER = fileURLToPath(new URL('../../sql/', import.meta.url));

const DIST = new URL('../../dist/', import.meta.url);

/** What a call of the command line is given beside its arguments. */
export interface CliOptions {
  /** Environment variables; the process's own are not seen. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder it is called in. Changes the process for as long as the call takes: no two such calls at once. */
  readonly cwd?: string;
  readonly products?: readonly Product[];
  readonly sqlFolder?: string;
  /** Standard input; without it there is none. */
  readonly input?: string;
  /** Gets what an interrupt would call. */
  readonly onInterrupt?: (stop: () => void) => void;
}

/** What a call gave. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A stream that keeps what is written; it is no terminal. */
class Kept extends Writable {
  readonly isTTY = false;
  readonly #chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(Buffer.from(chunk));
    done();
  }
}

let compiled: string | null = null;

/** The project's plan in a file, compiled once a process, as the built program has it. */
function compiledPlan(): string {
  if (compiled === null) {
    const folder = mkdtempSync(join(tmpdir(), 'lakehouse-plan-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    compiled = join(folder, 'plan.json');
    const sql = readSqlFiles(SQL_FOLDER);
    writeCompiledPlan(compiled, compile(ours, sql), sql);
  }
  return compiled;
}

/** Calls the command line in this process, as `lakehouse <argv>` would be. */
export async function runCli(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const stdout = new Kept();
  const stderr = new Kept();
  const own = options.products === undefined && options.sqlFolder === undefined;
  const before = process.cwd();
  if (options.cwd !== undefined) process.chdir(options.cwd);
  try {
    const code = await main(
      argv,
      {
        products: async () => options.products ?? ours,
        sqlFolder: options.sqlFolder ?? SQL_FOLDER,
        get compiledPlan() {
          return own ? compiledPlan() : null;
        },
        templates: async (deployment) =>
          (await import('../../lib/infra/templates.ts')).templatesNamed(deployment, DIST),
        deployment: async (name) => (await import('../../lib/infra/environments.ts')).environmentNamed(name),
        stdin: Readable.from([Buffer.from(options.input ?? '')]) as unknown as NodeJS.ReadStream,
        onInterrupt: options.onInterrupt ?? (() => undefined),
        // The program only writes and asks whether it is a terminal.
        stdout: stdout as unknown as NodeJS.WriteStream,
        stderr: stderr as unknown as NodeJS.WriteStream,
        variables: options.env ?? {},
      },
      COMMANDS,
      '0.0.0',
    );
    return { code, stdout: stdout.text, stderr: stderr.text };
  } finally {
    process.chdir(before);
  }
}
