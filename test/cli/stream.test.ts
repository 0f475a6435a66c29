import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { eventLine, type InventoryEvent, type Position, positions, withMoments } from '../support/oracle-inventory.ts';
import { type Lake, withLake } from '../support/oracle-lake.ts';
import { micros } from '../support/oracle-values.ts';

const AS_OF = '2026-06-30';
const event = (at: number, more: object = {}) => ({
  event_id: `e${at}`,
  location_id: 'l',
  sku: `s${at % 3}`,
  sequence: at,
  type: ['receipt', 'pick', 'count', 'adjust'][at % 4],
  quantity: at % 7,
  occurred_at: '2026-06-30T12:00:00Z',
  ...more,
});
const EVENTS = Array.from({ length: 25 }, (_, at) => event(at));
const lines = (events: readonly object[]): string => events.map((each) => eventLine(each as never)).join('');

const stream = (lake: Lake, input: string, ...more: readonly string[]) =>
  runCli(['stream', '--from', '-', '--raw', lake.raw, '--lake', lake.lake, '--as-of', AS_OF, ...more], { input });
const stored = async (lake: Lake): Promise<Position[]> => {
  const [rows] = await lake.rows('select * from mart.inventory_position order by location_id, sku');
  return rows.map((row) => withMoments<Position>(row, 'last_event_at'));
};
const expected = (events: readonly object[]): Position[] =>
  positions(
    events.map((each) => {
      const { sequence, quantity, occurred_at, ...rest } = each as ReturnType<typeof event>;
      return {
        ...rest,
        sequence: BigInt(sequence),
        quantity: BigInt(quantity),
        occurred_at: micros(occurred_at),
      } as InventoryEvent;
    }),
  );
const rawFiles = (lake: Lake): string[] =>
  readdirSync(lake.raw, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('.'))
    .sort();

