import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { lakehouse, node, PROGRAM, temporaryFolder } from './program.ts';

const PRELOAD = fileURLToPath(new URL('statement-begun.mjs', import.meta.url));
const TEN_THOUSAND = 'unnest(sequence(1, 10000)) as';
/** Hours of work for one statement. */
const ENDLESS = `select count(*) as n from ${TEN_THOUSAND} a (x) cross join ${TEN_THOUSAND} b (x) cross join ${TEN_THOUSAND} c (x) where cast(a.x as varchar) || cast(b.x as varchar) = cast(c.x as varchar) || 'x'`;

/** Sends signals once the engine works, each when the program has answered the one before, and ends what does not end. */
const send =
  (...signals: readonly NodeJS.Signals[]) =>
  (child: ChildProcess): void => {
    const left = [...signals];
    child.stderr?.on('data', (said: Buffer) => {
      if (/begun|interrupted/.test(String(said))) setTimeout(() => child.kill(left.shift() ?? 0), 300);
    });
    const tooLong = setTimeout(() => child.kill('SIGKILL'), 60_000);
    child.on('close', () => clearTimeout(tooLong));
  };

describe('a command that is interrupted while the engine works', () => {
  const folder = temporaryFolder();
  const run = ['run', '--only', 'payments', '--as-of', '2026-06-30', '--format', 'json'];
  const ask = (env: Readonly<Record<string, string>>, meanwhile: (child: ChildProcess) => void) =>
    node(['--import', PRELOAD, PROGRAM, 'query', ENDLESS], { cwd: folder, env, meanwhile });

  beforeAll(() => {
    mkdirSync(join(folder, 'raw/purchase'), { recursive: true });
    writeFileSync(
      join(folder, 'raw/purchase/a.csv'),
      'id,timestamp,customer_id,merchant_id,amount\np,2026-06-30T10:00:00Z,c,m,1.00\n',
    );
    return runCli(run, { cwd: folder });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends its statement, exits 130 and leaves the lake free: %s',
    async (signal) => {
      const called = await ask({}, send(signal));
      expect(called).toMatchObject({ code: 130, signal: null, stdout: '' });
      expect(called.stderr).toMatch(/lakehouse: interrupted; .*\n$/);
      expect(called.stderr).not.toMatch(/INTERRUPT|crashed/);
      expect(await lakehouse(run, { cwd: folder })).toMatchObject({ code: 0 });
    },
  );

  it('is ended by the second signal whatever keeps it', async () => {
    const called = await ask({ BUSY: 'yes' }, send('SIGINT', 'SIGINT'));
    expect(called).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(await lakehouse(run, { cwd: folder })).toMatchObject({ code: 0 });
  });
});
