import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { tempFolder } from '../support/run-lake.ts';
import { asked } from './asked.ts';

const folder = tempFolder();
const at = (name: string) => join(folder, name);
const lines = (name: string): object[] =>
  readFileSync(at(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  await runCli(['sample', '--out', at('raw'), '--rows', '200', '--quiet']);
  await runCli(['run', '--raw', at('raw'), '--lake', at('lake'), '--lineage', at('lineage.ndjson'), '--quiet']);
  await runCli([
    'run',
    '--raw',
    at('raw'),
    '--lake',
    at('lake'),
    '--rebuild',
    'none',
    '--lineage',
    at('lineage.ndjson'),
  ]);
}, 600_000);

describe('the OpenLineage client', () => {
  it('takes every event of a run as its own, and sends it on as it was', async () => {
    const count = await asked<number>(folder, 'lineage_events.py', at('lineage.ndjson'), at('sent.ndjson'));
    const [ours, sent] = [lines('lineage.ndjson'), lines('sent.ndjson')];
    expect(count).toBe(ours.length);
    expect(count).toBeGreaterThan(100);
    // It adds what it takes for granted, and leaves nothing out.
    expect(sent).toMatchObject(ours);
  });

  it('refuses an event that says what the standard does not know', async () => {
    const wrong = readFileSync(at('lineage.ndjson'), 'utf8').replace('"nominalStartTime"', '"nominalStart"');
    writeFileSync(at('wrong.ndjson'), wrong);
    await expect(asked(folder, 'lineage_events.py', at('wrong.ndjson'), at('nowhere.ndjson'))).rejects.toThrow(
      'NominalTimeRunFacet does not know',
    );
  });
});
