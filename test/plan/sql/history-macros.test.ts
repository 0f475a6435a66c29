import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bind, formatFinding, lint, render } from '../../../lib/plan/sql/index.ts';
import { answer } from './lake.ts';

const header = '-- one row per row\n-- grain: id\n';
const athena = (sql: string): string => bind(render(sql, 'athena'), { table: (name) => name, asOf: null });

describe('hash_key and instant_text', () => {
  const sql = "select hash_key(instant_text(p.timestamp) || ' ' || p.id) as k from base.purchase as p";

  it.each([
    ['2025-01-02 03:04:05.000006', '2025-01-02 03:04:05.000006'],
    ['2025-01-02 03:04:05', '2025-01-02 03:04:05.000000'],
    ['0045-12-31 23:59:59.5', '0045-12-31 23:59:59.500000'],
  ])('of %s is the SHA-256 of its text with six digits', async (moment, text) => {
    const [row] = await answer(sql, { 'base.purchase': `('Zoë', timestamp '${moment}', null, 'm', 1)` });
    expect(row?.k).toBe(createHash('sha256').update(`${text} Zoë`).digest('hex'));
  });

  it('is spelled for each engine', () => {
    expect(athena(sql)).toContain(
      "lower(to_hex(sha256(to_utf8(cast(cast(p.timestamp as timestamp(6)) as varchar) || ' '",
    );
    expect(render(sql, 'spark')).toContain('sha2(');
    expect(render(sql, 'spark')).toContain("'yyyy-MM-dd HH:mm:ss.SSSSSS'");
  });
});

describe('last_known', () => {
  const over = 'over (order by p.id rows between unbounded preceding and current row)';

  it('carries the last value that is not null', async () => {
    const rows = ["('1', timestamp '2025-01-01', null, 'm', 1)", "('2', timestamp '2025-01-01', 'a', 'm', 1)"];
    rows.push("('3', timestamp '2025-01-01', null, 'm', 1)", "('4', timestamp '2025-01-01', 'b', 'm', 1)");
    const sql = `select p.id, last_known(p.customer_id) ${over} as known from base.purchase as p order by p.id`;
    const found = await answer(sql, { 'base.purchase': rows.join(', ') });
    expect(found.map(({ known }) => known)).toEqual([null, 'a', 'a', 'b']);
    expect(athena(sql)).toContain('last_value(p.customer_id) ignore nulls over (order by');
  });

  it.each([
    ['without a window', 'last_known(p.id)', /macro/],
    ['without an order', 'last_known(p.id) over (partition by p.id)', /without an order/],
    ['without its rows', 'last_known(p.id) over (order by p.id)', /frame/],
  ])('is refused %s', (_, call, complaint) => {
    const found = lint(`${header}select ${call} as k from base.purchase as p`, 'm.sql').map(formatFinding);
    expect(found.join()).toMatch(complaint);
  });
});
