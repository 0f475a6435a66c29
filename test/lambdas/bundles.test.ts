import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type LambdaName, SETTINGS } from '../../lib/aws/index.ts';

const folder = new URL('../../dist/lambdas/', import.meta.url);
const names = Object.keys(SETTINGS) as LambdaName[];

describe('the bundles', () => {
  it('are built for every Lambda', () => expect(readdirSync(folder).sort()).toEqual([...names].sort()));

  it.each(names.filter((name) => name !== 'validate-daily'))('%s is under 1 MB with its plan', (name) => {
    const files = ['index.mjs', 'plan.json'].map((file) =>
      statSync(new URL(`${name}/${file}`, folder), { throwIfNoEntry: false }),
    );
    expect(files.reduce((bytes, file) => bytes + (file?.size ?? 0), 0)).toBeLessThan(1_000_000);
  });

  it('each stand in docs/emulators.md, with who answered their calls', () => {
    const page = readFileSync(new URL('../../docs/emulators.md', import.meta.url), 'utf8');
    const told = [...page.matchAll(/^[|] `([a-z-]+)` [|].*\w/gm)].map(([, name]) => name);
    expect(told).toEqual([...names].sort());
  });

  it.each(names)('%s takes from the runtime nothing but Node and the SDK', (name) => {
    const bundle = new URL(`${name}/index.mjs`, folder);
    const imported = [...readFileSync(bundle, 'utf8').matchAll(/(?:from|import) ?"([^"./][^"]*)"/g)].map(
      ([, from]) => from,
    );
    const foreign = imported.filter((from) => !/^(node:|@aws-sdk\/|@smithy\/|@duckdb\/node-api$)/.test(from ?? ''));
    expect(foreign.filter((from) => !isBuiltin(from ?? ''))).toEqual([]);
  });
});
