import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { LakeError, LakeHeldError, RunFailedError } from '../../lib/run/index.ts';
import { preview } from '../../lib/run/preview.ts';
import { lakeStatus } from '../../lib/run/status.ts';
import { runCli } from '../support/cli.ts';
import { alterFile, csv, fileResult, paymentsPlan, tempFolder, Workshop } from '../support/run-lake.ts';
import { RunProcess } from '../support/run-process.ts';

const HEADER = ['id', 'timestamp', 'customer_id', 'merchant_id', 'amount'];
const purchases = (from: number, count: number): string =>
  csv(
    HEADER,
    Array.from({ length: count }, (_, at) => [
      `p${from + at}`,
      '2024-01-31T10:00:00Z',
      `c${(from + at) % 97}`,
      'm',
      `${at}.25`,
    ]),
  );

async function failureOf(run: Promise<unknown>): Promise<RunFailedError> {
  const thrown = await run.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(RunFailedError);
  return thrown as RunFailedError;
}

const cliRun = (shop: Workshop) =>
  runCli(['run', '--raw', shop.raw, '--lake', shop.lake, '--only', 'payments', '--format', 'json']);

/** A lake with one purchase published. */
async function standing(): Promise<Workshop> {
  const shop = new Workshop(paymentsPlan());
  shop.put('purchase/1.csv', purchases(1, 1));
  await shop.run();
  return shop;
}

const system = (program: string, args: readonly string[]): void => {
  execFileSync(program, args, { stdio: 'ignore' });
};

const mounts: string[] = [];
afterAll(() => {
  for (const folder of mounts) system('umount', ['-l', folder]);
});

/** Mounts a file system of its own; false where this process may not. */
function mount(folder: string, options: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    system('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  } catch {
    return false;
  }
  mounts.push(folder);
  return true;
}

const canMount = mount(join(tempFolder(), 'probe'), 'size=64k');
const isRoot = process.getuid?.() === 0;

