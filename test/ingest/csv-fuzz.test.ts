import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RefusedFile } from '../../lib/ingest/index.ts';
import { readWhole, workshop } from './harness.ts';
import { oracle } from './oracle.ts';

const shop = workshop();
afterAll(shop.end);

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'a', '12.50', 'Ann Lee', 'é', '東京', '😀', ' x ', '\t') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'a,b',
      'say "hi"',
      'two\nlines',
      'dos\r\nline',
      'mac\rline',
      '"',
      ',',
      '\u0001',
      '\u000b',
      '\u001f\f',
      '\n\n',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }) },
);
type Style = 'needed' | 'always' | 'mixed';
const MUST_QUOTE = /[",\r\n]/;

/** A table, and the RFC 4180 bytes of it in some style. */
const table = fc
  .record({
    columns: fc.integer({ min: 1, max: 4 }),
    rows: fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { maxLength: 14 }),
    style: fc.constantFrom<Style>('needed', 'always', 'mixed'),
    ends: fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 1, maxLength: 3 }),
    blanks: fc.array(fc.constantFrom('', '', '', '\n', '\r\n'), { minLength: 1, maxLength: 5 }),
    bom: fc.boolean(),
    finalEnd: fc.boolean(),
  })
  .map(({ columns, rows, style, ends, blanks, bom, finalEnd }) => {
    const cut = rows.map((row) => row.slice(0, columns).map((text) => text.replaceAll('\0', '')));
    const header = ['id', 'name', 'amount', 'note'].slice(0, columns);
    const lines = [header, ...cut].map((row, n) => {
      const fields = row.map((text, c) => {
        const quoted = style === 'always' || (style === 'mixed' && (n + c) % 2 === 0) || MUST_QUOTE.test(text);
        // One empty column unquoted would be a blank line.
        return quoted || (columns === 1 && text === '') ? `"${text.replaceAll('"', '""')}"` : text;
      });
      const last = n === cut.length;
      return (
        fields.join(',') +
        (last && !finalEnd ? '' : (ends[n % ends.length] ?? '\n') + (blanks[n % blanks.length] ?? ''))
      );
    });
    const records = cut.map((fields, n) => ({ number: n + 1, fields: fields.map((text) => text || null) }));
    return { bytes: Buffer.from((bom ? '\uFEFF' : '') + lines.join('')), header, records };
  });

type Mutation = { at: number; kind: 'cut' | 'flip' | 'put'; byte: number };
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('flip', 'put', 'put', 'put', 'cut'),
  byte: fc.oneof(
    fc.constantFrom(0x22, 0x22, 0x22, 0x0a, 0x0d, 0x2c, 0, 0xff, 0xc3, 1),
    fc.integer({ min: 0, max: 255 }),
  ),
});

function mutate(bytes: Buffer, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce((now, { at, kind, byte }) => {
    const place = Math.floor(at * now.length);
    const one = Buffer.from([byte]);
    if (kind === 'cut') return now.subarray(0, Math.max(place, now.length - 20));
    return Buffer.concat([now.subarray(0, place), one, now.subarray(kind === 'flip' ? place + 1 : place)]);
  }, bytes);
}

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
      fc.asyncProperty(table, reading, async ({ bytes, header, records }, options) => {
        expect(await read(bytes, options)).toMatchObject({ header, records, faults: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('is read as the specification says when it was damaged: nothing lost, nothing invented', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
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
    const soup = fc.array(fc.constantFrom('"', '"', '"', ',', '\n', '\r', '\r\n', 'a', '""', '",', '\n"'), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(soup, reading, async (parts, options) => {
        const bytes = Buffer.from(`a,b\n${parts.join('')}`);
        expect(await read(bytes, options)).toEqual(oracle(bytes, 1 << 20));
      }),
      { numRuns: 1000 },
    );
  });

  it('is read the same at any share of dirt, over many blocks', async () => {
    const dirt = [
      'x,"open,1',
      'a,b',
      '"q,1",b,c',
      'a"b,c,d',
      '"ok","fine","q"',
      'caf\xe9,1,2',
      'a\0,b,c',
      'a,b\rc,d',
      '"two\nlines",1,2',
      '',
      'a,b,c\r',
      '"","",""',
      '"caf\xe9",1,2',
    ];
    const row = (n: number) => `p${n},${n % 97}.50,caf\xc3\xa9 ${n}`;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom(2, 3, 20, 300),
        fc.constantFrom(1 << 10, 1 << 14, 1 << 20),
        async (seed, every, chunkBytes) => {
          let state = seed;
          const random = () => {
            state = (Math.imul(state, 1103515245) + 12345) >>> 0;
            return state >>> 8;
          };
          const lines = Array.from({ length: 3000 }, (_, n) =>
            random() % every === 0 ? (dirt[random() % dirt.length] ?? '') : row(n),
          );
          const bytes = Buffer.from(`id,amount,name\n${lines.join('\n')}\n`, 'latin1');
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
