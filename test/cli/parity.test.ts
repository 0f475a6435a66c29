import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROBES } from '../../lib/parity/probes/index.ts';
import { payments } from '../../lib/products/payments.ts';
import { runCli, SQL_FOLDER } from '../support/cli.ts';
import { csv, tempFolder } from '../support/run-lake.ts';

const MART = 'mart/refunds_by_customer.sql';
/** What the same select is for Redshift where somebody wrote a wrong one by hand. */
const WRONG = readFileSync(join(SQL_FOLDER, MART), 'utf8').replace('sum(c.amount)', 'max(c.amount)');

const folder = tempFolder();
const raw = join(folder, 'raw');
beforeAll(() => {
  const put = (dataset: string, header: readonly string[], ...rows: readonly (readonly string[])[]) => {
    mkdirSync(join(raw, dataset), { recursive: true });
    writeFileSync(join(raw, dataset, 'a.csv'), csv(header, rows));
  };
  put(
    'purchase',
    ['id', 'timestamp', 'customer_id', 'merchant_id', 'amount'],
    ['p1', '2026-01-05T10:00:00Z', 'c1', 'm1', '10.00'],
  );
  put(
    'refund',
    ['id', 'timestamp', 'parent_id', 'amount'],
    ['r1', '2026-02-05T10:00:00Z', 'p1', '2.50'],
    ['r2', '2026-02-06T10:00:00Z', 'p1', '1.25'],
  );
  put('void', ['id', 'timestamp', 'parent_id', 'amount']);
});

/** The command on the payments product, its mart for Redshift as given. */
function parity(redshift: string | null, ...argv: readonly string[]) {
  const sqlFolder = join(tempFolder(), 'sql');
  cpSync(join(SQL_FOLDER, MART), join(sqlFolder, MART));
  if (redshift !== null) writeFileSync(join(sqlFolder, MART.replace('.sql', '.redshift.sql')), redshift);
  const common = ['parity', '--engines', 'duckdb,postgres', '--raw', raw, '--as-of', '2026-03-01'];
  return runCli([...common, ...argv], { products: [payments], sqlFolder });
}

describe('parity', () => {
  it('sums up in its last line when every engine gives the same, and writes what proved it', async () => {
    const out = join(folder, 'docs');
    const { code, stdout, stderr } = await parity(null, '--out', out);
    expect(stdout).toMatch(
      new RegExp(
        `^the same rows: ${PROBES.length} probes, \\d+ questions \\(\\d+ rows\\) on DuckDB [0-9.]+, PostgreSQL [0-9.]+ \\(PGlite [0-9.]+\\)\\n$`,
      ),
    );
    expect(stderr).toContain('duckdb, postgres: loading');
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'parity.md'), 'utf8')).toMatch(
      /\| engine \| runs \| stands for \|\n.*\n\| duckdb \|.*\n\| postgres \|/,
    );
  });

  it('exits 1 on a mismatch, told with table, row, column, both values and both SQL texts', async () => {
    const { code, stdout } = await parity(WRONG);
    expect(code).toBe(1);
    const told =
      'mart.refunds_by_customer select on postgres\n  row       customer_id="c1"\n  total_refund: expected 3.75, found 2.50\n';
    expect(stdout).toContain(told);
    expect(stdout).toMatch(/ {2}sql of duckdb\n.*SUM\(c\.amount\).* {2}sql of postgres\n.*max\(c\.amount\)/s);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^1 mismatch: \d+ probes, \d+ questions/);
  });

  it('gives programs a row per mismatch, and people the last line on stderr', async () => {
    const { code, stdout, stderr } = await parity(WRONG, '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      {
        question: 'mart.refunds_by_customer select',
        engine: 'postgres',
        key: 'customer_id="c1"',
        column: 'total_refund',
        expected: '3.75',
        found: '2.50',
        sql: { duckdb: expect.stringContaining('SUM(c.amount)'), postgres: expect.stringContaining('max(c.amount)') },
      },
    ]);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^1 mismatch: /);
  });

  it('tells what an engine refuses in its own words', async () => {
    const { code, stdout } = await parity(WRONG.replace('max(', 'sideways('));
    expect(code).toBe(1);
    expect(stdout).toMatch(/answer: expected 1 rows, found .*function sideways\(numeric\) does not exist/);
  });

  it.each([
    [['parity', '--engines', 'duckdb,oracle'], '"oracle" is no engine; the engines are duckdb, spark, trino, postgres'],
    [['parity', '--engines', ''], '"" is no engine'],
    [['parity', '--as-of', 'yesterday'], 'yesterday'],
  ])('%j is refused: %s', async (argv, message) => {
    const { code, stderr } = await runCli(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('ends before engines start when there is nothing to read', async () => {
    const { code, stderr } = await runCli(['parity', '--raw', join(folder, 'nowhere')]);
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere');
    expect(stderr).not.toContain('starting');
  });
});
