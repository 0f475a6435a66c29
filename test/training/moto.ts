import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pythonEnvironment } from '../../lib/tools/index.ts';

/** What a program needs to take the emulator for AWS. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'emulated',
  AWS_SECRET_ACCESS_KEY: 'emulated',
  AWS_DEFAULT_REGION: 'eu-west-1',
} as const;

/** AWS's APIs as moto has them, on a port of this machine. */
export interface Moto {
  readonly url: string;
  stop(): void;
}

/** Starts moto's server, and waits until it listens. */
export async function startMoto(): Promise<Moto> {
  const { bin } = await pythonEnvironment('emulators');
  const server = spawn(bin('moto_server'), ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await addressOf(server);
  return { url, stop: () => server.kill() };
}

async function addressOf(server: ChildProcess): Promise<string> {
  let said = '';
  const ended = once(server, 'exit').then(() => Promise.reject(new Error(`moto ended: ${said}`)));
  const listening = new Promise<string>((resolve) => {
    server.stderr?.on('data', (chunk) => {
      said += chunk;
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
      if (url) resolve(url);
    });
  });
  return Promise.race([listening, ended]);
}
