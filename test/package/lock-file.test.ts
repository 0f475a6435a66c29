import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const packages = read('package-lock.json').packages as Record<
  string,
  { version: string; optionalDependencies?: Record<string, string> }
>;
const manifest = read('package.json') as Record<'dependencies' | 'devDependencies', Record<string, string>>;

describe('the lock file', () => {
  it.each(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'])(
    'has the engine’s binding for %s, at the engine’s version',
    (platform) => {
      const engine = packages['node_modules/@duckdb/node-api']?.version;
      expect(packages[`node_modules/@duckdb/node-bindings-${platform}`]?.version).toBe(engine);
    },
  );

  it('has every optional package that a package in it names, so that npm ci works on every platform', () => {
    const named = Object.values(packages).flatMap((each) => Object.keys(each.optionalDependencies ?? {}));
    const present = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
    expect(named.filter((name) => !present.has(name))).toEqual([]);
  });

  it.each(['dependencies', 'devDependencies'] as const)('pins %s exactly', (kind) => {
    expect(Object.entries(manifest[kind]).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual(
      [],
    );
  });
});
