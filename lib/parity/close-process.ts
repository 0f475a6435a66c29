import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Closes the standard input of a process that ends by it, and waits until it has. One that is gone is not waited for. */
export async function closeProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}
