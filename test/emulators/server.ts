import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from '../../lib/tools/index.ts';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A stand-in of AWS on this machine. */
export interface Server {
  /** What `AWS_ENDPOINT_URL` is set to. */
  readonly url: string;
  readonly stop: () => void;
}

const PATIENCE_MS = 180_000;

/** A port that nobody uses. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Starts ministack: CloudFormation, state machines, Lambdas as processes, queues, tables, streams and buckets. */
export async function startMinistack(account: string, region: string, scripts: object): Promise<Server> {
  const { bin } = await pythonEnvironment('emulators');
  const folder = mkdtempSync(join(tmpdir(), 'lakehouse-emulator-'));
  // Lambdas are unpacked below: what AWS's runtime brings, the SDK, and the engine of this platform are found upwards of them.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // Machines whose tasks answer by script: `scripts`, in the form of Step Functions Local.
  const mocked = join(folder, 'scripts.json');
  writeFileSync(mocked, JSON.stringify(scripts));
  const port = await freePort();
  const log = join(folder, 'server.log');
  const child = spawn(bin('ministack'), [], {
    cwd: folder,
    // A group of its own: Lambdas are its children.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_ACCOUNT_ID: account,
      MINISTACK_REGION: region,
      TMPDIR: folder,
      S3_DATA_DIR: join(folder, 's3'),
      // Twenty seconds between two looks of the machine are twenty milliseconds here.
      SFN_WAIT_SCALE: '0.001',
      SFN_MOCK_CONFIG: mocked,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  const written = createWriteStream(log);
  child.stdout.pipe(written);
  child.stderr.pipe(written);
  const url = `http://127.0.0.1:${port}`;
  const stop = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    await answering(`${url}/_ministack/health`, child);
    return { url, stop };
  } catch (cause) {
    const said = readFileSync(log, 'utf8').slice(-2000);
    stop();
    throw new Error(`ministack does not answer at ${url}; it said:\n${said}`, { cause });
  }
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
