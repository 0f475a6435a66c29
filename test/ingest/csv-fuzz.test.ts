import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RefusedFile } from '../../lib/ingest/index.ts';
import { csvSoup, csvTable, dirtyCsv, mutate, mutation } from './generated-csv.ts';
import { readWhole, workshop } from './harness.ts';
import { oracle } from './oracle.ts';

const shop = workshop();
afterAll(shop.end);

const reading = fc.record({
  splitterBelow: fc.constantFrom(0, Number.POSITIVE_INFINITY),
  chunkBytes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(1 << 16)),
});

async function read(bytes: Buffer, options: { splitterBelow: number; chunkBytes: number; maxRecordBytes?: number }) {
  try {
    return await readWhole(shop.put('fuzz.csv', bytes), { scratchDir: shop.dir, ...options });
  } catch (error) {
    if (error instanceof RefusedFile) return null;
    throw error;
  }
}

describe('any CSV file', () => {
  it('gives back every record of a table that was written as RFC 4180', async () => {
    await fc.assert(
      fc.asyncProperty(csvTable, reading, async ({ bytes, header, records }, options) => {
        expect(await read(bytes, options)).toMatchObject({ header, records, faults: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('is read as the specification says when it was damaged: nothing lost, nothing invented', async () => {
    await fc.assert(
      fc.asyncProperty(
        csvTable,
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        reading,
        fc.constantFrom(1, 5, 20, 1 << 20),
        async ({ bytes }, mutations, options, maxRecordBytes) => {
          const damaged = mutate(bytes, mutations);
          expect(await read(damaged, { ...options, maxRecordBytes })).toEqual(oracle(damaged, maxRecordBytes));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is read as the specification says when it is nothing but odd bytes', async () => {
    await fc.assert(
      fc.asyncProperty(csvSoup, reading, async (bytes, options) => {
        expect(await read(bytes, options)).toEqual(oracle(bytes, 1 << 20));
      }),
      { numRuns: 1000 },
    );
  });

  it('is read the same at any share of dirt, over many blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom(2, 3, 20, 300),
        fc.constantFrom(1 << 10, 1 << 14, 1 << 20),
        async (seed, every, chunkBytes) => {
          const bytes = dirtyCsv(seed, every);
          const expected = oracle(bytes, 1 << 20);
          for (const splitterBelow of [0, Number.POSITIVE_INFINITY]) {
            expect(await read(bytes, { splitterBelow, chunkBytes })).toEqual(expected);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
