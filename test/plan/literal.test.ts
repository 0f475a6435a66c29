import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DuckDb, rowsOf } from '../../lib/engines/index.ts';
import { literal } from '../../lib/plan/types.ts';

test('a text stands in SQL as it is, without anything that engines read apart or that the plan fills in', async () => {
  const db = await DuckDb.open();
  const odd = fc.constantFrom("'", '\\', '{{', '}}', '{{as_of}}', '\n', '"', '%', '$1', 'é', '\u{1f600}');
  const texts = fc.array(fc.oneof(odd, fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 8 });
  try {
    await fc.assert(
      fc.asyncProperty(texts, async (parts) => {
        const text = parts
          .join('')
          .replaceAll('\0', '')
          .replace(/^\ufeff+/, '');
        const sql = literal(text);
        expect(await rowsOf(db, `select ${sql} as text`)).toEqual([{ text }]);
        expect(sql).not.toMatch(/''(?=[^)])|\\|\{\{/);
      }),
    );
  } finally {
    db.close();
  }
});