describe('a lake that cannot be used', () => {
  interface Case {
    readonly what: string;
    readonly prepare: (shop: Workshop) => void | Promise<void>;
    readonly says: RegExp;
  }
  const database = (shop: Workshop) => join(shop.lake, 'lake.duckdb');
  const cases: readonly Case[] = [
    {
      what: 'a file in place of the folder',
      prepare: (shop) => writeFileSync(shop.lake, 'not a folder'),
      says: /lake .* cannot be opened: .*(EEXIST|ENOTDIR)/,
    },
    {
      what: 'a folder in place of the database',
      prepare: (shop) => void mkdirSync(database(shop), { recursive: true }),
      says: /cannot be opened/,
    },
    {
      what: 'text in place of the database',
      prepare: (shop) => {
        mkdirSync(shop.lake);
        writeFileSync(database(shop), 'hello '.repeat(4000));
      },
      says: /cannot be opened: .*not a valid DuckDB/,
    },
    {
      what: "somebody else's DuckDB file",
      prepare: async (shop) => {
        mkdirSync(shop.lake);
        await alterFile(database(shop), 'create table theirs (a integer)', 'insert into theirs values (1)');
      },
      says: /is a database, but not a lake; name another --lake folder/,
    },
    {
      what: 'a lake of a newer format',
      prepare: async (shop) => {
        await shop.run();
        await alterFile(database(shop), 'update ops.meta set format = 99');
      },
      says: /has format 99, this program reads format 3; use the newer program/,
    },
    {
      what: 'a lake of an older format',
      prepare: async (shop) => {
        await shop.run();
        await alterFile(database(shop), 'update ops.meta set format = 0');
      },
      says: /has format 0, this program reads format 3; make a new lake from the raw files/,
    },
    {
      what: 'a damaged database',
      prepare: async (shop) => {
        await shop.run();
        const size = statSync(database(shop)).size;
        const file = openSync(database(shop), 'r+');
        writeSync(file, Buffer.alloc(size - 12_288, 0x5a), 0, size - 12_288, 12_288);
        closeSync(file);
      },
      says: /cannot be opened/,
    },
  ];

  test.each(cases)('$what: a clear message, exit 1, and nothing of it is touched', async ({ prepare, says }) => {
    const shop = new Workshop(paymentsPlan());
    shop.put('purchase/1.csv', purchases(1, 1));
    await prepare(shop);
    const bytes = () => {
      const path = statSync(shop.lake).isFile() ? shop.lake : database(shop);
      return statSync(path).isFile() ? readFileSync(path).toString('base64') : 'folder';
    };
    const before = bytes();
    const error = await failureOf(shop.run());
    expect(error.cause).toBeInstanceOf(LakeError);
    expect(error.cause).not.toBeInstanceOf(LakeHeldError);
    expect(error.message).toMatch(says);
    const { code, stdout, stderr } = await cliRun(shop);
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'failed' });
    expect(bytes()).toBe(before);
  });

  test('a read-only file system (needs the right to mount): says so; the lake can still be read', async ({ skip }) => {
    if (!canMount) skip('this process may not mount');
    const shop = await standing();
    shop.put('purchase/2.csv', purchases(2, 1));
    const before = await shop.tables();
    system('mount', ['--bind', shop.lake, shop.lake]);
    mounts.push(shop.lake);
    system('mount', ['-o', 'remount,ro,bind', shop.lake]);
    const error = await failureOf(shop.run());
    expect(error.message).toMatch(/the lake .* cannot be opened: .*(read-only|permission)/i);
    expect((await cliRun(shop)).code).toBe(1);
    expect(await shop.tables()).toEqual(before);
    expect(await runCli(['query', 'select count(*) as n from purchase', '--lake', shop.lake])).toMatchObject({
      code: 0,
    });
    system('mount', ['-o', 'remount,rw,bind', shop.lake]);
    expect((await shop.run()).result.status).toBe('ok');
  });

  test.skipIf(isRoot)('a folder without the right to write (not as root, whom rights do not bind)', async () => {
    const shop = await standing();
    chmodSync(join(shop.lake, 'lake.duckdb'), 0o400);
    chmodSync(shop.lake, 0o500);
    try {
      expect((await failureOf(shop.run())).message).toMatch(/cannot be opened: .*permission/i);
    } finally {
      chmodSync(shop.lake, 0o700);
    }
  });
});

describe('a lake of which nothing was published yet', () => {
  test('a run killed before its first commit leaves a lake that status, query, plan and run understand', async () => {
    const shop = new Workshop(paymentsPlan());
    shop.put('purchase/1.csv', purchases(1, 1));
    mkdirSync(shop.lake);
    await alterFile(join(shop.lake, 'lake.duckdb'));
    for (const argv of [['status'], ['query', 'select count(*) as n from purchase'], ['quarantine']]) {
      const { code, stderr } = await runCli([...argv, '--lake', shop.lake]);
      expect({ argv, code }).toEqual({ argv, code: 1 });
      expect(stderr).toContain('there is no lake in');
    }
    const planned = await preview(shop.lake, shop.request());
    expect(planned.tables.map((table) => table.action)).toEqual(['make', 'make', 'make', 'make']);
    expect((await shop.run()).result.status).toBe('ok');
  });
});

describe('a disk that is full', () => {
  test('fails with a clear error, the last good state stands, and with room again the run ends right (needs the right to mount)', async ({
    skip,
  }) => {
    if (!canMount) skip('this process may not mount');
    const shop = new Workshop(paymentsPlan());
    mount(shop.lake, 'size=10m');
    shop.put('purchase/1.csv', purchases(1, 1));
    expect((await shop.run()).result.status).toBe('ok');
    const before = await shop.tables();
    const ballast = join(shop.lake, 'ballast');
    writeFileSync(ballast, Buffer.alloc(4 * 1024 * 1024));
    // Ids that compress badly: more than what is left.
    const rows = Array.from({ length: 120_000 }, (_, at) => [
      `${Math.imul(at + 1, 2654435761) >>> 0}-${Math.imul(at + 7, 40503) >>> 0}-${at}`,
      '2024-01-31T10:00:00Z',
      `${Math.imul(at + 3, 2246822519) >>> 0}`,
      `${Math.imul(at + 5, 3266489917) >>> 0}`,
      '1.00',
    ]);
    shop.put('purchase/2.csv', csv(HEADER, rows));
    const error = await failureOf(shop.run());
    expect(error.message).toMatch(/no space|disk|space/i);
    const { code, stderr } = await cliRun(shop);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no space|disk|space/i);
    expect(await shop.tables()).toEqual(before);
    system('mount', ['-o', 'remount,size=200m', shop.lake]);
    rmSync(ballast);
    expect((await shop.run()).result.status).toBe('ok');
    expect((await shop.tables())['base.purchase']).toHaveLength(120_001);
  });
});

