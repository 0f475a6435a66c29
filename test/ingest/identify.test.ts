import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { discover, identify, isUnchanged, type RawFile, RefusedFile, StillGrowing } from '../../lib/ingest/index.ts';
import { workshop } from './harness.ts';

const shop = workshop();
const raw = join(shop.dir, 'raw');
const scratch = join(shop.dir, 'scratch');
mkdirSync(join(raw, 'd'), { recursive: true });
mkdirSync(scratch);
afterAll(shop.end);

async function file(name: string, bytes: Buffer | string): Promise<RawFile> {
  writeFileSync(join(raw, 'd', name), bytes);
  const found = (await discover(raw)).files.find(({ path }) => path === `d/${name}`);
  if (found === undefined) throw new Error(`${name} was not discovered`);
  return found;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const DATA = Buffer.from('id,name\n1,Ann\n'.repeat(5000));

describe('identifying a file', () => {
  it('is the same for the same bytes, compressed or not', async () => {
    const plain = await identify(await file('a.csv', DATA), scratch);
    const zipped = await identify(await file('b.csv.gz', gzipSync(DATA, { level: 1 })), scratch);
    expect(plain).toEqual({ sha256: sha256(DATA), bytes: DATA.length, content: join(raw, 'd', 'a.csv') });
    expect(zipped).toMatchObject({ sha256: plain.sha256, bytes: plain.bytes });
    expect(readFileSync(zipped.content).equals(DATA)).toBe(true);
  });

  it('takes any way of cutting the data into gzip members', async () => {
    const cuts = fc.array(fc.integer({ min: 0, max: DATA.length }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const at = [0, ...places.sort((a, b) => a - b), DATA.length];
        const members = at.slice(1).map((to, n) => gzipSync(DATA.subarray(at[n], to)));
        const identity = await identify(await file('c.csv.gz', Buffer.concat(members)), scratch);
        expect(identity.sha256).toBe(sha256(DATA));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses gzip that is cut anywhere, and leaves nothing in the scratch folder', async () => {
    const small = gzipSync(Buffer.concat([DATA.subarray(0, 300), Buffer.from(sha256(DATA))]));
    const before = readdirSync(scratch).length;
    for (let length = 0; length < small.length; length += 1) {
      const cut = await identify(await file('cut.csv.gz', small.subarray(0, length)), scratch).catch((error) => error);
      expect(cut, `cut to ${length} of ${small.length}`).toMatchObject({ code: 'corrupt_gzip', path: 'd/cut.csv.gz' });
    }
    expect(readdirSync(scratch)).toHaveLength(before);
  });

  it('refuses gzip with any flipped byte of data, checksum or length', async () => {
    const good = gzipSync(DATA.subarray(0, 400));
    let refused = 0;
    // Bytes 4 to 9 of the header (time, flags, system) say nothing about the data.
    for (let at = 10; at < good.length; at += 1) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x40;
      const found = await identify(await file('bad.csv.gz', bad), scratch).catch((error: unknown) => error);
      // The last bits before the checksum may be padding: then the content is the same.
      if (found instanceof RefusedFile) refused += 1;
      else expect(found, `byte ${at}`).toMatchObject({ sha256: sha256(DATA.subarray(0, 400)) });
    }
    expect(refused).toBeGreaterThan(good.length - 13);
  });

  it('refuses a bomb by its ratio before it fills the disk', async () => {
    const bomb = await file('bomb.csv.gz', gzipSync(Buffer.alloc(80 * 1024 * 1024), { level: 9 }));
    const before = readdirSync(scratch).length;
    await expect(identify(bomb, scratch)).rejects.toMatchObject({ code: 'bomb' });
    await expect(identify(bomb, scratch, { maxRatio: 1e6 })).resolves.toMatchObject({ bytes: 80 * 1024 * 1024 });
    expect(readdirSync(scratch)).toHaveLength(before + 1);
  });

  it('refuses what outgrows the bound once decompressed; a plain file has the size it has', async () => {
    const zipped = await file('big.csv.gz', gzipSync(DATA));
    await expect(identify(zipped, scratch, { maxBytes: 1000 })).rejects.toMatchObject({ code: 'bomb' });
    await expect(identify(await file('big.csv', DATA), scratch, { maxBytes: 1000 })).resolves.toBeDefined();
  });

  it('takes small files that compress well', async () => {
    await expect(identify(await file('zeros.csv.gz', gzipSync(Buffer.alloc(1 << 20))), scratch)).resolves.toBeDefined();
  });

  it('takes Parquet by its magic, without reading its inside', async () => {
    const parquet = Buffer.from(`PAR1${'\xff\xfe'.repeat(20)}PAR1`, 'latin1');
    await expect(identify(await file('p.parquet', parquet), scratch)).resolves.toMatchObject({
      sha256: sha256(parquet),
    });
  });

  it('does not blame the file for a scratch folder that cannot be written', async () => {
    const zipped = await file('e.csv.gz', gzipSync(DATA));
    const error = await identify(zipped, join(raw, 'd', 'e.csv.gz', 'scratch')).catch((thrown: unknown) => thrown);
    expect(error).not.toBeInstanceOf(RefusedFile);
    expect(error).toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('a file that is still being written', () => {
  const touched: { how: string; touch: (path: string) => void }[] = [
    { how: 'grew', touch: (path) => appendFileSync(path, '2,Bob\n') },
    { how: 'was written again at the same size', touch: (path) => writeFileSync(path, 'id,name\n9,Zoe\n') },
    {
      how: 'was replaced by one as old',
      touch: (path) => {
        const { atime, mtime } = statSync(path);
        rmSync(path);
        writeFileSync(path, 'id,name\n9,Zoe\n');
        utimesSync(path, atime, mtime);
      },
    },
    { how: 'went away', touch: (path) => rmSync(path) },
  ];

  it.each(touched)('is left alone when it $how after it was listed', async ({ touch }) => {
    const listed = await file('grow.csv', 'id,name\n1,Ann\n');
    expect(await isUnchanged(listed)).toBe(true);
    touch(join(raw, 'd', 'grow.csv'));
    expect(await isUnchanged(listed)).toBe(false);
    await expect(identify(listed, scratch)).rejects.toThrow(StillGrowing);
  });

  it('is left alone when it grows while it is read', async () => {
    const listed = await file('during.csv', Buffer.alloc(8 << 20, 'x'));
    const reading = identify(listed, scratch);
    appendFileSync(join(raw, 'd', 'during.csv'), 'more\n');
    await expect(reading).rejects.toThrow(StillGrowing);
  });

  it('is not called corrupt: half a gzip that moves is left alone', async () => {
    const zipped = gzipSync(DATA, { level: 0 });
    const listed = await file('half.csv.gz', zipped.subarray(0, 1000));
    const reading = identify(listed, scratch);
    appendFileSync(join(raw, 'd', 'half.csv.gz'), zipped.subarray(1000));
    await expect(reading).rejects.toThrow(StillGrowing);
  });

  it('is left alone while it is younger than asked for', async () => {
    const listed = await file('young.csv', DATA);
    await expect(identify(listed, scratch, { quietMs: 60_000 })).rejects.toThrow(/modified \d+ ms ago/);
  });
});
