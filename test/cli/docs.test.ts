import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSqlFiles } from '../../lib/cli/plan-files.ts';
import { compile } from '../../lib/plan/compile.ts';
import { dataDictionary } from '../../lib/plan/dictionary.ts';
import { products } from '../../lib/products/index.ts';
import { runCli, SQL_FOLDER } from '../support/cli.ts';

const plan = compile(products, readSqlFiles(SQL_FOLDER));
const page = dataDictionary(plan);

describe('the data dictionary', () => {
  it.each([
    ['a product', '## payments\n\nPurchases, refunds and voids'],
    ['one row per', '### base.reviews\n\nOne row per review of a product.'],
    ['grain', '- **Grain** `order_id`'],
    ['no grain', '- **Grain** none: two equal rows are two rows'],
    ['partition', '- **Partition** month of `timestamp`'],
    ['types and personal data', '| `customer_name` | text |  | direct | name of the customer |'],
    ['empty values', '| `customer_id` | text | may be empty | indirect | who bought; empty for guests |'],
    ['a check in words', '| `at_least(amount)` | amount is at least 0 | warn: recorded and shown | none |'],
    ['a severity', 'add up to the refunds that count | fail: published, alerts | none |'],
    ['a rule', '- review is not between 1 and 5'],
    ['where a mart comes from', ', by `sql/mart/agg_shipments.sql`'],
    [
      'who reads it',
      '- **Read by** [`mart.refunds_by_customer`](#martrefunds_by_customer), [`dashboard.refunds`](#dashboardrefunds)',
    ],
    ['what it reaches', '- **Reaches, further down,** [`report.monthly_refund_report`](#reportmonthly_refund_report)'],
    ['a consumer', '### dashboard.best_product\n\nThe best performing product'],
    ['the lineage', '```mermaid\nflowchart LR\n'],
    ['a saved query', '| `refund-rate` | one row per calendar month of purchases'],
  ])('has %s', (_, text) => expect(page).toContain(text));

  it('names every table, column, check and query', () => {
    for (const table of plan.tables) {
      const section = page.slice(page.indexOf(`### ${table.name}\n`)).split('\n#')[0] ?? '';
      for (const column of table.columns) expect(section).toContain(`| \`${column.name}\` |`);
      for (const check of table.checks) expect(section).toContain(check.says);
    }
    for (const query of plan.queries) expect(page).toContain(`| \`${query.name}\` |`);
  });

  it('is the same for the same plan, and every link leads somewhere', () => {
    expect(dataDictionary(JSON.parse(JSON.stringify(plan)))).toBe(page);
    const anchors = new Set(
      [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => `#${heading.replaceAll('.', '')}`),
    );
    for (const [, target = ''] of page.matchAll(/\]\((#[^)]*)\)/g)) expect(anchors).toContain(target);
  });

  it('keeps rows of a table on one line', () => {
    const odd = plan.tables.map((table) => ({ ...table, description: 'One row per a|b\nand c.' }));
    expect(dataDictionary({ ...plan, tables: odd })).toContain('| One row per a\\|b and c. |');
  });
});

describe('docs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'docs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('prints the page, or writes it and finds it up to date', async () => {
    expect((await runCli(['docs'])).stdout).toBe(page);
    expect((await runCli(['docs', '--out', folder])).code).toBe(0);
    expect(readdirSync(folder)).toEqual(['data-dictionary.md', 'portable-core.md']);
    expect(readFileSync(join(folder, 'data-dictionary.md'), 'utf8')).toBe(page);
    expect(await runCli(['docs', '--out', folder, '--check', '-q'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each([
    [
      'changed',
      (path: string) => writeFileSync(path, page.replace('# Data', '# date')),
      'line 1: found "# date dictionary"',
    ],
    ['longer', (path: string) => appendFileSync(path, 'more\n'), 'found "more", expected ""'],
    ['longer by a blank line', (path: string) => appendFileSync(path, '\n'), 'found "", expected the end'],
    ['cut', (path: string) => writeFileSync(path, page.trimEnd()), 'found the end, expected ""'],
    ['gone', (path: string) => rmSync(path), 'is missing'],
  ])('--check fails when the page is %s, and says what mends it', async (_, harm, message) => {
    await runCli(['docs', '--out', folder]);
    harm(join(folder, 'data-dictionary.md'));
    const { code, stderr } = await runCli(['docs', '--out', folder, '--check']);
    expect(stderr).toContain(message);
    expect(stderr).toContain(`lakehouse docs --out ${folder}`);
    expect(code).toBe(1);
  });

  it('gives a row per column to programs', async () => {
    const { stdout } = await runCli(['docs', '--format', 'csv']);
    expect(stdout).toContain('table,column,type,nullable,key,pii,description\n');
    expect(stdout).toContain('base.orders,unit_price,"decimal(12,2)",false,false,none,price of one piece\n');
  });

  it('wants a folder to check', async () => {
    const { code, stderr } = await runCli(['docs', '--check']);
    expect(stderr).toContain('--check wants the folder');
    expect(code).toBe(2);
  });

  it('is up to date in this repository', async () => {
    const { code, stderr } = await runCli(['docs', '--out', join(SQL_FOLDER, '../docs'), '--check']);
    expect(stderr).toContain('is up to date');
    expect(code).toBe(0);
  });
});
