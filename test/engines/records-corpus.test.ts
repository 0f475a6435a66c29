import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RecordsIn } from '../../lib/contract/index.ts';
import type { JsonColumn } from '../../lib/ingest/index.ts';
import { SplitterThere, splitHere, type Taken } from './two-splitters.ts';

const CORPUS = new URL('../fixtures/records/', import.meta.url).pathname;

interface Case {
  about: string;
  file: string;
  refused?: string;
  columns?: JsonColumn[];
  recordsIn?: RecordsIn;
}

const cases: Case[] = readdirSync(CORPUS)
  .filter((name) => name.endsWith('.expected.json'))
  .map((name) => JSON.parse(readFileSync(join(CORPUS, name), 'utf8')))
  .filter(({ file }) => !file.endsWith('.parquet'));

const there = await SplitterThere.start();
afterAll(() => there.end());

/** The faults as the corpus lists them: of values among those of records. */
const faultsOf = ({ records, faults }: Taken) =>
  [
    ...records.flatMap(({ number, faults: ofValues }) =>
      ofValues.map(({ column, code }) => ({ number, column, code })),
    ),
    ...faults.map(({ number, code }) => ({ number, code })),
  ].sort((a, b) => a.number - b.number);

describe.each([1 << 20, 7, 1])('the corpus in Python, read by %d bytes', (chunkBytes) => {
  it.each(cases)('$file: $about', async ({ about, file, columns = null, recordsIn = null, refused, ...expected }) => {
    const one = { name: file, bytes: readFileSync(join(CORPUS, file)), columns, recordsIn, chunkBytes };
    const found = await there.split(one);
    if ('refused' in found) expect(found.refused).toBe(refused);
    else {
      const records = found.records.map(({ number, fields }) => ({ number, fields }));
      expect({ ...found, records, faults: faultsOf(found) }).toMatchObject(expected);
    }
    expect(found).toEqual(await splitHere(one));
  });
});
