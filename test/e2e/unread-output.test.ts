import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { lakehouse, temporaryFolder } from './program.ts';

const event = (at: number): string =>
  JSON.stringify({
    event_id: `e${at}`,
    location_id: 'l',
    sku: 's',
    sequence: at,
    type: 'receipt',
    quantity: 1,
    occurred_at: '2026-06-30T12:00:00Z',
  });

const ONE_DAY = ['--only', 'payments', '--as-of', '2026-06-30'];

/** Reads the first piece and leaves, as `| head -1` does. */
const readOnce = (child: ChildProcess): void => void child.stdout?.once('data', () => child.stdout?.destroy());
/** Leaves before there is anything to read. */
const readNothing = (child: ChildProcess): void => void child.stdout?.destroy();

describe('when nobody reads what a command prints', () => {
  const folder = temporaryFolder();
  const clean = (meanwhile: (child: ChildProcess) => void, ...argv: string[]) =>
    lakehouse(argv, { cwd: folder, meanwhile }).then((called) => {
      expect(called).toMatchObject({ signal: null });
      expect(called.stderr).not.toMatch(/EPIPE|crashed|\n\s+at /);
      return called.code;
    });
  const count = async (table: string, lake: string): Promise<unknown> => {
    const { stdout } = await runCli(
      ['query', `select count(*) as n from ${table}`, '--lake', lake, '--format', 'csv'],
      {
        cwd: folder,
      },
    );
    return stdout;
  };

  beforeAll(() => {
    mkdirSync(join(folder, 'raw/purchase/dt=2026-06-30'), { recursive: true });
    writeFileSync(
      join(folder, 'raw/purchase/dt=2026-06-30/a.csv'),
      'id,timestamp,customer_id,merchant_id,amount\np,2026-06-30T10:00:00Z,c,m,1.00\nq,2026-06-30T10:00:00Z,c,m,-1.00\n',
    );
    writeFileSync(join(folder, 'raw/purchase/dt=2026-06-30/b.csv'), 'id,amount\n1,2\n');
    writeFileSync(join(folder, 'events.jsonl'), Array.from({ length: 40 }, (_, at) => `${event(at)}\n`).join(''));
    return runCli(['run', '-q', ...ONE_DAY, '--lake', 'asked'], { cwd: folder });
  });

  it.each(['table', 'json', 'ndjson', 'csv'])(
    'validate says by its code that data is not clean (%s)',
    async (format) => {
      expect(await clean(readNothing, 'validate', '--date', '2026-06-30', '-q', '--format', format)).toBe(1);
    },
  );

  it('a run publishes, and says by its code that a file was refused', async () => {
    expect(await clean(readNothing, 'run', ...ONE_DAY, '--format', 'ndjson')).toBe(1);
    expect(await count('purchase', 'lake')).toBe('n\n2\n');
  });

  it('a stream takes every record', async () => {
    const argv = ['stream', '--from', 'events.jsonl', '--batch', '10', '--as-of', '2026-06-30', '--format', 'ndjson'];
    expect(await clean(readOnce, ...argv, '--raw', 'kept', '--lake', 'streamed')).toBe(0);
    expect(await count('base.inventory_event', 'streamed')).toBe('n\n40\n');
  });

  it.each(['csv', 'ndjson'])(
    'a query stops, however much there is to read; one that cannot be answered says so (%s)',
    async (format) => {
      const rows = 'unnest(sequence(1, 10000))';
      const millions = `select a.x from ${rows} as a (x) cross join ${rows} as b (x)`;
      expect(await clean(readOnce, 'query', millions, '--lake', 'asked', '--format', format)).toBe(0);
      const failed = 'select cast(id as integer) as x from purchase';
      expect(await clean(readNothing, 'query', failed, '--lake', 'asked', '--format', format)).toBe(1);
    },
  );

  it.runIf(existsSync('/dev/full'))('a full disk is a failure, and is named', async () => {
    const called = await lakehouse(['query', 'refunds-by-month', '--lake', 'asked', '--format', 'csv'], {
      cwd: folder,
      stdout: openSync('/dev/full', 'w'),
    });
    expect(called).toMatchObject({ code: 1 });
    expect(called.stderr).toMatch(/^lakehouse: the output could not be written: ENOSPC/);
  });
});
