import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { ourPlan } from '../support/run-lake.ts';

describe('contract export', () => {
  it('prints the contract of one table, and says what it has no words for', async () => {
    const { code, stdout, stderr } = await runCli(['contract', 'export', 'void', '--to', 'dqdl']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Rules = \[\n {2}IsComplete "id",/);
    expect(stderr).toContain('base.void.dqdl has no words for one_claim(id)');
  });

  it.each([
    ['odcs', 'odcs.yaml'],
    ['great-expectations', 'json'],
    ['dqdl', 'dqdl'],
  ])('writes a file per table as %s', async (to, ending) => {
    const out = join(mkdtempSync(join(tmpdir(), 'contracts-')), 'new');
    const { code, stderr } = await runCli(['contract', 'export', '--to', to, '--out', out]);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(
      ourPlan()
        .tables.map(({ name }) => `${name}.${ending}`)
        .sort(),
    );
    expect(stderr).toMatch(/\d+ clauses have no words there: lakehouse run measures them/);
  });

  it('takes a product for its tables, and names the lake of --lake', async () => {
    const out = mkdtempSync(join(tmpdir(), 'contracts-'));
    await runCli(['contract', 'export', 'payments', '--to', 'odcs', '--out', out, '--lake', '/my/lake']);
    expect(readdirSync(out)).toContain('mart.refunds_by_customer.odcs.yaml');
    expect(readdirSync(out)).not.toContain('base.orders.odcs.yaml');
    expect(readFileSync(join(out, 'base.void.odcs.yaml'), 'utf8')).toContain('database: /my/lake/lake.duckdb');
  });

  it.each([
    [['contract', 'export', 'payments', '--to', 'odcs'], /are several files: say where with --out/],
    [['contract', 'export', 'viod', '--to', 'odcs'], /there is no table or product viod/],
    [['contract', 'export', 'void'], /'--to <format>' not specified[\s\S]*contract export --help/],
    [['contract', 'export', 'void', '--to', 'xml'], /Allowed choices are odcs, great-expectations, dqdl/],
  ])('refuses %j', async (args, words) => {
    const { code, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
  });
});
