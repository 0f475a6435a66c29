import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkBinding, checkDisk, checkMemory, checkNode, OLDEST_NODE } from '../../lib/cli/doctor-checks.ts';
import { openLake } from '../../lib/run/lake.ts';
import { runCli } from '../support/cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});

async function doctor(raw: string, lake: string, path = '') {
  const argv = ['doctor', '--raw', join(folder, raw), '--lake', join(folder, lake), '--format', 'json'];
  const { code, stdout } = await runCli(argv, { env: { PATH: path } });
  const found = JSON.parse(stdout) as { check: string; verdict: string; detail: string; next: string }[];
  return { code, of: (check: string) => found.find((each) => each.check === check), found };
}

describe('doctor', () => {
  it('finds this machine able: the tests run on it', async () => {
    const { code, found } = await doctor('none', 'none');
    expect(code).toBe(0);
    const able = Object.fromEntries(found.map(({ check, verdict }) => [check, verdict]));
    expect(able).toMatchObject({
      node: 'ok',
      'engine binding': 'ok',
      engine: 'ok',
      'engine parts': 'ok',
      'contracts and SQL': 'ok',
    });
    expect(able).toMatchObject({
      raw: 'warn',
      lake: 'ok',
      'lake writable': 'ok',
      java: 'ok',
      python3: 'ok',
      git: 'ok',
      aws: 'ok',
    });
    for (const { verdict, next } of found) expect(next === '').toBe(verdict === 'ok');
  });

  it('is a table for people, with a count on stderr', async () => {
    const { stdout, stderr } = await runCli(['doctor', '--raw', join(folder, 'none'), '--lake', join(folder, 'none')]);
    expect(stdout).toMatch(/^check +verdict +detail +next\n/);
    expect(stdout).toContain('make samples: lakehouse sample --out');
    expect(stderr).toMatch(/^\d+ ok, \d+ warn, 0 fail\n$/);
  });

  it('counts raw files per dataset and names those that no contract knows', async () => {
    for (const path of ['purchase/dt=2026-01-01', 'refund', 'stranger', 'empty'])
      mkdirSync(join(folder, 'raw', path), { recursive: true });
    for (const path of ['purchase/dt=2026-01-01/a.csv', 'purchase/b.csv.gz', 'refund/a.jsonl'])
      writeFileSync(join(folder, 'raw', path), '');
    expect((await doctor('raw', 'none')).of('raw')).toMatchObject({
      verdict: 'ok',
      detail: '3 files of 2 datasets',
    });
    writeFileSync(join(folder, 'raw/stranger/a.csv'), '');
    const { of, code } = await doctor('raw', 'none');
    expect(of('raw')).toMatchObject({
      verdict: 'warn',
      next: 'no contract knows stranger; these files are left alone',
    });
    expect(code).toBe(0);
    mkdirSync(join(folder, 'bare'));
    expect((await doctor('bare', 'none')).of('raw')?.verdict).toBe('warn');
  });

  it('fails a raw zone that is no folder', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { of, code } = await doctor('file', 'none');
    expect(of('raw')?.verdict).toBe('fail');
    expect(code).toBe(1);
  });

  it('opens the lake, and fails one that is damaged', async () => {
    const lake = await openLake(join(folder, 'lake'));
    lake.db.close();
    expect((await doctor('none', 'lake')).of('lake')).toMatchObject({
      verdict: 'ok',
      detail: expect.stringContaining('can be read'),
    });
    mkdirSync(join(folder, 'damaged'));
    writeFileSync(join(folder, 'damaged/lake.duckdb'), 'not a database'.repeat(1000));
    const { of, code } = await doctor('none', 'damaged');
    expect(of('lake')).toMatchObject({ verdict: 'fail', detail: expect.stringContaining('cannot be opened') });
    expect(code).toBe(1);
  });

  it.skipIf(process.platform !== 'linux')('fails a lake that cannot be written', async () => {
    // Nobody may write there, root neither.
    symlinkSync('/proc/self', join(folder, 'nowhere'));
    const { of, code } = await doctor('none', 'nowhere');
    expect(of('lake writable')?.verdict).toBe('fail');
    expect(code).toBe(1);
  });

  it('says what is not needed, wherever it is', async () => {
    mkdirSync(join(folder, 'programs'));
    writeFileSync(join(folder, 'programs/java'), '');
    const { of } = await doctor('none', 'none', join(folder, 'programs'));
    expect(of('java')?.detail).toBe(
      `only lakehouse parity and npm test need it (found: ${join(folder, 'programs/java')})`,
    );
    expect(of('git')?.detail).toBe('not needed (not found)');
    expect(of('aws')?.detail).toBe('only commands with --env call AWS or read credentials');
  });
});

describe('what doctor asks of a machine', () => {
  it('is the Node of package.json', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(engines.node).toBe(`>=${OLDEST_NODE}`);
  });

  it.each([
    ['20.18.9', 'fail'],
    ['20.19.0', 'ok'],
    ['18.20.0', 'fail'],
    ['22.1.0', 'ok'],
  ])('judges Node %s as %s', (version, verdict) => expect(checkNode(version).verdict).toBe(verdict));

  it.each([
    [1, 'fail'],
    [3, 'warn'],
    [4, 'ok'],
  ])('judges %d GiB of memory as %s', (gib, verdict) => expect(checkMemory(gib * 2 ** 30).verdict).toBe(verdict));

  it.each([
    [0.1, 'fail'],
    [1, 'warn'],
    [6, 'ok'],
  ])('judges %d GiB of disk as %s', (gib, verdict) => expect(checkDisk('lake', gib * 2 ** 30).verdict).toBe(verdict));

  it('is a binding of this platform', () => {
    expect(checkBinding('plan9', 'pdp11')).toEqual({
      check: 'engine binding',
      verdict: 'fail',
      detail: '@duckdb/node-bindings-plan9-pdp11 is not installed',
      next: 'run npm ci on this machine, with optional dependencies',
    });
  });
});
