import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ColumnType } from '../../lib/contract/index.ts';
import type { JsonColumn } from '../../lib/ingest/index.ts';
import { csvSoup, csvTable, dirtyCsv, mutate, mutation } from '../ingest/generated-csv.ts';
import { anyJson, edited, jsonEdit, jsonNumber, jsonObject, writtenNumber } from '../ingest/generated-json.ts';
import { wounded, wounds, xmlDocument, xmlOf } from '../ingest/generated-xml.ts';
import { type SplitCase, SplitterThere, splitHere } from './two-splitters.ts';

const there = await SplitterThere.start();
afterAll(() => there.end());

async function agree(one: SplitCase): Promise<void> {
  expect(await there.split(one)).toEqual(await splitHere(one));
}

const column = (name: string, kind: 'text' | 'integer' | 'boolean', path = name, lenient = false): JsonColumn => ({
  name,
  path,
  type: { kind } satisfies ColumnType,
  lenient,
});

const mutations = (minLength: number) => fc.array(mutation, { minLength, maxLength: 6 });
const chunkBytes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(1 << 16));

describe('both splitters say the same of', () => {
  it('CSV, damaged or not, at any chunk size and any bound', async () => {
    const bound = fc.constantFrom(1, 5, 20, 1 << 20);
    const file = fc.tuple(csvTable, mutations(0), chunkBytes, bound);
    await fc.assert(
      fc.asyncProperty(file, ([{ bytes }, all, chunk, maxRecordBytes]) =>
        agree({ name: 'a.csv', bytes: mutate(bytes, all), columns: null, chunkBytes: chunk, maxRecordBytes }),
      ),
      { numRuns: 300 },
    );
  });

  it('CSV that is nothing but odd bytes', async () => {
    await fc.assert(
      fc.asyncProperty(csvSoup, chunkBytes, (bytes, chunk) =>
        agree({ name: 'a.csv', bytes, columns: null, chunkBytes: chunk }),
      ),
      { numRuns: 350 },
    );
  });

  it('CSV at any share of dirt, over many blocks', async () => {
    const share = fc.constantFrom(2, 3, 20, 300);
    const chunk = fc.constantFrom(1 << 10, 1 << 14, 1 << 20);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), share, chunk, (seed, every, size) =>
        agree({ name: 'a.csv', bytes: dirtyCsv(seed, every), columns: null, chunkBytes: size }),
      ),
      { numRuns: 25 },
    );
  });

  const columns = [
    column('a', 'text', 'a', true),
    column('b', 'text', 'x.y'),
    column('n', 'integer', 'y'),
    column('t', 'boolean', 'b'),
    column('again', 'text', 'a'),
    column('below', 'text', 'x.b.é'),
  ];
  const numbers = fc
    .tuple(jsonNumber, fc.constantFrom('', 'e401', 'e-401', 'E+99999999999999999999'))
    .map(([one, power]) => {
      const written = power === '' ? writtenNumber(one) : writtenNumber({ ...one, exponent: null }) + power;
      return `{"y":${written}}`;
    });
  const values = fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: jsonObject }, anyJson),
      fc.constantFrom(0, 1, undefined),
      fc.array(jsonEdit, { maxLength: 2 }),
    )
    .map(([value, indent, edits]) => edited(JSON.stringify(value, null, indent).replaceAll('\n', '\r'), edits));
  const deep = fc.integer({ min: 95, max: 105 }).map((depth) => `{"zz":${'['.repeat(depth)}${']'.repeat(depth)}}`);

  const special = fc.constantFrom(
    '{"a":"1","b":true,"a":"1"}',
    '{"zz":[{"q":1,"q":1}],"a":"1"}',
    '{"a":"\\u0061","\u0061":1}',
    '{"a":NaN}',
    '{"y":-Infinity}',
    '{"zz":"\\ud83d\\ude00","a":"\\ud83d"}',
    '{"y":01}',
    '{"y":1.}',
    '{"a":"😀😀","y":1 2}',
    `{"y":"${'😀'.repeat(150)}"}`,
  );

  it('JSON lines, damaged or not, at any chunk size and any bound', async () => {
    const line = fc.oneof({ weight: 6, arbitrary: values }, numbers, deep, special);
    const file = fc.tuple(fc.array(line, { maxLength: 12 }), mutations(0), fc.constantFrom('\n', '\r\n', '\n \t\n'));
    const bound = fc.constantFrom(20, 1 << 20);
    await fc.assert(
      fc.asyncProperty(file, chunkBytes, bound, ([lines, all, end], chunk, maxRecordBytes) =>
        agree({
          name: 'a.jsonl',
          bytes: mutate(Buffer.from(lines.join(end)), all.slice(3)),
          columns,
          chunkBytes: chunk,
          maxRecordBytes,
        }),
      ),
      { numRuns: 350 },
    );
  });

  it('JSON files, damaged or not', async () => {
    const array = fc.array(fc.oneof({ weight: 3, arbitrary: jsonObject }, anyJson), { maxLength: 5 });
    const file = fc.tuple(fc.oneof(array, jsonObject), fc.array(jsonEdit, { maxLength: 2 }), mutations(0));
    await fc.assert(
      fc.asyncProperty(file, fc.constantFrom(20, 1 << 20), ([value, edits, all], maxRecordBytes) => {
        const bytes = mutate(Buffer.from(edited(JSON.stringify(value), edits)), all.slice(4));
        return agree({ name: 'a.json', bytes, columns, maxRecordBytes });
      }),
      { numRuns: 300 },
    );
  });

  it('web logs, damaged or not', async () => {
    const fields = [
      'host',
      'remote_user',
      'requested_at',
      'method',
      'path',
      'protocol',
      'status',
      'referrer',
      'user_agent',
    ];
    const wanted = [...fields, 'request_seconds', 'stranger'].map((name) => column(name, 'text'));
    const request = fc.constantFrom(
      'GET /a HTTP/1.1',
      'GET /a?q=\\"x\\" HTTP/2',
      '\\x16\\x03',
      '',
      '-',
      'é 😀 HTTP/1.0',
    );
    const time = fc.constantFrom(
      '10/Oct/2000:13:55:36 -0700',
      '01/Jan/2024:00:00:00 +0000',
      '1/x',
      '01/Foo/2024:00:00:00 +0100',
    );
    const line = fc
      .tuple(request, time, fc.constantFrom('-', 'a b', 'ann'), fc.constantFrom('', ' 0.25', ' -', ' 1 2'))
      .map(([asked, at, user, seconds]) => `10.0.0.1 - ${user} [${at}] "${asked}" 200 - "-" "Mozilla \\\\"${seconds}`);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), mutations(0), chunkBytes, (lines, all, chunk) => {
        const bytes = mutate(Buffer.from(lines.join('\n')), all);
        return agree({ name: 'a.log', bytes, columns: wanted, chunkBytes: chunk });
      }),
      { numRuns: 300 },
    );
  });

  it('results of document analysis, whatever stands in them', async () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const number = fc.oneof(fc.double(), fc.constantFrom(0, 99.999, 100, 1e21, 1.5e-7, 7), fc.constant('x'));
    const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 6 });
    const related = fc.record({ Type: fc.constantFrom('CHILD', 'VALUE', 'X'), Ids: fc.array(id, { maxLength: 2 }) });
    const block = fc.record({
      BlockType: some(fc.constantFrom('KEY_VALUE_SET', 'WORD', 'SELECTION_ELEMENT')),
      EntityTypes: some(fc.constantFrom(['KEY'], ['VALUE'], 'KEY')),
      Text: some(fc.constantFrom('Name', 'é', '')),
      SelectionStatus: some(fc.constant('SELECTED')),
      Confidence: some(number),
      Page: some(number),
      Relationships: some(fc.array(related, { maxLength: 2 })),
    });
    const blocks = fc
      .tuple(fc.array(block, { maxLength: 4 }), fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 4 }))
      .map(([all, ids]) => ({ Blocks: all.map((one, n) => ({ Id: ids[n], ...one })) }));
    const lines = fc
      .array(
        fc.record({
          Type: fc.constantFrom('LINE', 'WORD'),
          Id: some(number),
          DetectedText: some(id),
          Confidence: some(number),
        }),
        { maxLength: 3 },
      )
      .map((TextDetections) => ({ TextDetections }));
    const parts = ['$id', '$page', '$key', '$value', '$confidence', '$other', 'document'];
    const wanted = parts.map((path) => column(path.replace('$', 'the_'), 'text', path));
    const file = fc.tuple(
      fc.array(fc.tuple(fc.oneof(blocks, lines), fc.boolean()), { maxLength: 4 }),
      fc.constantFrom<'textract' | 'rekognition'>('textract', 'rekognition'),
      fc.constantFrom(null, 'result.of'),
    );
    await fc.assert(
      fc.asyncProperty(file, mutations(0), async ([results, kind, at], all) => {
        const text = results
          .map(([result, named]) =>
            JSON.stringify({
              ...(named && { document: 'd1', x: 1 }),
              ...(at === null ? result : { result: { of: result } }),
            }),
          )
          .join('\n');
        const bytes = mutate(Buffer.from(text), all.slice(4));
        await agree({ name: 'a.jsonl', bytes, columns: wanted, recordsIn: { kind, at } });
      }),
      { numRuns: 350 },
    );
  });

  it('gzip, damaged or not', async () => {
    const members = fc.array(csvTable, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(members, mutations(0), chunkBytes, (tables, all, chunk) => {
        const bytes = mutate(Buffer.concat(tables.map((one) => gzipSync(one.bytes))), all.slice(4));
        return agree({ name: 'a.csv.gz', bytes, columns: null, chunkBytes: chunk });
      }),
      { numRuns: 300 },
    );
  });
});

