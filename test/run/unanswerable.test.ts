import { describe, expect, test } from 'vitest';
import { decimal, integer } from '../../lib/contract/index.ts';
import { DuckDb, EngineError, isAboutValues } from '../../lib/engines/index.ts';
import { needsAttention } from '../../lib/run/index.ts';
import { countingPlan, MOST, pieces } from '../support/pieces-shop.ts';
import { Workshop } from '../support/run-lake.ts';

describe('a model that has no answer for a value', () => {
  test.each([
    ['an overflow', 's.pieces + 1', integer(), MOST, 'Out of Range Error: Overflow in addition'],
    ['more than the column takes', 's.pieces', decimal(5, 0), MOST, 'Conversion Error: '],
    ['nothing, where the column must have something', 's.pieces', integer(), '', 'Constraint Error: NOT NULL'],
  ])(
    '%s: its last good version stands, what reads it is skipped, the rest is published',
    async (_, number, type, sold, says) => {
      const shop = new Workshop(countingPlan(number, type));
      shop.put('sale/1.csv', pieces('a'));
      expect((await shop.run()).result.held).toBeUndefined();
      const good = await shop.tables();
      shop.put('sale/2.csv', pieces(`b:${sold}`));
      for (const _attempt of ['first', 'second']) {
        const { result } = await shop.run();
        expect(result.held).toEqual([
          {
            table: 'mart.counted',
            because: expect.stringContaining(
              `sql/mart/counted.sql fails on a value, its last good version stands: ${says}`,
            ),
          },
          { table: 'mart.recounted', because: 'it is skipped: it reads mart.counted' },
        ]);
        expect(needsAttention(result)).toBe(true);
        const now = await shop.tables();
        expect(now).toMatchObject({ 'mart.counted': good['mart.counted'], 'mart.recounted': good['mart.recounted'] });
        expect(now['base.sale']).toHaveLength(2);
        expect(now['mart.total']).toEqual(['{"as_of_date":"2024-06-30","sales":"2n","total":"2.00"}']);
      }
      const mended = new Workshop(countingPlan('length(s.id)', type), shop.folder);
      expect((await mended.run()).result.held).toBeUndefined();
      expect((await mended.tables())['mart.recounted']).toHaveLength(2);
    },
  );

  test('in the very first run there is no table, and the next one makes it', async () => {
    const shop = new Workshop(countingPlan('s.pieces + 1'));
    shop.put('sale/1.csv', pieces('a', `b:${MOST}`));
    expect((await shop.run()).result.held).toHaveLength(2);
    expect(Object.keys(await shop.tables())).toEqual(['base.sale', 'mart.total']);
    const mended = new Workshop(countingPlan('length(s.id)'), shop.folder);
    expect((await mended.run()).result.held).toBeUndefined();
    expect((await mended.tables())['mart.recounted']).toHaveLength(2);
  });
});

test('only errors of values are about values: not those of statements', async () => {
  const db = await DuckDb.open();
  const about = async (sql: string): Promise<boolean | null> => {
    try {
      await db.run(sql);
      return null;
    } catch (error) {
      return error instanceof EngineError && isAboutValues(error);
    }
  };
  await db.run('create table t (a integer not null)');
  const asked = {
    [`select ${MOST} + a from (select cast(1 as bigint) as a)`]: true,
    "select cast(a as integer) from (select 'Ann' as a)": true,
    'select (select i from range(2) as r(i))': true,
    'insert into t values (null)': true,
    'select a from nowhere': false,
    'select b from t': false,
    'selec 1': false,
    "select * from read_csv('/nowhere')": false,
  };
  for (const [sql, expected] of Object.entries(asked)) expect(await about(sql), sql).toBe(expected);
  db.close();
});
