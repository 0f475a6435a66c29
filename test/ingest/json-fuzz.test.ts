import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ColumnType } from '../../lib/contract/index.ts';
import { type JsonColumn, RefusedFile, readJson, readJsonLines } from '../../lib/ingest/index.ts';
import { anyJson, edited, jsonEdit, jsonNumber, jsonObject, writtenNumber } from './generated-json.ts';
import { collector, workshop } from './harness.ts';

const shop = workshop();
afterAll(shop.end);

const column = (name: string, kind: 'text' | 'integer' | 'boolean', path: string | null = null): JsonColumn => ({
  name,
  path,
  type: { kind } satisfies ColumnType,
});

async function lines(
  content: Buffer | string,
  columns: readonly JsonColumn[],
  chunkBytes = 1 << 16,
  maxRecordBytes = 1 << 26,
) {
  const { sink, records, faults } = collector();
  const path = shop.put('fuzz.jsonl', content);
  const read = await readJsonLines(path, columns, { chunkBytes, maxRecordBytes }, sink);
  return { read, records, faults };
}

/** The value times 10^200, exactly: an integer for every number above. */
const scaled = (sign: string, digitsOfIt: string, exponent: number): bigint =>
  BigInt(digitsOfIt) * 10n ** BigInt(200 + exponent) * (sign === '-' ? -1n : 1n);

