import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchedJar, mavenPath } from '../../lib/tools/jars.ts';
import locked from '../../lib/tools/locks/jars.json' with { type: 'json' };

const BYTES = Buffer.from('the bytes of a jar');
const sha256 = createHash('sha256').update(BYTES).digest('hex');
const artifact = 'org.example:thing:1.0';

let server: Server;
let cache: string;
const asked: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url);
    const there = request.url?.endsWith('/org/example/thing/1.0/thing-1.0.jar');
    response.writeHead(there ? 200 : 404).end(there ? BYTES : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'jars-'));
  asked.length = 0;
  vi.stubEnv('LAKEHOUSE_CACHE', cache);
  vi.stubEnv('LAKEHOUSE_MAVEN', `http://127.0.0.1:${(server.address() as AddressInfo).port}/maven2`);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
});

describe('a locked jar', () => {
  it('is fetched once, verified, and kept', async () => {
    const path = await fetchedJar({ artifact, sha256 });
    expect(await fetchedJar({ artifact, sha256 })).toBe(path);
    expect(readFileSync(path)).toEqual(BYTES);
    expect(asked).toEqual(['/maven2/org/example/thing/1.0/thing-1.0.jar']);
  });

  it('is refused, and not kept, when its bytes are not those that were locked', async () => {
    const other = 'f'.repeat(64);
    await expect(fetchedJar({ artifact, sha256: other })).rejects.toThrow(
      `sha256 is ${sha256}, the lock says ${other}`,
    );
    expect(readdirSync(join(cache, 'jars', other))).toEqual([]);
  });

  it('that the repository does not have is named with its address', async () => {
    await expect(fetchedJar({ artifact: 'org.example:none:1.0', sha256 })).rejects.toThrow(
      /none-1\.0\.jar could not be fetched/,
    );
  });
});

describe('mavenPath', () => {
  it.each([
    ['a.b:c:1', 'a/b/c/1/c-1.jar'],
    ['a.b:c:zip:1', 'a/b/c/1/c-1.zip'],
    ['a.b:c:jar:linux:1', 'a/b/c/1/c-1-linux.jar'],
  ])('%s lies at %s', (given, path) => expect(mavenPath(given)).toBe(path));

  it.each(['a:b', 'a', '', 'a:b:c:d:e:f', 'a::1'])('refuses %j', (given) =>
    expect(() => mavenPath(given)).toThrow('expected group:artifact[:packaging[:classifier]]:version'),
  );
});

it('every locked jar has a place and a hash', () => {
  for (const jar of Object.values(locked).flat()) {
    expect(mavenPath(jar.artifact)).toMatch(/\.(jar|zip)$/);
    expect(jar.sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});
