import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findJava } from '../../lib/tools/find-java.ts';
import { findPython } from '../../lib/tools/find-python.ts';

/** A program that says the same whatever it is asked. */
function saying(line: string, place = mkdtempSync(join(tmpdir(), 'find-tools-'))): string {
  const path = join(place, 'program');
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
  return path;
}
const python = (version: string) => saying(`printf '/usr/bin/python\\n${version}\\n'`);

describe('findPython', () => {
  it('takes the first that locks resolve for', async () => {
    const names = ['/no/such/python', saying('exit 1'), python('3.9.2'), python('3.12.1'), python('3.11.7')];
    expect(await findPython(names)).toEqual({ executable: '/usr/bin/python', version: '3.12.1' });
  });

  it.each([
    ['none', [] as string[]],
    ['an old one', ['3.10.4']],
    ['one too new', ['3.14.0']],
  ])('with %s says in one line what to install', async (_, versions) => {
    const message = await findPython(['/no/such/python', ...versions.map(python)]).then(() => '', String);
    expect(message).toMatch(
      /^MissingToolError: Python 3\.11, 3\.12 or 3\.13 is not on this machine.*install.*LAKEHOUSE_PYTHON/,
    );
    expect(message.split('\n')).toHaveLength(1);
    for (const version of versions) expect(message).toContain(`is ${version}`);
  });
});

describe('findJava', () => {
  it.each([
    ['another version', `echo 'openjdk version "21.0.2" 2024-01-16' >&2`, /is 21\.0\.2\)/],
    ['one from before the numbers changed', `echo 'java version "1.8.0_402"' >&2`, /is 1\.8\.0\)/],
    ['a stub that asks to install it', 'exit 1', /not on this machine:/],
  ])('with %s says in one line what to install', async (_, line, found) => {
    const message = await findJava([saying(line)]).then(() => '', String);
    expect(message).toMatch(/^MissingToolError: Java 17 is not on this machine.*install.*JAVA_HOME/);
    expect(message).toMatch(found);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('takes version 17', async () => {
    const java = saying(`echo 'openjdk version "17.0.15" 2025-04-15' >&2`);
    expect(await findJava([java])).toBe(java);
  });
});
