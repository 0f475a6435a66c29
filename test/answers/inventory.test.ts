import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateSample, SAMPLE_LAST_DAY } from '../../lib/sample/index.ts';
import {
  eventLine,
  type InventoryEvent,
  type Position,
  positions,
  replenishment,
  withMoments,
} from '../support/oracle-inventory.ts';
import { type Lake, withLake } from '../support/oracle-lake.ts';
import { micros } from '../support/oracle-values.ts';

const storedPositions = async (lake: Lake): Promise<Position[]> => {
  const [rows] = await lake.rows('select * from mart.inventory_position order by location_id, sku');
  return rows.map((row) => withMoments<Position>(row, 'last_event_at'));
};
const storedReplenishment = async (lake: Lake) =>
  (await lake.rows('select * from mart.replenishment order by location_id, sku'))[0];
const storedEvents = async (lake: Lake): Promise<InventoryEvent[]> => {
  const [rows] = await lake.rows(
    'select event_id, location_id, sku, sequence, type, quantity, occurred_at from base.inventory_event',
  );
  return rows.map((row) => withMoments<InventoryEvent>(row, 'occurred_at'));
};

type Written = readonly [id: string, sequence: number, type: string, quantity: number, at?: string, sku?: string];
const lines = (events: readonly Written[]): string =>
  events
    .map(([event_id, sequence, type, quantity, at = '2026-06-30T12:00:00Z', sku = 's']) =>
      eventLine({ event_id, location_id: 'l', sku, sequence, type, quantity, occurred_at: at }),
    )
    .join('');

/** On hand after some events of one SKU at one location. */
async function onHand(events: readonly Written[]): Promise<unknown> {
  return withLake(async (lake) => {
    await lake.write({ 'inventory_event/a.jsonl': lines(events) }).run('2026-06-30', ['inventory']);
    return (await storedPositions(lake))[0]?.on_hand ?? null;
  });
}

describe('the position', () => {
  it.each<[string, Written[], bigint | null]>([
    [
      'adds receipts and transfers in',
      [
        ['a', 1, 'receipt', 5],
        ['b', 2, 'transfer_in', 2],
      ],
      7n,
    ],
    [
      'takes away picks and transfers out, below zero too',
      [
        ['a', 1, 'pick', 5],
        ['b', 2, 'transfer_out', 2],
      ],
      -7n,
    ],
    [
      'adds an adjustment with its sign',
      [
        ['a', 1, 'receipt', 5],
        ['b', 2, 'adjust', -3],
        ['c', 3, 'adjust', 1],
      ],
      3n,
    ],
    [
      'is set by a count',
      [
        ['a', 1, 'receipt', 5],
        ['b', 2, 'count', 40],
        ['c', 3, 'pick', 1],
      ],
      39n,
    ],
    [
      'is set by a count of zero',
      [
        ['a', 1, 'receipt', 5],
        ['b', 2, 'count', 0],
      ],
      0n,
    ],
    [
      'follows the sequence, not the file',
      [
        ['c', 3, 'pick', 1],
        ['b', 2, 'count', 40],
        ['a', 1, 'receipt', 5],
      ],
      39n,
    ],
    [
      'does not care for the clock',
      [
        ['a', 2, 'count', 9, '2020-01-01T00:00:00Z'],
        ['b', 1, 'receipt', 5],
      ],
      9n,
    ],
    [
      'knows the last of several counts',
      [
        ['a', 1, 'count', 9],
        ['b', 2, 'count', 4],
        ['c', 3, 'receipt', 1],
      ],
      5n,
    ],
    [
      'takes the same event once',
      [
        ['a', 1, 'receipt', 5],
        ['a', 1, 'receipt', 5],
      ],
      5n,
    ],
    [
      'decides a shared sequence by event_id: the greater counted last',
      [
        ['b', 1, 'count', 9],
        ['a', 1, 'receipt', 5],
      ],
      9n,
    ],
    [
      'decides it so whatever the types are',
      [
        ['a', 1, 'count', 9],
        ['b', 1, 'receipt', 5],
      ],
      14n,
    ],
    [
      'takes a sequence of any size and sign',
      [
        ['a', -5, 'count', 9],
        ['b', 9007199254740991, 'receipt', 5],
      ],
      14n,
    ],
    ['refuses a negative quantity that is no adjustment', [['a', 1, 'receipt', -5]], null],
    ['refuses what is no whole number', [['a', 1, 'receipt', 1.5]], null],
    ['refuses an unknown type', [['a', 1, 'return', 5]], null],
  ])('%s', async (_says, events, expected) => {
    expect(await onHand(events)).toBe(expected);
  });

  it('is that of the last event in sequence, with its time', async () => {
    await withLake(async (lake) => {
      const events: Written[] = [
        ['a', 7, 'receipt', 5, '2026-06-01T00:00:00Z'],
        ['b', 3, 'receipt', 5, '2026-06-02T00:00:00Z'],
      ];
      await lake.write({ 'inventory_event/a.jsonl': lines(events) }).run('2026-06-30', ['inventory']);
      expect(await storedPositions(lake)).toMatchObject([
        { last_sequence: 7n, last_event_at: micros('2026-06-01T00:00:00Z') },
      ]);
    });
  });

  it('below zero is a finding, and so is a sequence that two events share; neither is refused', async () => {
    await withLake(async (lake) => {
      const { result } = await lake
        .write({
          'inventory_event/a.jsonl': lines([
            ['a', 1, 'pick', 5],
            ['b', 1, 'pick', 1],
          ]),
        })
        .run('2026-06-30', ['inventory']);
      const found = result.checks
        .filter(({ failed }) => failed > 0)
        .map(({ table, check, verdict }) => [table, check, verdict]);
      expect(found).toEqual([
        ['base.inventory_event', 'unique(location_id, sequence)', 'warn'],
        ['mart.inventory_position', 'at_least(on_hand)', 'warn'],
      ]);
      expect(result.tables.every(({ quarantined }) => quarantined === 0)).toBe(true);
    });
  });
});