describe('both splitters take the same XML', () => {
  const wanted = [
    column('account', 'text', '/S.A'),
    column('id', 'text', '@id'),
    column('amount', 'text', 'V'),
    column('party', 'text', 'P.N'),
  ];

  it.each([null, 'urn:x'])('of the namespace %s, damaged or not, at any chunk size', async (namespace) => {
    const head = fc.constantFrom(
      '',
      '<?xml version="1.0"?>\n',
      '\uFEFF<?xml version=\'1.0\' encoding="utf-8" standalone="no" ?>',
      '<!-- a -->',
    );
    const root = fc.constantFrom(
      '<S',
      '<S xmlns="urn:x"',
      '<S xmlns="urn:x" xmlns:p="urn:y" p:k="1" k=" &#9;\ta"',
      '<S a="1" xmlns:b="urn:x" ',
    );
    const hurt = fc.option(wounds, { freq: 3 });
    await fc.assert(
      fc.asyncProperty(xmlDocument, head, root, hurt, chunkBytes, async (doc, before, open, how, chunk) => {
        const whole = Buffer.from(before + xmlOf(doc).replace('<S', open));
        const bytes = how === null ? whole : wounded(whole, how);
        const one = { name: 'a.xml', bytes, columns: wanted, chunkBytes: chunk };
        const recordsIn = { kind: 'xml', record: 'S.E.R', namespace } as const;
        const [here, other] = [await splitHere({ ...one, recordsIn }), await there.split({ ...one, recordsIn })];
        // Of several reasons to refuse a file any may be told.
        if ('refused' in here) expect(other).toHaveProperty('refused');
        else expect(other).toEqual(here);
      }),
      { numRuns: 350 },
    );
  });
});
