import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

describe('a lake whose file is damaged', () => {
  const folder = mkdtempSync(join(tmpdir(), 'damaged-'));
  const file = (lake: string): string => join(folder, lake, 'lake.duckdb');
  const damage = (lake: string, how: (path: string) => void): void => {
    mkdirSync(join(folder, lake));
    copyFileSync(file('lake'), file(lake));
    how(file(lake));
  };

  beforeAll(async () => {
    mkdirSync(join(folder, 'raw/purchase'), { recursive: true });
    const rows = Array.from({ length: 20_000 }, (_, at) => `p${at},2026-06-30T10:00:00Z,c${at * 7},m,${at}.00\n`);
    writeFileSync(join(folder, 'raw/purchase/a.csv'), `id,timestamp,customer_id,merchant_id,amount\n${rows.join('')}`);
    await runCli(['run', '-q', '--only', 'payments'], { cwd: folder });
    damage('cut', (path) => truncateSync(path, Math.floor(statSync(path).size * 0.3)));
    damage('overwritten', (path) => void writeSync(openSync(path, 'r+'), 'x'.repeat(20_000), 0));
  });

  it.each(['cut', 'overwritten'])('says so, and what to do, to whoever asks it (%s)', async (lake) => {
    for (const argv of [
      ['query', 'select max(id), max(customer_id), max(amount) from purchase'],
      ['run', '--only', 'payments', '--rebuild', 'payments'],
    ]) {
      const { code, stderr } = await runCli([...argv, '--lake', lake], { cwd: folder });
      expect(code, stderr).toBe(1);
      const words = stderr.trimEnd().split('\n').at(-1);
      expect(words).toMatch(/^lakehouse: .*lake/);
      expect(words?.split('; ').at(-1)).toBe(
        'the file of the lake is damaged: put a backup in its place, or make a new lake from the raw files with lakehouse run --lake NEW',
      );
      expect(words?.match(/is damaged/g)).toHaveLength(1);
    }
  });
});
