import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FeatureTable, isFeature, writeFeatures } from '../../lib/run/features.ts';
import {
  type Dispute,
  type Features,
  featuresOf,
  rawFiles,
  type Transaction,
  type World,
} from '../support/oracle-fraud.ts';
import { type Lake, PLAN, withLake } from '../support/oracle-lake.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-01T00:00:00Z');
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

const tableOf = (name: string): FeatureTable => {
  const table = PLAN.tables.filter(isFeature).find((each) => each.name === `feature.${name}`);
  if (table === undefined) throw new Error(`no feature table ${name}`);
  return table;
};
const TABLES = { card_id: tableOf('card_activity'), customer_id: tableOf('customer_card_activity') } as const;
type Key = keyof typeof TABLES;

interface Point {
  readonly entity: string;
  readonly time: number;
}

/** Rows of a CSV file without quotes. */
const rowsOf = (path: string): Record<string, string>[] => {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, place) => [names[place] ?? '', value])));
};

/** A written row as the oracle counts: decimals without their point. */
const features = ({ event_time, card_id, customer_id, label, ...row }: Record<string, string>): Features =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === '' ? null : Number(value.replace('.', ''))]),
  );

/** The features at points in time, by the program: one row for each point, in their order. */
async function asked(lake: Lake, by: Key, points: readonly Point[]): Promise<Features[]> {
  const [spine, out] = [join(lake.folder, 'spine.csv'), join(lake.folder, 'out.csv')];
  const lines = points.map(({ entity, time }) => `${entity},${new Date(time).toISOString()}`);
  writeFileSync(spine, `${by},event_time\n${lines.join('\n')}\n`);
  await writeFeatures(lake.lake, TABLES[by], { spine }, out);
  return rowsOf(out).map(features);
}

/** Decimals of a division may differ in the last digit; nothing else may. */
function expectSame(found: readonly Features[], wanted: readonly Features[]): void {
  expect(found.length).toBe(wanted.length);
  for (const [place, row] of wanted.entries()) {
    const near = found[place]?.amount_to_usual ?? null;
    const ratio = row.amount_to_usual ?? null;
    if (ratio !== null && near !== null) expect(Math.abs(near - ratio)).toBeLessThanOrEqual(1);
    expect({ ...found[place], amount_to_usual: ratio === null ? near : ratio }).toEqual(row);
  }
}

// Half hours, and the edges of the windows: an event may lie exactly at the beginning or the end of one.
const halfHour = fc.integer({ min: 0, max: 120 * 48 }).map((n) => START + (n * HOUR) / 2);
const delay = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }));
const transaction = fc.record({
  card: fc.integer({ min: 1, max: 3 }),
  merchant_id: fc.constantFrom('m1', 'm2', 'm3', 'm4'),
  merchant_country: fc.constantFrom('DE', 'FR', 'US'),
  cents: fc.integer({ min: 1, max: 5_000 }),
  at: halfHour,
  kind: fc.constantFrom('purchase' as const, 'purchase' as const, 'refund' as const),
  delay,
});
const world = fc
  .record({
    transactions: fc.array(transaction, { minLength: 1, maxLength: 60 }),
    disputes: fc.array(fc.record({ of: fc.nat(), after: fc.integer({ min: 0, max: 200 }), delay }), { maxLength: 12 }),
  })
  .map(({ transactions, disputes }): World => {
    const rows = transactions.map(({ card, delay: days, ...row }, place): Transaction => {
      // Cards 1 and 2 are one customer's.
      const owner = { card_id: `k${card}`, customer_id: `c${Math.max(2, card)}` };
      return { transaction_id: `t${place}`, ...owner, ...row, arrived: dayOf(row.at + days * DAY) };
    });
    const reported = disputes.flatMap(({ of, after, delay: days }, place): Dispute[] => {
      const target = rows[of % rows.length];
      const at = (target?.at ?? 0) + after * 12 * HOUR;
      return [
        {
          chargeback_id: `b${place}`,
          transaction_id: target?.transaction_id ?? '',
          at,
          arrived: dayOf(at + days * DAY),
        },
      ];
    });
    return { transactions: rows, disputes: reported };
  });
const EDGES = [0, HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY, 1, -1];
const pick = fc.record({
  of: fc.nat(),
  edge: fc.constantFrom(...EDGES),
  days: fc.integer({ min: 0, max: 60 }),
  whole: fc.boolean(),
});

/** Points near the edges of windows around transactions, and ends of days. */
function pointsOf(
  { transactions }: World,
  picks: readonly { of: number; edge: number; days: number; whole: boolean }[],
  by: Key,
) {
  return picks.map(({ of, edge, days, whole }): Point => {
    const near = transactions[of % transactions.length];
    const time = (near?.at ?? START) + edge + (edge === 0 ? days * DAY : 0);
    return { entity: near?.[by] ?? '', time: whole ? Math.ceil(time / DAY) * DAY : time };
  });
}

