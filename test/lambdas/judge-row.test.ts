import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeRow, type LoadedTable } from '../../lambdas/receive-records/judge-row.ts';
import type { ColumnType } from '../../lib/contract/index.ts';
import { DuckDb } from '../../lib/engines/index.ts';
import type { Plan } from '../../lib/plan/index.ts';

const { plan } = JSON.parse(readFileSync(new URL('../../dist/plan.json', import.meta.url), 'utf8')) as { plan: Plan };
const loaded = plan.tables.filter((table): table is LoadedTable => table.making.kind === 'load');
let db: DuckDb;
beforeAll(async () => {
  db = await DuckDb.open();
});
afterAll(() => db.close());

const odd = fc.constantFrom(
  '',
  ' ',
  ' a',
  'a\t',
  'x\n',
  '0',
  '-0',
  '+5',
  '5.0',
  '007',
  '1e3',
  '1,5',
  '-1',
  '6',
  'true',
  'TRUE',
  '99999999999.99',
  '9223372036854775808',
  '0.001',
  '2026-02-29',
  '2024-02-29',
  '2026-06-30T24:00:00',
  '2026-06-30 12:00:00',
  '2026-06-30T12:00:00.123456+02:00',
  '0001-01-01T00:00:00+14:00',
  'EUR',
  'eur',
  'GBPX',
);

const good = (type: ColumnType): fc.Arbitrary<string> => {
  switch (type.kind) {
    case 'integer':
      return fc.integer({ min: -10, max: 10 }).map(String);
    case 'decimal':
      return fc
        .tuple(fc.integer({ min: -300, max: 300 }), fc.nat({ max: 99 }))
        .map(([whole, part]) => `${whole}.${part}`);
    case 'date':
      return fc.constantFrom('2026-06-30', '2024-02-29');
    case 'instant':
      return fc.constantFrom('2026-06-30T12:00:00Z', '2026-06-30 12:00:00.5');
    case 'boolean':
      return fc.constantFrom('true', 'false');
    case 'text':
      return fc.constantFrom('a1', 'EUR', 'DE', 'approved', 'declined', 'adjust', 'pick');
  }
};

const sql = (text: string | null) => (text === null ? 'null' : `'${text.replaceAll("'", "''")}'`);

describe('a row of the API', () => {
  it.each(loaded.map((table) => [table.name, table] as const))(
    'of %s is judged as a run judges it',
    async (_, table) => {
      // Empty text is null before anybody judges.
      const value = (type: ColumnType) =>
        fc
          .oneof(good(type), good(type), odd, fc.string({ unit: 'grapheme', maxLength: 6 }))
          .map((text) => (text.includes('\0') || text === '' ? null : text));
      const row = fc.tuple(...table.columns.map((column) => value(column.type)));
      const names = table.columns.map((column) => `"raw_${column.name}"`).join(', ');
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 40, maxLength: 40 }), async (rows) => {
          const values = rows.map((each, index) => `(${index}, ${each.map(sql).join(', ')})`).join(', ');
          const records = `(select *, cast(null as varchar) as _fault from (values ${values}) as v(_at, ${names}))`;
          const conform = table.making.conform.duckdb.replace('{{records}}', () => records).replace('{{file}}', '0');
          const judged = await db.query(`select _faults from (${conform}) order by _at`);
          const theirs = judged.rows.map((each) => String(each._faults ?? ''));
          const ours = rows.map((each) => judgeRow(table, each, new Set()).join(','));
          expect(ours).toEqual(theirs);
        }),
        { numRuns: 5 },
      );
    },
  );
});
