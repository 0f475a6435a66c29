import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The built command line, as `npx lakehouse` starts it. */
export const PROGRAM = join(ROOT, 'dist', 'bin', 'lakehouse.js');

const newestBelow = (folder: string): number =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((newest, entry) => Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);

/** These tests drive the built program: without it, or with an old one, they would prove nothing. */
function expectBuilt(): void {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build`);
  const built = statSync(PROGRAM).mtimeMs;
  const old = ['bin', 'lib'].filter((folder) => newestBelow(folder) > built);
  if (old.length > 0) throw new Error(`dist/ is older than ${old.join(' and ')}/: npm run build`);
}
expectBuilt();

/** What a call of the program is given beside its arguments. */
interface CallOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; without it there is none. */
  readonly input?: string;
  /** The begin of a standard input that stays open. */
  readonly open?: string;
  /** An open file that takes its standard output. */
  readonly stdout?: number;
  /** Does something while it runs. */
  readonly meanwhile?: (child: ChildProcess) => void;
}

/** What a call of the program gave. */
export interface Called {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `node <argv>` and waits for its end; variables that tell about the terminal of the tests are left out. */
export function node(argv: readonly string[], options: CallOptions = {}): Promise<Called> {
  const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, NODE_OPTIONS: _options, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, {
      cwd: options.cwd ?? ROOT,
      env: { ...env, ...options.env },
      stdio: ['pipe', options.stdout ?? 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ code, signal, stdout: text(out), stderr: text(err) });
    });
    child.stdin?.on('error', () => undefined);
    if (options.open === undefined) child.stdin?.end(options.input ?? '');
    else child.stdin?.write(options.open);
    options.meanwhile?.(child);
  });
}

/** Calls `lakehouse <argv>`. */
export const lakehouse = (argv: readonly string[], options: CallOptions = {}): Promise<Called> =>
  node([PROGRAM, ...argv], options);

/** A folder that goes away with the tests of the file. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'e2e-'));

/** Waits until something holds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited a minute for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
