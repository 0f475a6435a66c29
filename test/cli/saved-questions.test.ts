import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateSample, SAMPLE_LAST_DAY } from '../../lib/sample/index.ts';
import { runCli } from '../support/cli.ts';
import { ourPlan } from '../support/run-lake.ts';

const folder = mkdtempSync(join(tmpdir(), 'questions-'));
const [raw, lake] = [join(folder, 'raw'), join(folder, 'lake')];
const questions = ourPlan().queries.map((query) => query.name);

beforeAll(async () => {
  await generateSample({ out: raw, rows: 400, seed: 3, dirt: 0.02 });
  await runCli(['run', '--raw', raw, '--lake', lake, '--as-of', SAMPLE_LAST_DAY, '-q']);
});

const ask = (name: string) => runCli(['query', name, '--lake', lake, '--as-of', SAMPLE_LAST_DAY, '--format', 'json']);

describe('a saved question', () => {
  it.each(questions)('%s answers by its name', async (name) => {
    const { code, stdout, stderr } = await ask(name);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toBeInstanceOf(Array);
  });

  it('about what the sample is full of has rows', async () => {
    for (const name of ['refunds-by-month', 'refund-rate', 'best-products', 'stock-by-location'])
      expect(JSON.parse((await ask(name)).stdout), name).not.toEqual([]);
  });

  it.each([{ argv: [] }, { argv: ['qqqqqq'] }])('that is not there ($argv): the names are listed', async ({ argv }) => {
    const { code, stderr } = await runCli(['query', ...argv, '--lake', lake]);
    expect(code).toBe(2);
    for (const name of questions) expect(stderr).toContain(name);
  });

  it('that is nearly there is suggested', async () => {
    expect(await runCli(['query', 'refunds-by-mnth', '--lake', lake])).toMatchObject({
      code: 2,
      stderr: 'lakehouse: there is no saved question refunds-by-mnth. Did you mean refunds-by-month?\n',
    });
  });
});
