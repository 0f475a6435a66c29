import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RefusedFile, readXml, type XmlColumn } from '../../lib/ingest/index.ts';
import { wounded, wounds, xmlDocument, xmlOf } from './generated-xml.ts';
import { collector, workshop } from './harness.ts';

const shop = workshop();
afterAll(shop.end);

const column = (name: string, path: string): XmlColumn => ({ name, path, type: { kind: 'text' } });
const COLUMNS = [column('account', '/S.A'), column('id', '@id'), column('amount', 'V'), column('party', 'P.N')];
const RECORDS = { kind: 'xml', record: 'S.E.R', namespace: null } as const;

async function read(content: Buffer | string, chunkBytes = 1 << 16, maxRecordBytes = 1 << 26) {
  const { sink, records, faults } = collector();
  const path = shop.put('fuzz.xml', content);
  const result = await readXml(path, COLUMNS, RECORDS, { chunkBytes, maxRecordBytes }, sink);
  return { read: result.records, records, faults };
}

const outcome = (content: Buffer | string, chunkBytes?: number) =>
  read(content, chunkBytes).catch((error: unknown) => {
    if (error instanceof RefusedFile) return { refused: error.code };
    throw error;
  });

const orNull = (text: { value: string } | null | undefined) => text?.value || null;

describe('an XML file', () => {
  it('gives every record with the very values that were written, however they are spelled and the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(xmlDocument, fc.integer({ min: 1, max: 40 }), async (doc, chunkBytes) => {
        const { records, faults } = await read(xmlOf(doc), chunkBytes);
        expect(faults).toEqual([]);
        expect(records.map(({ fields }) => fields)).toEqual(
          doc.records.map(({ id, amount, party }) => [orNull(doc.account), orNull(id), orNull(amount), orNull(party)]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is refused whole or read whole when its bytes are hurt, and no record is lost in silence', async () => {
    await fc.assert(
      fc.asyncProperty(xmlDocument, wounds, async (doc, hurt) => {
        const bytes = wounded(Buffer.from(xmlOf(doc)), hurt);
        const found = await outcome(bytes);
        const slowly = await outcome(bytes, 1);
        // Of several reasons to refuse a file, which is met first depends on how the bytes arrive.
        expect('refused' in slowly).toBe('refused' in found);
        if ('refused' in found) return;
        expect(slowly).toEqual(found);
        expect(found.read).toBe(found.records.length);
        const tags = bytes.toString().replace(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->/g, '');
        expect(found.read).toBe(tags.match(/<R[\s/>]/g)?.length ?? 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an XML file made to do harm', () => {
  const MiB = 1 << 20;
  const rss = () => process.memoryUsage().rss;
  const doc = (inside: string) => `<S><E>${inside}</E></S>`;

  it.each([
    ['a document type', `<!DOCTYPE S SYSTEM "file:///etc/passwd">${doc('')}`, 'doctype'],
    ['a document type that never ends', `<!DOCTYPE S [${'<!-- -->'.repeat(MiB)}`, 'too_large'],
    ['elements a million deep', doc('<x>'.repeat(MiB)), 'too_deep'],
    ['a text without end', doc(`<R><V>${'x'.repeat(8 * MiB)}`), 'too_large'],
    ['a comment without end', doc(`<!--${'x'.repeat(8 * MiB)}`), 'too_large'],
    ['a tag name without end', doc(`<${'x'.repeat(8 * MiB)}`), 'too_large'],
    ['an attribute without end', doc(`<R id="${'x'.repeat(8 * MiB)}`), 'too_large'],
    ['attributes without end', doc(`<R ${Array.from({ length: MiB }, (_, n) => `a${n}="" `).join('')}`), 'too_large'],
    ['a reference without end', doc(`<R>&${'x'.repeat(8 * MiB)}`), 'too_large'],
    ['a record of many elements without end', doc(`<R>${'<x/>'.repeat(2 * MiB)}`), 'too_large'],
    ['spaces before the root without end', ' '.repeat(8 * MiB), 'too_large'],
  ])('is refused: %s', async (_, content, code) => {
    const before = rss();
    await expect(read(content, 64 * 1024, MiB)).rejects.toMatchObject({ code });
    expect(rss() - before).toBeLessThan(200 * MiB);
  });

  it('may hold as many records as it likes: the bound is for one', async () => {
    const { read: records } = await read(doc(`<R><V>${'x'.repeat(1000)}</V></R>`.repeat(3000)), 64 * 1024, MiB);
    expect(records).toBe(3000);
  });
});
