import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  base,
  date,
  decimal,
  integer,
  mart,
  merge,
  oneOf,
  type Product,
  refersTo,
  replace,
  text,
} from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { products } from '../../lib/products/index.ts';
import { payments } from '../../lib/products/payments.ts';
import { runCli, SQL_FOLDER } from '../support/cli.ts';
import { OUR_SQL, ourPlan, tempFolder, Workshop } from '../support/run-lake.ts';

/** The contract of a new dataset, and of a mart on it and on a table that was there before. */
const loyalty: Product = {
  name: 'loyalty',
  description: 'Loyalty cards.',
  datasets: [
    base({
      name: 'loyalty_card',
      product: 'loyalty',
      owner: 'marketing',
      description: 'One row per loyalty card.',
      row: {
        card_id: text().describe('card number'),
        customer_id: text().personal('indirect').describe('who holds it'),
        level: text().describe('level of the card'),
        issued_on: date().describe('day it was issued'),
        points: integer().describe('points on it'),
      },
      grain: ['card_id'],
      eventTime: 'issued_on',
      write: merge(),
      rules: [oneOf('level', ['silver', 'gold'])],
      checks: [refersTo('card_id', 'purchase')],
    }),
    mart({
      name: 'spent_by_level',
      product: 'loyalty',
      owner: 'marketing',
      description: 'One row per card level: what its holders spent.',
      row: { level: text().describe('level of the card'), spent: decimal(38, 2).describe('sum of purchases') },
      grain: ['level'],
      write: replace(),
    }),
  ],
  exposures: [],
};

/** And its one SQL file. */
const SPENT = `-- one row per card level: what its holders spent.
-- grain: level
select c.level, cast(coalesce(sum(p.amount), 0) as decimal(38, 2)) as spent
from base.loyalty_card as c
left join base.purchase as p on p.customer_id = c.customer_id
group by c.level
`;

describe('a new dataset is one contract and one SQL file; everything else follows', () => {
  const shop = new Workshop(ourPlan());
  const sqlFolder = join(tempFolder(), 'sql');
  // Beside one product of ours, so that the plan is compiled quickly.
  const lakehouse = { products: [payments, loyalty], sqlFolder };
  const cli = async (...argv: readonly string[]) => {
    const { code, stdout, stderr } = await runCli(argv, lakehouse);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return stdout;
  };
  const lake = ['--lake', shop.lake];

  beforeAll(() => {
    cpSync(join(SQL_FOLDER, 'mart/refunds_by_customer.sql'), join(sqlFolder, 'mart/refunds_by_customer.sql'));
    writeFileSync(join(sqlFolder, 'mart/spent_by_level.sql'), SPENT);
    shop.put(
      'purchase/1.csv',
      'id,timestamp,customer_id,merchant_id,amount\np1,2024-06-29T10:00:00Z,ann,m,10.00\np2,2024-06-30T10:00:00Z,bob,m,5.00\n',
    );
    shop.put(
      'loyalty_card/dt=2024-06-30/1.csv',
      'card_id,customer_id,level,issued_on,points\nc1,ann,gold,2024-06-30,7\nc2,bob,silver,2024-06-30,1\nc3,cid,tin,2024-06-30,1\n',
    );
  });

  test('compile takes it beside all that is there, and changes nothing of the rest', () => {
    const plan = compile([...products, loyalty], { ...OUR_SQL, 'mart/spent_by_level.sql': SPENT });
    const names = plan.tables.map((table) => table.name);
    expect(names).toEqual(expect.arrayContaining(['base.loyalty_card', 'mart.spent_by_level']));
    const others = plan.tables.filter((table) => table.product !== 'loyalty');
    expect(others).toEqual(ourPlan().tables);
    expect(plan.sources).toContainEqual(
      expect.objectContaining({ name: 'loyalty_card', feeds: ['base.loyalty_card'] }),
    );
  });

  test('plan shows that a run would make it', async () => {
    const planned = JSON.parse(await cli('plan', '--raw', shop.raw, ...lake, '--format', 'json'));
    expect(JSON.stringify(planned)).toMatch(/base\.loyalty_card.*mart\.spent_by_level/);
  });

  test('validate judges its day', async () => {
    const { code, stdout } = await runCli(
      ['validate', '--raw', shop.raw, '--date', '2024-06-30', '--only', 'loyalty', '--format', 'json'],
      lakehouse,
    );
    expect(code).toBe(1);
    const judged = JSON.parse(stdout);
    expect(judged.tables).toEqual([
      { name: 'base.loyalty_card', read: 3, accepted: 2, duplicate: 0, superseded: 0, quarantined: 1 },
    ]);
    const conforms = judged.checks.find((check: { check: string }) => check.check === 'conforms');
    expect(conforms).toMatchObject({
      failed: 1,
      total: 3,
      offenders: [{ record: 3, values: { customer_id: 'c***' } }],
    });
    expect(conforms.reaches.map((each: { name: string }) => each.name)).toEqual(['mart.spent_by_level']);
  });

  test('run loads it, judges it, and answers', async () => {
    const result = JSON.parse(
      await cli('run', '--raw', shop.raw, ...lake, '--as-of', '2024-06-30', '--format', 'json'),
    );
    expect(result.status).toBe('ok');
    const table = (name: string) => result.tables.find((each: { name: string }) => each.name === name);
    expect(table('base.loyalty_card')).toMatchObject({ read: 3, accepted: 2, quarantined: 1, rows: 2 });
    expect(table('mart.spent_by_level')).toMatchObject({ layer: 'mart', rows: 2 });
    expect(result.checks).toContainEqual({
      table: 'base.loyalty_card',
      check: 'refers_to(card_id, base.purchase)',
      severity: 'warn',
      verdict: 'warn',
      failed: 2,
      total: 2,
    });
  });

  test('query, quarantine and status know it', async () => {
    expect(
      JSON.parse(
        await cli('query', 'select level, spent from spent_by_level order by level', ...lake, '--format', 'json'),
      ),
    ).toEqual([
      { level: 'gold', spent: '10.00' },
      { level: 'silver', spent: '5.00' },
    ]);
    expect(await cli('quarantine', 'loyalty_card', ...lake, '--format', 'csv')).toContain(
      'level is not one of silver, gold',
    );
    const status = JSON.parse(await cli('status', ...lake, '--format', 'json'));
    expect(status.tables).toContainEqual(
      expect.objectContaining({
        name: 'base.loyalty_card',
        rows: 2,
        quarantined: 1,
        broken_checks: 1,
        newest_file: '2024-06-30',
      }),
    );
    expect(status.tables).toContainEqual(expect.objectContaining({ name: 'mart.spent_by_level', rows: 2 }));
  });

  test('lineage leads through it, from its raw files on and from the tables that it joins', async () => {
    const lineage = await cli('lineage', 'mart.spent_by_level', '--format', 'json');
    for (const name of ['raw.loyalty_card', 'base.loyalty_card', 'base.purchase', 'raw.purchase'])
      expect(lineage).toContain(name);
    expect(await cli('lineage', 'base.purchase', '--format', 'json')).toContain('mart.spent_by_level');
  });

  test('docs describe it', async () => {
    const written = await cli('docs');
    for (const words of ['loyalty_card', 'One row per loyalty card.', 'points on it', 'spent_by_level'])
      expect(written).toContain(words);
  });
});