describe('replenishment', () => {
  const asOf = '2026-06-30';
  it.each<[string, Written[], object[]]>([
    [
      'lifts what lasts less than seven days to fourteen',
      [
        ['a', 1, 'receipt', 9],
        ['b', 2, 'pick', 8],
      ],
      [{ on_hand: 1n, outgoing: 8n, reorder_point: 2n, order_quantity: 3n }],
    ],
    [
      'counts the pieces of 28 days, the as-of day included',
      [
        ['a', 1, 'count', 9],
        ['b', 2, 'pick', 9, '2026-06-03T00:00:00Z'],
      ],
      [{ on_hand: 0n, outgoing: 9n, reorder_point: 3n, order_quantity: 5n }],
    ],
    [
      'forgets what is older',
      [
        ['a', 1, 'count', 9],
        ['b', 2, 'pick', 9, '2026-06-02T23:59:59Z'],
      ],
      [],
    ],
    [
      'does not know what comes after the as-of day',
      [
        ['a', 1, 'count', 9],
        ['b', 2, 'pick', 9, '2026-07-01T00:00:00Z'],
      ],
      [],
    ],
    [
      'counts transfers out, not adjustments',
      [
        ['a', 1, 'count', 4],
        ['b', 2, 'transfer_out', 4],
        ['c', 3, 'adjust', 0],
      ],
      [{ outgoing: 4n, order_quantity: 2n }],
    ],
    [
      'lifts to zero what nobody takes',
      [['a', 1, 'adjust', -4]],
      [{ on_hand: -4n, outgoing: 0n, reorder_point: 0n, order_quantity: 4n }],
    ],
    [
      'leaves alone what reaches the point exactly',
      [
        ['a', 1, 'count', 10],
        ['b', 2, 'pick', 8],
      ],
      [],
    ],
  ])('%s', async (_says, events, expected) => {
    await withLake(async (lake) => {
      await lake.write({ 'inventory_event/a.jsonl': lines(events) }).run(asOf, ['inventory']);
      expect(await storedReplenishment(lake)).toMatchObject(expected);
      expect(await storedReplenishment(lake)).toHaveLength(expected.length);
    });
  });
});

