import { mkdirSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madeOnce } from '../../lib/tools/made-once.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'made-once-'));

describe('madeOnce', () => {
  it('makes what is not there, once for all who ask at once, and never again', async () => {
    const path = join(folder(), 'deep', 'thing');
    let made = 0;
    const make = async (temporary: string) => writeFileSync(temporary, `made ${++made}`);
    const paths = await Promise.all([1, 2, 3].map(() => madeOnce(path, make)));
    await madeOnce(path, make);
    expect(paths).toEqual([path, path, path]);
    expect(readFileSync(path, 'utf8')).toBe('made 1');
  });

  it('leaves nothing behind when making fails, so that the next try starts anew', async () => {
    const base = folder();
    const failing = async (temporary: string) => {
      mkdirSync(temporary);
      throw new Error('no network');
    };
    await expect(madeOnce(join(base, 'thing'), failing)).rejects.toThrow('no network');
    expect(readdirSync(base)).toEqual([]);
  });

  it('takes what another process put there meanwhile', async () => {
    const path = join(folder(), 'thing');
    const beaten = async (temporary: string) => {
      mkdirSync(temporary);
      mkdirSync(path);
      writeFileSync(join(path, 'whole'), 'by the other');
    };
    await madeOnce(path, beaten);
    expect(readdirSync(join(path, '..'))).toEqual(['thing']);
    expect(readFileSync(join(path, 'whole'), 'utf8')).toBe('by the other');
  });

  it('removes what a killed process left long ago, not what another is making now', async () => {
    const base = folder();
    for (const name of ['.thing.old', '.thing.new', '.other.old']) mkdirSync(join(base, name));
    const long = new Date(Date.now() - 3 * 24 * 3_600_000);
    for (const name of ['.thing.old', '.other.old']) utimesSync(join(base, name), long, long);
    await madeOnce(join(base, 'thing'), async (temporary) => writeFileSync(temporary, ''));
    expect(readdirSync(base).sort()).toEqual(['.other.old', '.thing.new', 'thing']);
  });
});
