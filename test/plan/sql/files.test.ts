import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bind, ENGINES, formatFinding, lint, outputLineage, parseModel, render } from '../../../lib/plan/sql/index.ts';
import { products } from '../../../lib/products/index.ts';
import { catalog, datasets } from './lake.ts';

const sqlRoot = fileURLToPath(new URL('../../../sql/', import.meta.url));
const files = readdirSync(sqlRoot, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql') && !file.endsWith('.redshift.sql'))
  .sort()
  .map((file) => ({ file, text: readFileSync(join(sqlRoot, file), 'utf8') }));

describe.each(files)('sql/$file', ({ file, text }) => {
  it('is in the portable core, and names tables and columns of the contracts', () => {
    expect(lint(text, file, { tables: catalog }).map(formatFinding)).toEqual([]);
  });

  it('binds for every engine, and leaves nothing of ours behind', () => {
    for (const engine of ENGINES) {
      const sql = bind(render(text, engine), { table: (name) => name, asOf: '2026-01-01' });
      const code = sql.replaceAll(/--.*/g, '');
      expect(code, engine).not.toMatch(/\{\{|\}\}|:as_of|as_of_|\bpercen|\btable\d+_/i);
    }
  });

  it('has a lineage whose columns are columns of the contracts', () => {
    const { tables, outputs } = outputLineage(text);
    expect(tables).toEqual(parseModel(text, file).references);
    expect(outputs?.map(({ column }) => column)).toEqual(parseModel(text, file).columns);
    for (const column of outputs?.flatMap(({ columns }) => columns) ?? []) {
      const cut = column.lastIndexOf('.');
      expect(catalog[column.slice(0, cut)], column).toContain(column.slice(cut + 1));
    }
  });
});

describe('the marts', () => {
  const derived = [...datasets].filter(([, { made }]) => made === 'select' || made === 'points');
  it.each(derived)('%s gives the columns of its contract, in order', (name, { row }) => {
    const path = `${name.replace('.', '/')}.sql`;
    const found = files.find(({ file }) => file === path);
    expect(parseModel(found?.text ?? '', path, catalog).columns).toEqual(Object.keys(row));
  });

  it('have files only for contracts', () => {
    const marts = files.filter(({ file }) => !file.startsWith('analyst/')).map(({ file }) => file);
    expect(marts).toEqual(derived.map(([name]) => `${name.replace('.', '/')}.sql`).sort());
  });

  it("analysts' files are kebab-case and begin with one row per", () => {
    for (const { file, text } of files.filter((one) => one.file.startsWith('analyst/'))) {
      expect(file).toMatch(/^analyst\/[a-z0-9]+(-[a-z0-9]+)*\.sql$/);
      expect(parseModel(text, file).description).toMatch(/^one row per /);
    }
  });

  it('identities in contracts are in the core', () => {
    const sides = products.flatMap((product) =>
      product.datasets.flatMap(({ checks = [] }) =>
        checks.flatMap((check) => (check.kind === 'identity' ? [check.left, check.right] : [])),
      ),
    );
    expect(sides.length).toBeGreaterThan(0);
    for (const side of sides) {
      expect(lint(side, 'identity', { kind: 'fragment', tables: catalog }).map(formatFinding)).toEqual([]);
    }
  });
});

describe('outputLineage', () => {
  it('follows columns through steps, joins and macros to the contracts', () => {
    const best = files.find(({ file }) => file === 'mart/best_performing_product.sql');
    expect(outputLineage(best?.text ?? '').outputs).toEqual([
      { column: 'ingestion_date', columns: [] },
      { column: 'product_name', columns: ['base.dim_products.product_name'] },
      { column: 'most_ordered_day', columns: ['base.orders.order_date'] },
      { column: 'is_public_holiday', columns: ['base.dim_dates.day_of_the_week_num', 'base.dim_dates.working_day'] },
      { column: 'tt_review_points', columns: ['base.reviews.review'] },
      ...['one', 'two', 'three', 'four', 'five'].map((star) => ({
        column: `pct_${star}_star_review`,
        columns: ['base.reviews.review'],
      })),
      ...['early', 'late'].map((when) => ({
        column: `pct_${when}_shipments`,
        columns: [
          'base.orders.order_date',
          'base.shipment_deliveries.delivery_date',
          'base.shipment_deliveries.shipment_date',
        ],
      })),
    ]);
  });
  it('unites the parts of a union, and leaves counts and literals without columns', () => {
    const sql = 'with s as (select count(*) as n, 1 as one from base.a as a) select s.n, s.one from s';
    expect(outputLineage(sql).outputs).toEqual([
      { column: 'n', columns: [] },
      { column: 'one', columns: [] },
    ]);
    const union = 'select a.x as y from base.a as a union all select b.z as y from base.b as b';
    expect(outputLineage(union)).toEqual({
      tables: ['base.a', 'base.b'],
      outputs: [{ column: 'y', columns: ['base.a.x', 'base.b.z'] }],
    });
  });
  it('takes a step that hides a table for the step', () => {
    const sql = 'with purchase as (select r.amount as a from base.refund as r) select p.a from purchase as p';
    expect(outputLineage(sql)).toEqual({
      tables: ['base.refund'],
      outputs: [{ column: 'a', columns: ['base.refund.amount'] }],
    });
  });
});