describe('a raw zone that moves', () => {
  test('missing: says what to do, is recorded as a failed run, and the last good state stands', async () => {
    const shop = await standing();
    const before = await shop.tables();
    rmSync(shop.raw, { recursive: true });
    const error = await failureOf(shop.run());
    expect(error.message).toMatch(/cannot list this folder.*name the raw zone with --raw/);
    const { code, stderr } = await cliRun(shop);
    expect(code).toBe(1);
    expect(stderr).toContain('name the raw zone with --raw');
    expect(await shop.tables()).toEqual(before);
    const runs = await shop.query('select status, error, result from ops.run order by started_at');
    expect(runs.map((run) => run.status)).toEqual(['ok', 'failed', 'failed']);
    expect(runs[1]?.error).toBe(error.message);
    expect(JSON.parse(String(runs[1]?.result))).toEqual(error.result);
    expect(await lakeStatus(shop.lake, shop.plan)).toMatchObject({
      state: 'idle',
      runs: [{ status: 'failed', error: error.message }, { status: 'failed' }, { status: 'ok', error: null }],
    });
    mkdirSync(shop.raw);
    expect((await shop.run()).result.status).toBe('nothing_new');
  });

  test('a file that was loaded and is gone keeps its rows', async () => {
    const shop = await standing();
    shop.remove('purchase/1.csv');
    expect((await shop.run()).result.status).toBe('nothing_new');
    expect((await shop.tables())['base.purchase']).toHaveLength(1);
  });

  test('a file that goes or changes while the run reads is left for the next one', async () => {
    const shop = new Workshop(paymentsPlan());
    for (const name of ['a', 'b', 'c', 'd']) shop.put(`purchase/${name}.csv`, purchases(name.charCodeAt(0), 1));
    let meddled = false;
    const report = await shop.run({
      onEvent: (event) => {
        if (event.kind !== 'file' || meddled) return;
        meddled = true;
        shop.remove('purchase/b.csv');
        shop.put('purchase/c.csv', purchases(200, 2));
      },
    });
    expect(report.result.files.map((file) => [file.path, file.status])).toEqual([
      ['purchase/a.csv', 'loaded'],
      ['purchase/d.csv', 'loaded'],
    ]);
    expect(report.notes.join('\n')).toMatch(/purchase\/b\.csv.*left/);
    expect(report.notes.join('\n')).toMatch(/purchase\/c\.csv.*left/);
    const next = await shop.run();
    expect(fileResult(next, 'purchase/c.csv')).toMatchObject({ status: 'loaded', rows: 2 });
    expect((await shop.tables())['base.purchase']).toHaveLength(4);
  });
});

describe('a run that dies', () => {
  test('leaves no scratch files behind for the next one, and no run in the ledger', async () => {
    const shop = await standing();
    shop.put('purchase/2.csv', purchases(2, 1));
    const victim = new RunProcess(shop, 'publishing');
    await victim.until('publishing');
    expect(await victim.kill()).toBe(true);
    expect((await shop.run()).result.status).toBe('ok');
    expect((await shop.query('select status from ops.run')).map((run) => run.status)).toEqual(['ok', 'ok']);
    expect(statSync(join(shop.lake, '.lakehouse-scratch'), { throwIfNoEntry: false })).toBeUndefined();
    expect(statSync(join(shop.lake, 'heartbeat.json'), { throwIfNoEntry: false })).toBeUndefined();
  });
});