describe('lakehouse stream', () => {
  it('keeps each batch as a raw file, publishes it, and says so line by line', async () => {
    await withLake(async (lake) => {
      const { code, stdout } = await stream(lake, lines(EVENTS), '--batch', '10', '--format', 'ndjson');
      const said = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(code).toBe(0);
      expect(said.map(({ kind, batch, read, accepted }) => [kind, batch, read, accepted])).toEqual([
        ['batch', 1, 10, 10],
        ['batch', 2, 10, 10],
        ['batch', 3, 5, 5],
        ['stream', undefined, 25, 25],
      ]);
      expect(
        said
          .slice(0, 3)
          .map(({ path }) => path)
          .sort(),
      ).toEqual(rawFiles(lake));
      for (const { path } of said.slice(0, 3))
        expect(path).toMatch(/^inventory_event\/dt=2026-06-30\/stream-[0-9a-f]{32}\.jsonl$/);
      expect(readFileSync(join(lake.raw, said[0].path), 'utf8')).toBe(lines(EVENTS.slice(0, 10)));
      expect(said[0]).toMatchObject({ lag_seconds: expect.any(Number), event_lag_seconds: expect.any(Number) });
      expect(await stored(lake)).toEqual(expected(EVENTS));
    });
  });

  it('changes nothing when the same input comes again, cut the same way or another', async () => {
    await withLake(async (lake) => {
      await stream(lake, lines(EVENTS), '--batch', '10');
      const [files, before] = [rawFiles(lake), await stored(lake)];
      await stream(lake, lines(EVENTS), '--batch', '10');
      expect(rawFiles(lake)).toEqual(files);
      const again = await stream(lake, lines(EVENTS), '--batch', '7', '--format', 'json');
      expect(JSON.parse(again.stdout)).toMatchObject({ read: 25, accepted: 0, duplicate: 25 });
      expect(await stored(lake)).toEqual(before);
    });
  });

  it('is the same as a run over the files that it kept', async () => {
    await withLake(async (lake) => {
      await stream(lake, lines(EVENTS), '--batch', '4');
      const before = await stored(lake);
      expect((await lake.run(AS_OF, ['inventory'])).result.status).toBe('nothing_new');
      await lake.run(AS_OF, [], ['inventory']);
      expect(await stored(lake)).toEqual(before);
    });
  });

  it('takes what an earlier stream had kept and not published', async () => {
    await withLake(async (lake) => {
      lake.write({ [`inventory_event/dt=${AS_OF}/stream-0.jsonl`]: lines(EVENTS.slice(0, 5)) });
      const { stdout } = await stream(lake, '', '--format', 'ndjson');
      expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ batch: 0, path: null, read: 5, accepted: 5 });
      expect(await stored(lake)).toEqual(expected(EVENTS.slice(0, 5)));
    });
  });

  it('quarantines a broken line by its number in the kept file, and goes on', async () => {
    await withLake(async (lake) => {
      const { code, stdout } = await stream(
        lake,
        `${lines(EVENTS.slice(0, 2))}{"half\n${lines(EVENTS.slice(2, 4))}`,
        '--format',
        'json',
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ read: 5, accepted: 4, quarantined: 1 });
      const [refused] = await lake.rows('select record, reasons from ops.quarantine');
      expect(refused).toMatchObject([{ record: 3n }]);
    });
  });

  it('reads a file, prints totals for people, a row per batch as CSV', async () => {
    await withLake(async (lake) => {
      const file = join(lake.folder, 'events.jsonl');
      writeFileSync(file, lines(EVENTS));
      const argv = ['--raw', lake.raw, '--lake', lake.lake, '--as-of', AS_OF];
      const people = await runCli(['stream', '--from', file, ...argv]);
      expect(people.stdout).toContain('25 records in 1 batches: 25 accepted, 0 duplicate, 0 superseded, 0 quarantined');
      expect(people.stderr).toMatch(/^batch 1 {2}25 records .*\/s {2}lag /);
      const csv = await runCli(['stream', '--from', file, '--batch', '20', '--format', 'csv', '-q', ...argv]);
      expect(csv.stdout.split('\n')[0]).toBe(
        'batch,path,read,accepted,duplicate,superseded,quarantined,seconds,records_per_second,lag_seconds,event_lag_seconds',
      );
      expect(csv.stdout.trim().split('\n')).toHaveLength(3);
      expect(csv.stderr).toBe('');
    });
  });

  it.each<[string, string[], number, RegExp]>([
    [
      'a dataset that nobody reads',
      ['--dataset', 'nobody'],
      2,
      /raw\.nobody cannot be streamed: no contract reads it; datasets with a key: .*inventory_event/,
    ],
    [
      'a dataset without a key',
      ['--dataset', 'reviews'],
      2,
      /raw\.reviews cannot be streamed: its records have no key/,
    ],
    ['a batch of none', ['--batch', '0'], 2, /not a whole number of at least 1/],
    ['a file that is not there', ['--from', '/nowhere/events.jsonl'], 1, /ENOENT.*nowhere/],
  ])('refuses %s', async (_says, argv, code, message) => {
    await withLake(async (lake) => {
      const result = await stream(lake, '', ...argv);
      expect(result.stderr).toMatch(message);
      expect(result.code).toBe(code);
    });
  });

  it('counts the records of a raw table, of which base tables are made', async () => {
    await withLake(async (lake) => {
      const decision = { timestamp: '2026-06-30T12:00:00Z', client: { client_id: 'c' } };
      const events = ['t1', 't2', 't1'].map((id) => `${JSON.stringify({ transaction_id: id, ...decision })}\n`);
      const { stdout } = await stream(lake, events.join(''), '--dataset', 'risk_event', '--format', 'json');
      expect(JSON.parse(stdout)).toMatchObject({ batches: 1, read: 3, accepted: 2, duplicate: 1 });
    });
  });

  it('feeds any dataset with a key, and what depends on it', async () => {
    await withLake(async (lake) => {
      const purchase = { id: 'p', timestamp: '2026-05-30T12:00:00Z', customer_id: 'c', merchant_id: 'm', amount: 5 };
      const refund = { id: 'r', timestamp: '2026-06-30T12:00:00Z', parent_id: 'p', amount: 5 };
      await stream(lake, `${JSON.stringify(refund)}\n`, '--dataset', 'refund');
      await stream(lake, `${JSON.stringify(purchase)}\n`, '--dataset', 'purchase');
      const [refunds] = await lake.rows('select customer_id, total_refund from mart.refunds_by_customer');
      expect(refunds).toEqual([{ customer_id: 'c', total_refund: '5.00' }]);
    });
  });

  it('gives the same positions for any order, repetition and size of batches', async () => {
    const some = fc.array(fc.nat(EVENTS.length - 1), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 1, max: 15 }), async (order, size) => {
        await withLake(async (lake) => {
          const events = order.map((at) => EVENTS[at] ?? event(at));
          expect((await stream(lake, lines(events), '--batch', String(size))).code).toBe(0);
          expect(await stored(lake)).toEqual(expected([...new Set(events)]));
        });
      }),
      { numRuns: 6 },
    );
  });
});
