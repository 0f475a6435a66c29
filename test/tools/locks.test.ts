import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const LOCKS = new URL('../../lib/tools/locks/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, LOCKS), 'utf8');
const groups = readdirSync(LOCKS).flatMap((file) => /^(.+)\.in$/.exec(file)?.[1] ?? []);

describe.each(groups)('the lock of %s', (group) => {
  const lock = read(`${group}.txt`);
  const pinned = lock.split('\n').filter((line) => /^[a-z0-9]/i.test(line));

  it('pins every package exactly and by hashes', () => {
    expect(pinned.length).toBeGreaterThan(0);
    for (const line of pinned) expect(line).toMatch(/^[a-z0-9._-]+==[^ ]+( ; .+)? \\$/i);
  });

  it('has what the group asks for, at that version', () => {
    const asked = read(`${group}.in`)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const names = pinned.map((line) => line.split(' ')[0]);
    expect(asked.map((line) => line.replace(/\[.*\]| ;.*/g, '')).filter((line) => !names.includes(line))).toEqual([]);
  });

  it('names no place to fetch from', () => {
    expect(lock).not.toMatch(/https?:|--(extra-)?index|--find-links/);
  });
});
