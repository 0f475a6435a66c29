import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sensed } from '../../lambdas/sense-sources/sense-sources.ts';
import { senseSources } from '../../lambdas/sense-sources/sense-sources.ts';
import { start } from './bundle.ts';

const s3 = mockClient(S3Client);
const keys = new Map<string, number>();
const sense = await start<'sense-sources', Sensed>('sense-sources', { RAW_BUCKET: 'raw-bucket' });

beforeEach(() => {
  keys.clear();
  s3.reset();
  s3.on(ListObjectsV2Command).callsFake(({ Bucket, Prefix, StartAfter = '' }) => ({
    Contents: [...keys]
      .filter(([key]) => Bucket === 'raw-bucket' && key.startsWith(Prefix) && key > StartAfter)
      .map(([Key, Size]) => ({ Key, Size })),
  }));
});

const FACTS = ['orders', 'purchase', 'refund', 'reviews', 'shipment_deliveries', 'void'];

describe('sensing the sources of a day', () => {
  it('waits for every source of facts that must be fresh, and for no dimension', async () => {
    const { ready, missing } = await sense({ date: '2026-06-30' });
    expect(ready).toBe(false);
    expect(missing).toEqual(expect.arrayContaining(FACTS));
    expect(missing.filter((name) => name.startsWith('dim_'))).toEqual([]);
  });

  it('is ready once each has a file of that day', async () => {
    const { missing } = await sense({ date: '2026-06-30' });
    for (const name of missing) keys.set(`raw/${name}/dt=2026-06-30/part-1.csv`, 10);
    expect(await sense({ date: '2026-06-30' })).toMatchObject({ ready: true, missing: [], stopping: [] });
    expect(await sense({ date: '2026-07-01' })).toMatchObject({ ready: false, missing });
  });

  it.each([
    ['an empty file', 'raw/orders/dt=2026-06-30/part.csv', 0],
    ['a folder marker', 'raw/orders/dt=2026-06-30/', 0],
    ['a marker of a job', 'raw/orders/dt=2026-06-30/_SUCCESS', 4],
    ['a file still being written', 'raw/orders/dt=2026-06-30/part.csv.tmp', 4],
    ['a hidden file', 'raw/orders/dt=2026-06-30/.part.csv', 4],
    ["another dataset's file", 'raw/orders_old/dt=2026-06-30/part.csv', 4],
  ])('does not take %s for an arrival', async (_, key, size) => {
    keys.set(key, size);
    expect((await sense({ date: '2026-06-30' })).missing).toContain('orders');
  });

  it('refuses an event without a day', async () => {
    await expect(sense({ date: '30.6.2026' })).rejects.toThrow(/sense-sources: the event is not one it takes: date/);
  });

  it('names what is missing whatever is there, and stops only for what its contract insists on', async () => {
    const source = fc.record({ name: fc.string({ minLength: 1 }), stops: fc.boolean(), there: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(source, { selector: (each) => each.name }), async (sources) => {
        const has = async (name: string) => sources.some((each) => each.name === name && each.there);
        const sensed = await senseSources(sources, { has }, '2026-06-30');
        const absent = sources.filter((each) => !each.there);
        expect(sensed.missing).toEqual(absent.map((each) => each.name));
        expect(sensed.stopping).toEqual(absent.filter((each) => each.stops).map((each) => each.name));
        expect(sensed.ready).toBe(absent.length === 0);
      }),
    );
  });
});
