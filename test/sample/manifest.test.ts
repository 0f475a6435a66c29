import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateSample, MANIFEST_NAME, type Manifest, type SampleOptions } from '../../lib/sample/index.ts';
import { brokenChecks, filesBelow, survey } from './survey.ts';

const out = mkdtempSync(join(tmpdir(), 'sample-manifest-'));

/** Holds a sample to what a naive reader finds in its files. */
async function expectTruth(manifest: Manifest): Promise<void> {
  const found = await survey(out);
  const refused = Object.entries(manifest.quarantined).map(([path, kinds]) => {
    return [
      path,
      Object.values(kinds)
        .flat()
        .sort((a, b) => a - b),
    ] as const;
  });
  const loaded = manifest.files.filter(({ status }) => status === 'loaded');
  expect(found.totals).toEqual(manifest.totals);
  expect(found.quarantined).toEqual(Object.fromEntries(refused));
  expect(found.refused).toEqual(manifest.refused);
  expect(found.records).toEqual(Object.fromEntries(loaded.map(({ path, records }) => [path, records])));
  expect(brokenChecks(found).sort(byCheck)).toEqual([...manifest.checks].sort(byCheck));
  const listed = [...manifest.files.map(({ path }) => path), ...manifest.left_alone, MANIFEST_NAME];
  expect(filesBelow(out)).toEqual(listed.sort());
}
const byCheck = (a: { table: string; column: string }, b: { table: string; column: string }): number =>
  `${a.table}.${a.column}` < `${b.table}.${b.column}` ? -1 : 1;

describe('the manifest says what is in the files', () => {
  it.each<[string, Omit<SampleOptions, 'out'>]>([
    ['by default', {}],
    ['without dirt', { dirt: 0 }],
    ['with a third of dirt', { dirt: 0.33, rows: 1200 }],
    ['as plain CSV', { plain: true, dirt: 0.02, rows: 1500 }],
    ['in as few rows as allowed', { rows: 10, dirt: 0.5 }],
    ['on two days', { days: 2, rows: 400, dirt: 0.05 }],
    ['on many days', { days: 40, rows: 1500 }],
    ['as nothing but dirt', { rows: 500, seed: 2, dirt: 1, days: 2 }],
  ])('%s', async (_name, options) => {
    await expectTruth(await generateSample({ out, ...options }));
  });

  it('whatever the options are', async () => {
    const options = fc.record({
      rows: fc.integer({ min: 10, max: 500 }),
      seed: fc.nat(0xffffffff),
      dirt: fc.constantFrom(0, 0.004, 0.1, 1),
      days: fc.integer({ min: 2, max: 9 }),
      plain: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(options, async (given) => expectTruth(await generateSample({ out, ...given }))),
      { numRuns: 12 },
    );
  });

  it('balances: what is read has one fate', async () => {
    const { totals } = await generateSample({ out, rows: 300, dirt: 0.2 });
    for (const { read, accepted, duplicate, superseded, quarantined } of Object.values(totals)) {
      expect(accepted + duplicate + superseded + quarantined).toBe(read);
    }
  });

  it('is the one that is written beside the files', async () => {
    const manifest = await generateSample({ out, rows: 50 });
    expect(JSON.parse(readFileSync(join(out, MANIFEST_NAME), 'utf8'))).toEqual(manifest);
    expect(manifest.complete).toBe(true);
  });
});

describe('a sample without dirt', () => {
  let manifest: Manifest;
  beforeAll(async () => {
    manifest = await generateSample({ out, dirt: 0 });
  });

  it('has nothing refused, repeated, left alone or found', () => {
    expect(manifest.quarantined).toEqual({});
    expect(manifest.left_alone).toEqual([]);
    expect(manifest.files.filter(({ status }) => status === 'duplicate')).toEqual([]);
    expect(manifest.checks.filter(({ failed }) => failed > 0)).toEqual([]);
    expect(Object.values(manifest.planted)).toEqual(Object.values(manifest.planted).map(() => ({})));
  });

  it('supersedes only shipments, by their fuller deliveries, and purchases, by later changes', () => {
    const beaten = Object.entries(manifest.totals).filter(([, { superseded }]) => superseded > 0);
    expect(beaten.map(([name]) => name)).toEqual(['shipment_deliveries', 'shop_purchase']);
    expect(Object.values(manifest.totals).every(({ duplicate }) => duplicate === 0)).toBe(true);
  });
});