describe('the features of cards and customers', () => {
  it.each(['card_id', 'customer_id'] as const)(
    'by %s are those of an oracle that asks for each point what was known',
    async (by) => {
      await fc.assert(
        fc.asyncProperty(world, fc.array(pick, { minLength: 1, maxLength: 40 }), async (everything, picks) => {
          const points = pointsOf(everything, picks, by);
          await withLake(async (lake) => {
            await lake.write(rawFiles(everything)).run('2026-07-01', ['base.card_transaction', 'base.chargeback']);
            expectSame(
              await asked(lake, by, points),
              points.map(({ entity, time }) => featuresOf(everything, by, entity, time)),
            );
          });
        }),
        { numRuns: 12 },
      );
    },
  );

  it('of a run are those of every entity known by the end of its day: what is served is what is trained on', async () => {
    const [everything] = fc.sample(world, { numRuns: 1, seed: 11 });
    if (everything === undefined) throw new Error('no world');
    await withLake(async (lake) => {
      await lake.write(rawFiles(everything)).run('2026-03-01', ['fraud']);
      const out = join(lake.folder, 'out.csv');
      for (const by of ['card_id', 'customer_id'] as const) {
        await writeFeatures(lake.lake, TABLES[by], { asOf: '2026-03-01' }, out);
        const written = rowsOf(out);
        const time = Date.parse('2026-03-02T00:00:00Z');
        const known = everything.transactions.filter((row) => row.at <= time && row.arrived <= '2026-03-01');
        expect(written.map((row) => row[by])).toEqual([...new Set(known.map((row) => row[by]))].sort());
        expect(written.every((row) => row.event_time === '2026-03-02T00:00:00Z')).toBe(true);
        const points = written.map((row) => ({ entity: row[by] ?? '', time }));
        expectSame(
          written.map(features),
          points.map(({ entity }) => featuresOf(everything, by, entity, time)),
        );
        expect(await asked(lake, by, points)).toEqual(written.map(features));
        const [stored = []] = await lake.rows(
          `select purchases_30d, amount_30d from ${TABLES[by].name} order by ${by}`,
        );
        expect(
          stored.map((row) => [Number(row.purchases_30d), Number(String(row.amount_30d).replace('.', ''))]),
        ).toEqual(written.map(features).map((row) => [row.purchases_30d, row.amount_30d]));
      }
    });
  });
});

describe('nothing later is seen', () => {
  const point = { entity: 'k1', time: Date.parse('2026-03-10T12:00:00Z') };
  const one = (id: string, at: string, arrived: string): Transaction => ({
    transaction_id: id,
    card_id: 'k1',
    customer_id: 'c1',
    merchant_id: `m-${id}`,
    merchant_country: 'DE',
    cents: 1_000,
    at: Date.parse(at),
    kind: 'purchase',
    arrived,
  });
  const dispute = (id: string, at: string, arrived: string): Dispute => ({
    chargeback_id: id,
    transaction_id: 't1',
    at: Date.parse(at),
    arrived,
  });
  const before: World = {
    transactions: [one('t1', '2026-03-01T10:00:00Z', '2026-03-01'), one('t2', '2026-03-09T13:00:00Z', '2026-03-09')],
    disputes: [],
  };
  const planted: readonly (readonly [what: string, plant: Partial<World>])[] = [
    [
      'an event of the future, though its file is there',
      { transactions: [one('x', '2026-03-10T12:00:00.001Z', '2026-03-09')] },
    ],
    ['an event of the past that arrived later', { transactions: [one('x', '2026-03-09T14:00:00Z', '2026-03-11')] }],
    [
      'an event of the past that arrived on the very day',
      { transactions: [one('x', '2026-03-09T14:00:00Z', '2026-03-10')] },
    ],
    ['a dispute reported later', { disputes: [dispute('x', '2026-03-10T12:00:00.001Z', '2026-03-09')] }],
    ['a dispute that arrived later', { disputes: [dispute('x', '2026-03-09T14:00:00Z', '2026-03-10')] }],
  ];
  const seen = (plant: Partial<World>) =>
    withLake(async (lake) => {
      const { transactions = [], disputes = [] } = plant;
      const all = {
        transactions: [...before.transactions, ...transactions],
        disputes: [...before.disputes, ...disputes],
      };
      await lake.write(rawFiles(all)).run('2026-07-01', ['base.card_transaction', 'base.chargeback']);
      return asked(lake, 'card_id', [point]);
    });

  it.each(planted)('%s', async (_what, plant) => {
    expect(await seen(plant)).toEqual(await seen({}));
  });

  it('but the same event, known in time, is', async () => {
    const [without] = await seen({});
    const [more] = await seen({ transactions: [one('x', '2026-03-09T14:00:00Z', '2026-03-09')] });
    expect([without?.purchases_24h, more?.purchases_24h]).toEqual([1, 2]);
    const [disputed] = await seen({ disputes: [dispute('x', '2026-03-09T14:00:00Z', '2026-03-09')] });
    expect([without?.disputed_90d, disputed?.disputed_90d]).toEqual([0, 1]);
  });

  it('a lake that holds only what had arrived gives the same features as one that holds everything', async () => {
    const [everything] = fc.sample(world, { numRuns: 1, seed: 5 });
    if (everything === undefined) throw new Error('no world');
    const time = Date.parse('2026-03-15T00:00:00Z');
    const arrived = <T extends { arrived: string }>(rows: readonly T[]) =>
      rows.filter((row) => row.arrived < '2026-03-15');
    const then = { transactions: arrived(everything.transactions), disputes: arrived(everything.disputes) };
    const points = ['k1', 'k2', 'k3'].map((entity) => ({ entity, time }));
    const at = (known: World) =>
      withLake(async (lake) => {
        await lake.write(rawFiles(known)).run('2026-07-01', ['base.card_transaction', 'base.chargeback']);
        return asked(lake, 'card_id', points);
      });
    expect(await at(then)).toEqual(await at(everything));
  });
});
