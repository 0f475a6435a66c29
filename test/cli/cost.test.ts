import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

interface CostJson {
  readonly environment: string;
  readonly prices_as_of: string;
  readonly gigabytes: number;
  readonly idle_month: number;
  readonly run: number;
  readonly lines: readonly { readonly type: string; readonly idle_month: number; readonly run: number }[];
  readonly unknown: readonly object[];
}

describe('cost', () => {
  it('gives the total and a line per resource, without credentials', async () => {
    const { stdout, code } = await runCli(['cost', '--env', 'dev', '--gb', '2', '--format', 'json']);
    const cost = JSON.parse(stdout) as CostJson;
    expect(code).toBe(0);
    expect(cost).toMatchObject({ environment: 'dev', region: 'eu-west-1', gigabytes: 2, unknown: [] });
    for (const of of ['idle_month', 'run'] as const)
      expect(cost.lines.reduce((sum, line) => sum + line[of], 0)).toBeCloseTo(cost[of], 3);
    expect(cost.lines.filter(({ type }) => type === 'AWS::KMS::Key')).toHaveLength(2);
  });

  it('shows people resources that are alike in one line, and the sum beside the data', async () => {
    const { stdout, stderr } = await runCli(['cost', '--env', 'dev']);
    expect(stdout).toMatch(/alike +AWS::Glue::TableOptimizer/);
    expect(stderr).toMatch(/dev costs \$[0-9.]+ a month idle, and \$[0-9.]+ for a run over 1 GB of raw files/);
    expect(stderr).not.toContain('not priced');
  });

  it('gives programs a row per resource', async () => {
    const { stdout } = await runCli(['cost', '--env', 'dev', '--format', 'csv', '-q']);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toBe('stack,resource,type,idle_month,run,basis');
    expect(rows.filter((row) => row.includes(',AWS::KMS::Key,1,'))).toHaveLength(2);
    expect(stdout).not.toContain('alike');
  });

  it.each([
    [['cost'], "required option '--env <name>' not specified"],
    [['cost', '--env', 'staging'], 'unknown environment "staging"\nname one of dev, uat, prod'],
    [['cost', '--env', 'dev', '--gb', '-1'], '"-1" is no volume; expected gigabytes from 0 to 1000000'],
  ])('%j is refused: %s', async (argv, message) => {
    const { code, stderr } = await runCli(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
