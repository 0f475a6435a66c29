import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LakeHeldError, RunFailedError } from '../../lib/run/index.ts';
import { lakeStatus } from '../../lib/run/status.ts';
import { runCli } from '../support/cli.ts';
import { paymentsPlan, Workshop } from '../support/run-lake.ts';
import { RunProcess } from '../support/run-process.ts';

const PURCHASES = 'id,timestamp,customer_id,merchant_id,amount\np1,2024-01-31T10:00:00Z,ann,m,100.00\n';
const BUILT = fileURLToPath(new URL('../../dist/bin/lakehouse.js', import.meta.url));

/** Calls the built program, as a shell would. */
const built = (...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) =>
    execFile(process.execPath, [BUILT, ...argv], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );

describe('while a run holds the lake', () => {
  const shop = new Workshop(paymentsPlan());
  let holder: RunProcess;

  beforeAll(async () => {
    shop.put('purchase/1.csv', PURCHASES);
    await shop.run();
    shop.put('purchase/2.csv', PURCHASES.replace('p1', 'p2'));
    holder = new RunProcess(shop, 'publishing');
    expect(await holder.until('publishing')).toBe(true);
  });
  afterAll(() => holder.kill());

  test('a second run waits briefly, fails, and names the holder', async () => {
    const error = await shop.run().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunFailedError);
    const { cause, result } = error as RunFailedError;
    expect(cause).toBeInstanceOf(LakeHeldError);
    expect((cause as LakeHeldError).pid).toBe(holder.pid);
    expect(result).toMatchObject({ status: 'failed', tables: [], files: [] });
    expect(result.error).toContain(`process ${holder.pid}`);
  });

  test('the command exits 1, says who holds the lake, and prints its JSON object all the same', async () => {
    const argv = ['run', '--raw', shop.raw, '--lake', shop.lake, '--format', 'json'];
    const { code, stdout, stderr } = await runCli(argv);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', tables: [] });
    expect(stderr).toContain(`process ${holder.pid}`);
  });

  test('so does the built program', async () => {
    const { code, stderr } = await built('run', '--raw', shop.raw, '--lake', shop.lake);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`process ${holder.pid}`) });
  });

  test('status says that it is running, who runs, and what it does', async () => {
    const status = await lakeStatus(shop.lake, shop.plan);
    expect(status).toMatchObject({
      state: 'running',
      holder: holder.pid,
      heartbeat: { pid: holder.pid, run_id: expect.any(String), doing: expect.any(String) },
    });
    const { code, stdout } = await runCli(['status', '--lake', shop.lake, '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'running' });
  });

  test('a query waits briefly, then names the holder and exits 1', async () => {
    const start = performance.now();
    const { code, stdout, stderr } = await runCli(['query', 'select 1 as one', '--lake', shop.lake]);
    const waited = performance.now() - start;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`process ${holder.pid}`);
    expect(waited).toBeGreaterThan(1000);
    expect(waited).toBeLessThan(20_000);
  });

  test('once it is killed the lake is free, stands as before, and the next run does the work', async () => {
    await holder.kill();
    expect(await lakeStatus(shop.lake, shop.plan)).toMatchObject({
      state: 'idle',
      runs: [{ status: 'ok' }],
    });
    expect((await shop.tables())['base.purchase']).toHaveLength(1);
    expect((await shop.run()).result.status).toBe('ok');
    expect((await shop.tables())['base.purchase']).toHaveLength(2);
  });
});

describe('a short run', () => {
  test('is waited for: a query that begins during it answers after it', async () => {
    const shop = new Workshop(paymentsPlan());
    shop.put('purchase/1.csv', PURCHASES);
    await shop.run();
    shop.put('purchase/2.csv', PURCHASES.replace('p1', 'p2'));
    const holder = new RunProcess(shop, 'publishing');
    await holder.until('publishing');
    const asked = runCli(['query', 'select count(*) as n from purchase', '--lake', shop.lake, '--format', 'json']);
    await holder.kill();
    expect(await asked).toMatchObject({ code: 0, stdout: expect.stringContaining('"n":1') });
  });
});

describe('a query', () => {
  /** A lake with one purchase and one to come, held by a reader in another process. */
  async function read(): Promise<{ shop: Workshop; reader: RunProcess }> {
    const shop = new Workshop(paymentsPlan());
    shop.put('purchase/1.csv', PURCHASES);
    await shop.run();
    shop.put('purchase/2.csv', PURCHASES.replace('p1', 'p2'));
    const reader = new RunProcess(shop, 'reading');
    await reader.until('reading');
    return { shop, reader };
  }

  test('that ends in a moment is waited for by a run', async () => {
    const { shop, reader } = await read();
    const running = shop.run();
    await reader.kill();
    expect((await running).result.status).toBe('ok');
    expect((await shop.tables())['base.purchase']).toHaveLength(2);
  });

  test('that goes on: the run names it and exits 1', async () => {
    const { shop, reader } = await read();
    const { code, stderr } = await runCli(['run', '--raw', shop.raw, '--lake', shop.lake]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`process ${reader.pid}`) });
    await reader.kill();
  });
});