describe('a JSON number', () => {
  it('becomes plain text of the same value, in its shortest form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(jsonNumber, { minLength: 20, maxLength: 40 }), async (numbers) => {
        const written = numbers.map((one) => `{"n":${writtenNumber(one)}}`);
        const { records } = await lines(written.join('\n'), [column('n', 'integer')]);
        numbers.forEach(({ sign, whole, fraction, exponent }, n) => {
          const text = records[n]?.fields[0] ?? '';
          expect(text).toMatch(/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/);
          const [, minus = '', before = '', after = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
          const expected = scaled(sign, whole + fraction, (exponent ?? 0) - fraction.length);
          expect(scaled(minus, before + after, -after.length)).toBe(expected);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('takes no time to be refused, however large its exponent', async () => {
    const zeros = '0'.repeat(200_000);
    const numbers = [
      `1e${'9'.repeat(100_000)}`,
      `0.${zeros}1`,
      `1${zeros}.${zeros}`,
      `1.${zeros}e0`,
      `0.${zeros}e${zeros}1`,
    ];
    const { records, faults } = await lines(numbers.map((one) => `{"n":${one}}`).join('\n'), [column('n', 'integer')]);
    expect(records.map(({ fields }) => fields[0]?.length)).toEqual([undefined, undefined, undefined, 1, 1]);
    expect(faults.map(({ code }) => code)).toEqual(['number_range', 'number_range', 'number_range']);
  });
});

const LONE = /\p{Surrogate}/u;

/** What `JSON.parse` makes of a line, for columns a (text) and b (text at x.y). */
function parsed(line: string): { fields: (string | null)[] } | { code: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { code: 'invalid_json' };
  }
  const isObject = (of: unknown): of is Record<string, unknown> =>
    typeof of === 'object' && of !== null && !Array.isArray(of);
  if (!isObject(value)) return { code: 'not_an_object' };
  const text = (of: unknown) => (typeof of === 'string' && of !== '' ? of : null);
  const strings: string[] = [];
  JSON.stringify(value, (key, inner) => {
    strings.push(key, typeof inner === 'string' ? inner : '');
    return inner;
  });
  if (strings.some((one) => one.includes('\0'))) return { code: 'nul' };
  if (strings.some((one) => LONE.test(one))) return { code: 'lone_surrogate' };
  return { fields: [text(value.a), isObject(value.x) ? text(value.x.y) : null] };
}

const columns = [column('a', 'text'), column('b', 'text', 'x.y')];

describe('JSON lines', () => {
  it('agree with JSON.parse on what is JSON and what it says, damaged or not, at any chunk size', async () => {
    const line = fc.tuple(
      fc.oneof({ weight: 4, arbitrary: jsonObject }, anyJson),
      fc.constantFrom(0, 1, undefined),
      fc.array(jsonEdit, { maxLength: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.integer({ min: 1, max: 100 }),
        async (values, chunkBytes) => {
          const texts = values.map(([value, indent, edits]) => {
            const text = JSON.stringify(value, null, indent).replaceAll('\n', '\r');
            return edited(text, edits);
          });
          // Half a character cannot be written as UTF-8; a member name twice is another test.
          const written = texts.filter((text) => !LONE.test(text) && !/^[ \t\r]*$/.test(text));
          const { records, faults, read } = await lines(written.join('\n'), columns, chunkBytes);
          expect(read.records).toBe(written.length);
          written.forEach((text, n) => {
            const found = records.find(({ number }) => number === n + 1);
            const code = faults.find((fault) => fault.number === n + 1 && fault.column === undefined)?.code;
            if (code === 'duplicate_member') return;
            expect(found === undefined ? { code } : { fields: found.fields }, text).toEqual(parsed(text));
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('spoil nothing but the lines that are too long or not UTF-8', async () => {
    const part = fc.constantFrom(
      '{"a":"é"}',
      '{"a":"ok"}',
      '',
      ' \t',
      `{"a":"${'x'.repeat(90)}"}`,
      `{"a":"${'é'.repeat(60_000)}"}`,
      '\xff',
      '{"a":"\xc3"}',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 30 }), fc.constantFrom(1, 7, 1000, 1 << 16), async (parts, size) => {
        // Built of latin-1, so that some lines are not UTF-8.
        const utf8 = (text: string) => (text.includes('é') ? Buffer.from(text) : Buffer.from(text, 'latin1'));
        const bytes = Buffer.concat(parts.flatMap((text) => [utf8(text), Buffer.from('\n')]));
        const chunkBytes = parts.some((text) => text.length > 1000) ? Math.max(size, 1000) : size;
        const { records, faults, read } = await lines(bytes, columns, chunkBytes, 80);
        const expected = parts
          .filter((text) => text.trim() !== '')
          .map((text, n) => {
            const code = utf8(text).length > 80 ? 'record_too_long' : /[\xff\xc3]/.test(text) ? 'invalid_utf8' : null;
            return [n + 1, code ?? JSON.parse(text).a];
          });
        const found = [
          ...records.map(({ number, fields }) => [number, fields[0]]),
          ...faults.map(({ number, code }) => [number, code]),
        ];
        expect(found.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(expected);
        expect(read.blanks).toBe(parts.length - expected.length);
      }),
      { numRuns: 150 },
    );
  });

  it('keep twenty names of unknown members at most', async () => {
    const members = Array.from({ length: 50 }, (_, n) => `"m${n}":1`).join();
    expect((await lines(`{${members}}`, columns)).read.extra).toHaveLength(20);
  });
});

describe('a JSON file', () => {
  it('gives the elements of its array, or its one object, at any indentation', async () => {
    const array = fc.array(anyJson, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(array, jsonObject), fc.constantFrom(0, 2), async (value, indent) => {
        const { sink, records, faults } = collector();
        const path = shop.put('fuzz.json', JSON.stringify(value, null, indent));
        const read = await readJson(path, columns, {}, sink);
        const elements = Array.isArray(value) ? value : [value];
        expect(read.records).toBe(elements.length);
        elements.forEach((element, n) => {
          const found = records.find(({ number }) => number === n + 1);
          const code = faults.find((fault) => fault.number === n + 1 && fault.column === undefined)?.code;
          expect(found === undefined ? { code } : { fields: found.fields }).toEqual(parsed(JSON.stringify(element)));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is refused exactly when it is not JSON, before any record is told', async () => {
    const file = fc.tuple(fc.array(jsonObject, { maxLength: 4 }), fc.array(jsonEdit, { minLength: 1, maxLength: 2 }));
    await fc.assert(
      fc.asyncProperty(file, async ([value, edits]) => {
        const text = edited(JSON.stringify(value), edits);
        fc.pre(!LONE.test(text));
        const { sink, records, faults } = collector();
        const outcome = await readJson(shop.put('fuzz.json', text), columns, {}, sink).catch((error: unknown) => error);
        const whole = parsed(text);
        const isJson = !('code' in whole) || whole.code !== 'invalid_json';
        const isRecords = isJson && typeof JSON.parse(text) === 'object' && JSON.parse(text) !== null;
        expect(outcome instanceof RefusedFile, text).toBe(!isRecords);
        if (!isRecords) expect([...records, ...faults]).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('has a bound on its size and on its records', async () => {
    const path = shop.put('big.json', `[{"a":"${'x'.repeat(1000)}"},{"a":"b"}]`);
    const { sink, records, faults } = collector();
    await expect(readJson(path, columns, { maxBytes: 1000, path: 'd/big.json' }, sink)).rejects.toThrow(
      /d\/big.json: refused \(too_large\)/,
    );
    await readJson(path, columns, { maxRecordBytes: 100 }, sink);
    expect([faults, records]).toEqual([[{ number: 1, code: 'record_too_long' }], [{ number: 2, fields: ['b', null] }]]);
  });
});