describe('an event of as many pieces as 64 bits can say', () => {
  const most = 2n ** 63n - 1n;
  /** An event whose quantity no JavaScript number can hold. */
  const huge = (id: string, sequence: number, type: string, quantity: bigint): string =>
    lines([[id, sequence, type, 0]]).replace('"quantity":0', `"quantity":${quantity}`);
  const calm = lines([
    ['y', 1, 'receipt', 5, '2026-06-30T12:00:00Z', 't'],
    ['z', 2, 'pick', 8, '2026-06-30T12:00:00Z', 't'],
  ]);

  it.each<[string, string[], object[]]>([
    [
      'picked: all of it is wanted back',
      [huge('a', 3, 'pick', most)],
      [{ on_hand: -most, outgoing: most, reorder_point: 2n ** 61n, order_quantity: most }],
    ],
    [
      'adjusted, down to the end',
      [huge('a', 3, 'adjust', -most - 1n)],
      [{ on_hand: -most - 1n, outgoing: 0n, reorder_point: 0n, order_quantity: most }],
    ],
    [
      'taken twice: a sum beyond 64 bits is their end',
      [huge('a', 3, 'transfer_out', most), huge('b', 4, 'transfer_out', most)],
      [{ on_hand: -most - 1n, outgoing: most, reorder_point: 2n ** 61n, order_quantity: most }],
    ],
    ['received twice', [huge('a', 3, 'receipt', most), huge('b', 4, 'receipt', most)], []],
    [
      'received and taken back: sums on the way may be larger than their end',
      [
        huge('a', 3, 'receipt', most),
        huge('b', 4, 'receipt', most),
        huge('c', 5, 'adjust', -most),
        huge('d', 6, 'adjust', -most),
      ],
      [],
    ],
  ])('%s', async (_says, events, expected) => {
    await withLake(async (lake) => {
      const { result } = await lake
        .write({ 'inventory_event/a.jsonl': [calm, ...events].join('') })
        .run('2026-06-30', ['inventory']);
      expect(result.held).toBeUndefined();
      expect(await storedReplenishment(lake)).toEqual([
        ...expected.map((row) => ({ location_id: 'l', sku: 's', ...row })),
        { location_id: 'l', sku: 't', on_hand: -3n, outgoing: 8n, reorder_point: 2n, order_quantity: 7n },
      ]);
      const total = events.length === 4 ? 0n : most;
      if (expected.length === 0) expect((await storedPositions(lake))[0]?.on_hand).toBe(total);
    });
  });
});

/** Events of few keys, so that everything collides: sequences, ids with other content, counts. */
const event = fc.record({
  event_id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'é', '𝄞', '\uffee'),
  location_id: fc.constantFrom('l', 'L'),
  sku: fc.constantFrom('s', 't'),
  sequence: fc.integer({ min: -2, max: 6 }),
  type: fc.constantFrom('receipt', 'pick', 'adjust', 'count', 'transfer_in', 'transfer_out'),
  quantity: fc.integer({ min: 0, max: 9 }),
  occurred_at: fc.constantFrom('2026-06-30T12:00:00Z', '2026-06-03T00:30:00+01:00', '2026-06-10 08:00:00.5'),
});

describe('any batches in any order give the same position', () => {
  it('as all at once, and as booked event by event', async () => {
    const deliveries = fc.array(event, { minLength: 1, maxLength: 24 }).chain((events) =>
      fc.record({
        events: fc.constant(events),
        // A permutation with repeats, cut into batches.
        order: fc
          .array(fc.nat(events.length - 1), { maxLength: 12 })
          .chain((again) =>
            fc.shuffledSubarray([...events.keys(), ...again], { minLength: events.length + again.length }),
          ),
        cuts: fc.array(fc.nat(30), { maxLength: 4 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ events, order, cuts }) => {
        const bounds = [0, ...cuts.filter((cut) => cut < order.length).sort((a, b) => a - b), order.length];
        const batches = bounds.slice(1).map((end, at) => order.slice(bounds[at], end));
        await withLake(async (lake) => {
          for (const [at, batch] of batches.entries()) {
            const text = batch.map((index) => eventLine(events[index] ?? {})).join('');
            await lake
              .write({ [`inventory_event/${(at * 7) % 5}-${at}.jsonl`]: text })
              .run('2026-06-30', ['inventory']);
          }
          const stored = await storedEvents(lake);
          const ids = new Set(order.map((index) => events[index]?.event_id));
          expect(stored.map(({ event_id }) => event_id).sort()).toEqual([...ids].sort());
          expect(await storedPositions(lake)).toEqual(positions(stored));
          expect(await storedReplenishment(lake)).toEqual(replenishment(stored, '2026-06-30'));
          await withLake(async (other) => {
            const all = events
              .filter((_, index) => order.includes(index))
              .reverse()
              .map(eventLine)
              .join('');
            await other.write({ 'inventory_event/all.jsonl': all }).run('2026-06-30', ['inventory']);
            expect(await storedPositions(other)).toEqual(await storedPositions(lake));
          });
        });
      }),
      { numRuns: 12 },
    );
  });
});

describe('on a generated sample', () => {
  it.each([
    { rows: 10, seed: 3, dirt: 0 },
    { rows: 2000, seed: 1, dirt: 0.05 },
  ])('position and replenishment are those booked event by event: $rows rows, dirt $dirt', async (options) => {
    await withLake(async (lake) => {
      await generateSample({ out: lake.raw, datasets: ['inventory_event'], ...options });
      await lake.run(SAMPLE_LAST_DAY, ['inventory']);
      const stored = await storedEvents(lake);
      expect(await storedPositions(lake)).toEqual(positions(stored));
      const wanted = await storedReplenishment(lake);
      expect(wanted).toEqual(replenishment(stored, SAMPLE_LAST_DAY));
      if (options.rows > 1000) expect(wanted.length).toBeGreaterThan(0);
    });
  });
});
