import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnType, RecordsIn } from '../../lib/contract/index.ts';
import {
  discover,
  identify,
  type JsonColumn,
  judge,
  type RawFile,
  RefusedFile,
  readDocument,
} from '../../lib/ingest/index.ts';
import { collector, readWhole, workshop } from './harness.ts';
import { oracle } from './oracle.ts';

const CORPUS = new URL('../fixtures/records/', import.meta.url).pathname;

interface Case {
  about: string;
  file: string;
  refused?: string;
  header?: string[];
  columns?: JsonColumn[];
  recordsIn?: RecordsIn;
  records?: unknown[];
  faults?: unknown[];
  blanks?: number;
  extra?: string[];
}

const cases: Case[] = readdirSync(CORPUS)
  .filter((name) => name.endsWith('.expected.json'))
  .map((name) => JSON.parse(readFileSync(join(CORPUS, name), 'utf8')));

const shop = workshop();
const files = new Map<string, RawFile>();
beforeAll(async () => {
  mkdirSync(join(shop.dir, 'raw'));
  cpSync(CORPUS, join(shop.dir, 'raw', 'corpus'), { recursive: true });
  for (const file of (await discover(join(shop.dir, 'raw'))).files) files.set(file.path.slice('corpus/'.length), file);
});
afterAll(shop.end);

async function contentOf(name: string): Promise<{ file: RawFile; content: string }> {
  const file = files.get(name);
  if (file === undefined) throw new Error(`${name} was not discovered`);
  return { file, content: (await identify(file, join(shop.dir, 'scratch'))).content };
}

async function read({ file: name, columns = [], recordsIn }: Case, splitterBelow: number, chunkBytes: number) {
  const { file, content } = await contentOf(name);
  if (file.format === 'csv') return readWhole(content, { scratchDir: shop.dir, splitterBelow, chunkBytes });
  if (file.format === 'parquet') throw new Error(`${name} is read by an engine`);
  const { sink, records, faults } = collector();
  const { blanks, extra } = await readDocument(file.format, content, columns, recordsIn ?? null, { chunkBytes }, sink);
  return { records, faults, blanks, extra: [...extra] };
}

const ways = [
  { way: 'every record through the splitter', below: Number.POSITIVE_INFINITY, chunk: 1 << 20 },
  { way: 'plain lines apart', below: 0, chunk: 1 << 20 },
  { way: 'through the splitter, byte by byte', below: Number.POSITIVE_INFINITY, chunk: 1 },
  { way: 'plain lines apart, seven bytes at a time', below: 0, chunk: 7 },
];

describe.each(ways)('the corpus, $way', ({ below, chunk }) => {
  it.each(cases.filter((one) => one.refused === undefined))('$file: $about', async (expected) => {
    const { about, file, columns, recordsIn, ...rest } = expected;
    expect(await read(expected, below, chunk)).toEqual(rest);
  });

  it.each(cases.filter((one) => one.refused !== undefined))('refuses $file: $about', async (expected) => {
    const refusal = await read(expected, below, chunk).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RefusedFile);
    expect(refusal).toMatchObject({ code: expected.refused });
  });
});

describe('the corpus and the second reading of its specification', () => {
  it.each(cases.filter((one) => one.header !== undefined))(
    'agree on $file',
    async ({ file, header, records, faults, blanks }) => {
      const { content } = await contentOf(file);
      expect(oracle(readFileSync(content), 64 << 20)).toEqual({ header, records, faults, blanks });
    },
  );

  it('has a case for every file, and a file for every case', () => {
    const inputs = readdirSync(CORPUS).filter((name) => !/^(\.|README|lexical)|\.expected\.json$/.test(name));
    expect(cases.map(({ file }) => file).sort()).toEqual(inputs.sort());
  });
});

const lexical: { type: ColumnType; text: string; value: string | null }[] = JSON.parse(
  readFileSync(join(CORPUS, 'lexical.json'), 'utf8'),
);

describe('the lexical grammar', () => {
  it.each(lexical.map((one) => ({ ...one, kind: one.type.kind })))(
    '$kind: "$text" is $value',
    ({ type, text, value }) => {
      expect(judge(type, text)).toEqual(value === null ? { fault: expect.stringContaining('expected') } : { value });
    },
  );
});
