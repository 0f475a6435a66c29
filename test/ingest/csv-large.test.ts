import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type CsvRead, RefusedFile, readCsv } from '../../lib/ingest/index.ts';
import { collector, readWhole, workshop } from './harness.ts';

const shop = workshop();
afterAll(shop.end);

const MIB = 1024 * 1024;
const rows = (count: number) => Array.from({ length: count }, (_, n) => `${n},name ${n},${n}.50\n`).join('');

async function read(
  bytes: Buffer | string,
  options: { splitterBelow?: number; maxRecordBytes?: number; chunkBytes?: number } = {},
) {
  const path = shop.put('large.csv', bytes);
  const { sink, records, faults, raw } = collector();
  const result = await readCsv(path, { scratchDir: shop.dir, splitterBelow: 0, ...options }, sink);
  return { path, result, records, faults, raw };
}

describe('which file an engine gets', () => {
  const plain = `id,name,amount\n${rows(9)}`;
  const header = 'id,name,amount';
  const cases: { about: string; bytes: string; given: CsvRead['plain'] extends infer P ? Partial<P> | null : never }[] =
    [
      { about: 'a plain file as it is', bytes: plain, given: { sanitised: false, lines: 9, placeholders: 0 } },
      { about: 'the same without a last line end', bytes: plain.trimEnd(), given: { sanitised: false, lines: 9 } },
      { about: 'a copy for CRLF', bytes: plain.replaceAll('\n', '\r\n'), given: { sanitised: true, placeholders: 0 } },
      { about: 'a copy for a byte order mark', bytes: `\uFEFF${plain}`, given: { sanitised: true, placeholders: 0 } },
      { about: 'a copy for a blank line', bytes: `${plain}\n`, given: { sanitised: true, placeholders: 0 } },
      {
        about: 'a copy for a quoted header',
        bytes: plain.replace(header, '"id","name","amount"'),
        given: { sanitised: true, placeholders: 0 },
      },
      {
        about: 'a copy without the quotes that only decorate',
        bytes: `${plain}"9","x",""\n`,
        given: { sanitised: true, lines: 10, placeholders: 0 },
      },
      {
        about: 'a copy with a placeholder for a broken record',
        bytes: `${plain}9\n`,
        given: { sanitised: true, lines: 10, placeholders: 1 },
      },
      {
        about: 'a copy with a placeholder for a quoted comma',
        bytes: `${plain}9,"a,b",\n`,
        given: { sanitised: true, lines: 10, placeholders: 1 },
      },
      { about: 'nothing when no line is plain', bytes: `${header}\n1\n2\n`, given: null },
      { about: 'nothing when there are no records', bytes: `${header}\n`, given: null },
    ];

  it.each(cases)('is $about', async ({ bytes, given }) => {
    const { path, result } = await read(bytes);
    if (given === null) expect(result.plain).toBeNull();
    else expect(result.plain).toMatchObject(given);
    if (given?.sanitised === false) expect(result.plain?.path).toBe(path);
  });

  it('is nothing for a small file, whose records all go to the sink', async () => {
    const { result, records } = await read(plain, { splitterBelow: Buffer.byteLength(plain) + 1 });
    expect(result).toMatchObject({ plain: null, records: 9, longestLine: 0 });
    expect(records).toHaveLength(9);
  });

  it('gets a header line it can skip, whatever the names are', async () => {
    const { result } = await read('"a,b","c\nd"\n1,2\n');
    expect(result.header).toEqual(['a,b', 'c\nd']);
    expect(readFileSync(result.plain?.path ?? '', 'utf8')).toBe('c1,c2\n1,2\n');
  });

  it('asks about the header before any record, and lets the file be refused', async () => {
    const path = shop.put('h.csv', 'id,name\n1,2\n');
    const checkHeader = (header: readonly string[]) => {
      throw new RefusedFile('missing_column', path, `found ${header.join()}`);
    };
    const { sink, records } = collector();
    await expect(readCsv(path, { scratchDir: shop.dir, checkHeader }, sink)).rejects.toThrow('id,name');
    expect(records).toEqual([]);
  });
});

describe('large records', () => {
  it('gives a field of 10 MB, and the records around it', async () => {
    const big = 'x'.repeat(10_000_000);
    const { result, records } = await read(`id,name,amount\n${rows(3)}7,${big},1\n8,"a ""${big}""",2\n${rows(2)}`);
    expect(result).toMatchObject({ records: 7, plain: { placeholders: 2 } });
    expect(records.map(({ number, fields }) => [number, fields[1]?.length])).toEqual([
      [4, 10_000_000],
      [5, 10_000_004],
    ]);
  });

  it.each([
    { about: 'a long line', bad: `1,${'x'.repeat(300_000)},2`, code: 'record_too_long' },
    { about: 'a long quoted field', bad: `1,"${'x'.repeat(300_000)}",2`, code: 'record_too_long' },
    {
      about: 'a long line that was broken before it grew long',
      bad: `1,a"b${'x'.repeat(300_000)},2`,
      code: 'quote_in_text',
    },
    { about: 'a long line without end', bad: `1,${'x'.repeat(300_000)}`, code: 'record_too_long', last: true },
  ])('spoils only $about', async ({ bad, code, last }) => {
    for (const splitterBelow of [0, Number.POSITIVE_INFINITY]) {
      for (const chunkBytes of [1000, 65_536, MIB]) {
        const path = shop.put('long.csv', `id,name,amount\n${rows(5)}${bad}${last ? '' : `\n${rows(5)}`}`);
        const { faults, records } = await readWhole(path, {
          scratchDir: shop.dir,
          splitterBelow,
          chunkBytes,
          maxRecordBytes: 1000,
        });
        expect(faults).toEqual([{ number: 6, code }]);
        expect(records).toHaveLength(last ? 5 : 10);
      }
    }
  });

  it('keeps only a bounded part of what is broken, in printable form', async () => {
    const { raw } = await read(`a,b\nx\0y,\xe9,${'z'.repeat(200_000)}\n`);
    expect(raw.get(1)?.length).toBeLessThanOrEqual(64 * 1024);
    expect(raw.get(1)).toMatch(/^x␀y,é,z+$/);
  });
});

describe('the time it takes', () => {
  // Each of these would take minutes if anything were searched for, moved or tried again once a line.
  it.each([
    { about: 'every line opens a quote that fails', line: '1,"open,2\n' },
    {
      about: 'one quote never closes, and the bound ends the search',
      line: '""x,1,2\n',
      first: '1,"a,2\n',
      maxRecordBytes: 100_000,
    },
    { about: 'one quote never closes, and pairs follow', line: '""x,1,2\n', first: '1,"a,2\n' },
    { about: 'records of many lines that fail late', line: '"a\nb","c\nd",x"\n' },
    { about: 'lines without end', line: 'x'.repeat(100) },
  ])('stays linear when $about', async ({ line, first, maxRecordBytes = 64 * MIB }) => {
    const bytes = `a,b,c\n${first ?? ''}${line.repeat(Math.ceil((1.5 * MIB) / line.length))}`;
    const started = performance.now();
    await read(bytes, { chunkBytes: 64 * 1024, maxRecordBytes });
    await read(bytes, { splitterBelow: Number.POSITIVE_INFINITY, maxRecordBytes });
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
