import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  generateSample,
  MANIFEST_NAME,
  SampleFolderError,
  SampleOptionError,
  type SampleOptions,
} from '../../lib/sample/index.ts';
import { filesBelow } from './survey.ts';

const root = mkdtempSync(join(tmpdir(), 'sample-bytes-'));
let folders = 0;
const fresh = (): string => join(root, `sample-${folders++}`);

/** Names and bytes of a whole tree in one hash. */
function treeHash(folder: string, without = ''): string {
  const hash = createHash('sha256');
  for (const path of filesBelow(folder).filter((one) => one !== without))
    hash.update(`${path}\0`).update(readFileSync(join(folder, path)));
  return hash.digest('hex');
}
async function made(options: Omit<SampleOptions, 'out'>, out = fresh()): Promise<string> {
  await generateSample({ out, ...options });
  return treeHash(out);
}
/** The manifest tells the options, so it is left out where the records themselves are to differ. */
async function records(options: Omit<SampleOptions, 'out'>): Promise<string> {
  const out = fresh();
  await generateSample({ out, ...options });
  return treeHash(out, MANIFEST_NAME);
}

describe('the bytes of a sample', () => {
  it.each([{}, { rows: 30_000, dirt: 0.1 }, { plain: true, rows: 500 }])(
    'are the same for the same options: %j',
    async (options) => {
      expect(await made(options)).toBe(await made(options));
    },
  );

  it.each([{ seed: 2 }, { rows: 2001 }, { dirt: 0.02 }, { days: 5 }, { plain: true }])(
    'differ with %j',
    async (options) => {
      expect(await records(options)).not.toBe(await records({}));
    },
  );

  it('differ in the records themselves when the seed does', async () => {
    const [one, two] = [fresh(), fresh()];
    await generateSample({ out: one, rows: 100, seed: 1 });
    await generateSample({ out: two, rows: 100, seed: 2 });
    const first = filesBelow(one).find((path) => /^purchase.*part-0001[.]csv$/.test(path)) ?? '';
    expect(readFileSync(join(one, first), 'utf8')).not.toBe(readFileSync(join(two, first), 'utf8'));
  });

  it('do not depend on which datasets are asked for', async () => {
    const [all, some] = [fresh(), fresh()];
    await generateSample({ out: all, rows: 200 });
    const { files } = await generateSample({ out: some, rows: 200, datasets: ['refund', 'orders'] });
    expect(new Set(files.map(({ dataset }) => dataset))).toEqual(new Set(['refund', 'orders']));
    for (const { path } of files) {
      expect(readFileSync(join(some, path)).equals(readFileSync(join(all, path)))).toBe(true);
    }
  });

  it('are valid gzip, which names neither time nor system', async () => {
    const out = fresh();
    await generateSample({ out });
    const zipped = filesBelow(out).filter((path) => path.endsWith('.gz'));
    expect(zipped.length).toBeGreaterThan(8);
    for (const path of zipped) {
      const bytes = readFileSync(join(out, path));
      expect([...bytes.subarray(4, 8), bytes[9]], path).toEqual([0, 0, 0, 0, 255]);
      expect(gunzipSync(bytes).length).toBeGreaterThan(100);
    }
  });
});

describe('the folder of a sample', () => {
  it('may hold an earlier sample, which is replaced whole', async () => {
    const out = fresh();
    await generateSample({ out, rows: 3000, days: 9 });
    expect(await made({ rows: 100 }, out)).toBe(await made({ rows: 100 }));
  });

  it('keeps what no sample wrote', async () => {
    const out = fresh();
    await generateSample({ out, rows: 10 });
    writeFileSync(join(out, 'purchase/mine.csv'), 'id\n');
    await generateSample({ out, rows: 10 });
    expect(filesBelow(out)).toContain('purchase/mine.csv');
  });

  it('may hold a sample that was interrupted', async () => {
    const out = fresh();
    const interrupt = () => {
      throw new Error('interrupted');
    };
    await expect(generateSample({ out, rows: 100, onProgress: interrupt })).rejects.toThrow('interrupted');
    expect(await made({ rows: 100 }, out)).toBe(await made({ rows: 100 }));
  });

  it('is refused when it holds something else', async () => {
    const out = fresh();
    mkdirSync(out);
    writeFileSync(join(out, 'precious.txt'), '');
    await expect(generateSample({ out })).rejects.toThrow(SampleFolderError);
    expect(filesBelow(out)).toEqual(['precious.txt']);
  });

  it('never loses a file outside of it to a forged manifest', async () => {
    const out = fresh();
    mkdirSync(out);
    writeFileSync(join(root, 'outside.csv'), '');
    writeFileSync(
      join(out, '_manifest.json'),
      JSON.stringify({ left_alone: ['a/dt=1/../../../outside.csv', '../outside.csv'] }),
    );
    await generateSample({ out, rows: 10 });
    expect(readFileSync(join(root, 'outside.csv'), 'utf8')).toBe('');
  });
});

describe('an option that cannot be followed', () => {
  it.each([
    ['rows', { rows: 9 }],
    ['rows', { rows: 10.5 }],
    ['seed', { seed: -1 }],
    ['dirt', { dirt: 1.1 }],
    ['dirt', { dirt: Number.NaN }],
    ['days', { days: 1 }],
    ['datasets', { datasets: ['purchases'] }],
  ])('is refused by its name: %s %j', async (option, options) => {
    const error: unknown = await generateSample({ out: fresh(), ...options }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SampleOptionError);
    expect(error).toMatchObject({ option });
  });
});
