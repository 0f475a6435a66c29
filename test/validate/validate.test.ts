import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Validation, type ValidationRequest, validate } from '../../lib/run/index.ts';
import { generateSample, SAMPLE_LAST_DAY } from '../../lib/sample/index.ts';
import { csv, type Lake, PLAN, type RawFiles, withLake } from '../support/oracle-lake.ts';
import { dayOfMoment, micros } from '../support/oracle-values.ts';

/** The tables that a validation judges. */
const LOADED = PLAN.tables.flatMap(({ name, making }) => (making.kind === 'load' ? [{ name, making }] : []));

const DAY = '2026-03-10';
const PURCHASE = ['id', 'timestamp', 'customer_id', 'merchant_id', 'amount'];

const judge = (lake: Lake, date = DAY, only: ValidationRequest['only'] = []): Promise<Validation> =>
  validate({ plan: PLAN, raw: lake.raw, date, only, onTable: () => undefined });

const fatesOf = ({ tables }: Pick<Validation, 'tables'>, name: string) => {
  const table = tables.find((each) => each.name === name);
  if (!table) throw new Error(`no ${name}`);
  const { read, accepted, duplicate, superseded, quarantined } = table;
  return { read, accepted, duplicate, superseded, quarantined };
};
const checkOf = ({ checks }: Pick<Validation, 'checks'>, table: string, check: string) =>
  checks.find((each) => each.table === table && each.check === check);

/** Places of the records that a finding names: `file#record`. */
const places = (validation: Validation, table: string, check: string) =>
  checkOf(validation, table, check)?.offenders.map(({ file, record }) => `${file}#${record}`);

const purchases = (...rows: readonly (readonly [string, string, string])[]): string =>
  csv(
    PURCHASE,
    rows.map(([id, at, amount]) => [id, at, 'c', 'm', amount]),
  );

/** The days of the records of a file: its own where its time can be read, else the file's. */
type Times = readonly string[];
const TIMES: Times = [
  `${DAY}T00:00:00Z`,
  `${DAY} 23:59:59.999999`,
  '2026-03-11T04:00:00+05:00',
  '2026-03-09T23:00:00-02:00',
  '2026-03-09T23:59:59Z',
  '2026-03-11T00:00:00Z',
  '2026-03-10T24:00:00Z',
  'yesterday',
  '',
];
const readable = (text: string): boolean => text !== '' && text !== 'yesterday' && !text.includes('T24');
const dayOf = (text: string, arrived: string): string => (readable(text) ? dayOfMoment(micros(text)) : arrived);

describe("one day's source data", () => {
  it('is the rows whose event time is that UTC day; a row whose time cannot be read belongs to the day its file arrived', async () => {
    const record = fc.record({
      id: fc.constantFrom('p1', 'p2', 'p3', 'p4', ''),
      at: fc.constantFrom(...TIMES),
      amount: fc.constantFrom('1.00', '1', '-2.00', '12.345'),
    });
    const file = fc.record({
      arrived: fc.constantFrom('2026-03-10', '2026-03-11', '2026-03-12', '2026-03-10'),
      records: fc.array(record, { maxLength: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async (files) => {
        const mine = files.flatMap(({ arrived, records }) => records.filter(({ at }) => dayOf(at, arrived) === DAY));
        await withLake(async (lake) => {
          const toCsv = (records: readonly { id: string; at: string; amount: string }[], at: number) =>
            csv(
              [...PURCHASE, `file_${at}`],
              records.map(({ id, at: time, amount }) => [id, time, 'c', 'm', amount, null]),
            );
          for (const [at, { arrived, records }] of files.entries())
            lake.write({ [`purchase/dt=${arrived}/f${at}.csv`]: toCsv(records, at) });
          const found = await judge(lake, DAY, ['base.purchase']);
          const expected = await withLake(async (other) => {
            const { result, findings } = await other
              .write({ 'purchase/all.csv': toCsv(mine, 0) })
              .run(DAY, ['base.purchase']);
            return { tables: result.tables, checks: result.checks, findings };
          });
          expect(fatesOf(found, 'base.purchase')).toEqual(fatesOf(expected, 'base.purchase'));
          for (const name of ['at_least(amount)', 'one_claim(id)']) {
            const { failed, total, verdict } = checkOf(found, 'base.purchase', name) ?? {};
            const run = expected.checks.find((each) => each.check === name);
            expect({ failed, total, verdict }, name).toEqual({
              failed: run?.failed,
              total: run?.total,
              verdict: run?.verdict,
            });
          }
          const bad = fatesOf(found, 'base.purchase').quarantined;
          expect(checkOf(found, 'base.purchase', 'conforms')).toMatchObject({ failed: bad, total: mine.length });
          expect(found.status).toBe(bad > 0 ? 'fail' : 'pass');
        });
      }),
      { numRuns: 12 },
    );
  });

  it('of a sample is what a run on the same records finds, with the very file and record numbers', async () => {
    await withLake(async (lake) => {
      const manifest = await generateSample({ out: lake.raw, rows: 600, seed: 21, dirt: 0.2, days: 2 });
      const { result } = await lake.run(SAMPLE_LAST_DAY);
      const found = await judge(lake, SAMPLE_LAST_DAY);
      expect(found.status).toBe('fail');
      // Datasets without event time: the files that arrived on the day, all of them.
      for (const { name } of found.tables) {
        const table = PLAN.tables.find((each) => each.name === name);
        if (table?.making.kind !== 'load' || table.making.eventTime !== null) continue;
        const today = manifest.files.filter(
          ({ path, status }) => path.startsWith(`${name.slice(5)}/dt=${SAMPLE_LAST_DAY}/`) && status === 'loaded',
        );
        const records = today.reduce((sum, file) => sum + file.records, 0);
        const refused = today.reduce(
          (sum, { path }) => sum + Object.values(manifest.quarantined[path] ?? {}).flat().length,
          0,
        );
        expect(fatesOf(found, name), name).toMatchObject({ read: records, quarantined: refused });
      }
      // Whatever is named is what the run refused, at the same place.
      const [refused] = await lake.rows('select dataset, file, record from ops.quarantine');
      const refusedPlaces = refused.map(({ file, record }) => `${file}#${record}`);
      for (const { name } of found.tables)
        for (const place of places(found, name, 'conforms') ?? []) expect(refusedPlaces).toContain(place);
      // And with event time: the rows of the day, counted in the base table and the quarantine.
      for (const name of ['purchase', 'refund', 'void']) {
        const [[accepted]] = await lake.rows(
          `select count(*) as n from base."${name}" where cast(timestamp as date) = date '${SAMPLE_LAST_DAY}'`,
        );
        expect(fatesOf(found, `base.${name}`).accepted, name).toBe(Number(accepted?.n));
        expect(fatesOf(found, `base.${name}`).accepted).toBeGreaterThan(0);
      }
      expect(result.tables.length).toBeGreaterThan(found.tables.length);
    });
  });

  it('counts a file that came twice once, as a run does', async () => {
    await withLake(async (lake) => {
      const stars = csv(['review', 'product_id'], [['5', '1'], ['4', '1']]); // biome-ignore format: a table
      const bought = purchases(['p', `${DAY}T10:00:00Z`, '1.00']);
      lake.write({
        [`reviews/dt=${DAY}/a.csv`]: stars,
        [`reviews/dt=${DAY}/b.csv`]: stars,
        [`purchase/dt=${DAY}/a.csv`]: bought,
        [`purchase/dt=${DAY}/b.csv`]: bought,
      });
      const found = await judge(lake);
      const { result } = await lake.run(DAY);
      for (const name of ['base.reviews', 'base.purchase'])
        expect(fatesOf(found, name)).toEqual(fatesOf(result as never, name));
      expect(fatesOf(found, 'base.reviews')).toMatchObject({ read: 2, accepted: 2, duplicate: 0 });
      expect(found.files.map(({ path, status, rows }) => [path, status, rows])).toEqual(
        result.files.map(({ path, status, rows }) => [path, status, rows]),
      );
    });
  });

  it('without dt= folders: a file arrived when it was last changed', async () => {
    await withLake(async (lake) => {
      lake.write({
        'purchase/a.csv': purchases(['p', 'no time', '1.00'], ['q', `${DAY}T10:00:00Z`, '1.00']),
        'purchase/b.csv': purchases(['r', 'no time at all', '1.00']),
        'reviews/a.csv': csv(['review', 'product_id'], [['5', '1']]),
      });
      const noon = (day: string) => Date.parse(`${day}T12:00:00Z`) / 1000;
      for (const [path, day] of [
        ['purchase/a.csv', DAY],
        ['purchase/b.csv', '2026-03-12'],
        ['reviews/a.csv', '2026-03-11'],
      ] as const)
        utimesSync(join(lake.raw, path), noon(day), noon(day));
      const today = await judge(lake);
      expect(fatesOf(today, 'base.purchase')).toMatchObject({ read: 2, accepted: 1, quarantined: 1 });
      expect(places(today, 'base.purchase', 'conforms')).toEqual(['purchase/a.csv#1']);
      expect(fatesOf(today, 'base.reviews').read).toBe(0);
      const next = await judge(lake, '2026-03-11');
      expect(fatesOf(next, 'base.purchase').read).toBe(0);
      expect(fatesOf(next, 'base.reviews')).toMatchObject({ read: 1, accepted: 1 });
      expect(next.status).toBe('pass');
      expect(fatesOf(await judge(lake, '2026-03-12'), 'base.purchase')).toMatchObject({ read: 1, quarantined: 1 });
    });
  });

  it('includes records in the folder of the day before, whose clock is behind', async () => {
    await withLake(async (lake) => {
      lake.write({ 'purchase/dt=2026-03-09/a.csv': purchases(['p', '2026-03-09T23:30:00-05:00', '12.345']) });
      expect(fatesOf(await judge(lake), 'base.purchase')).toMatchObject({ read: 1, quarantined: 1 });
    });
  });

  it('fails by a file that is refused on the day it arrived, and not on any other', async () => {
    await withLake(async (lake) => {
      lake.write({
        [`purchase/dt=${DAY}/good.csv`]: purchases(['p', `${DAY}T10:00:00Z`, '1.00']),
        'purchase/dt=2026-03-12/bad.csv': 'id,timestamp\n1,2\n',
      });
      const today = await judge(lake);
      expect(today).toMatchObject({
        status: 'pass',
        files: [{ path: `purchase/dt=${DAY}/good.csv`, status: 'loaded' }],
      });
      const later = await judge(lake, '2026-03-12');
      expect(later.status).toBe('fail');
      expect(later.files).toMatchObject([{ path: 'purchase/dt=2026-03-12/bad.csv', status: 'refused' }]);
      expect(later.files[0]?.reason).toContain('required columns are missing: merchant_id, amount');
    });
  });

  it('passes where nothing arrived, and leaves nothing behind', async () => {
    await withLake(async (lake) => {
      const nothing = await judge(lake);
      expect(nothing.status).toBe('pass');
      expect(nothing.tables.every((table) => table.read === 0)).toBe(true);
      // Where rows have a time, nothing of a day is news; the rest has nothing to be judged by.
      const arrived = nothing.checks.filter((check) => check.check === 'arrived');
      expect(arrived.map((check) => [check.table, check.verdict])).toEqual(
        LOADED.filter(({ making }) => making.eventTime !== null).map(({ name }) => [name, 'warn']),
      );
      expect(nothing.checks.every((check) => arrived.includes(check) || check.verdict === 'skipped')).toBe(true);
    });
  });

  it('of some tables only: a product, a table; an unknown name is refused', async () => {
    await withLake(async (lake) => {
      const names = async (...only: string[]) => (await judge(lake, DAY, only)).tables.map(({ name }) => name);
      expect(await names('payments')).toEqual(['base.purchase', 'base.refund', 'base.void']);
      expect(await names('base.orders')).toEqual(['base.orders']);
      expect(await names()).toEqual(LOADED.map(({ name }) => name));
      await expect(judge(lake, DAY, ['base.nobody'])).rejects.toThrow('there is no product or table base.nobody');
    });
  });
});

// Values that must never be seen: every one of them stands in a record that a finding names.
const SECRET = ['Quisling', 'Zanzibar 7', 'CUST-4711', 'W1Z-9QX', '88442211', 'CUST-0815', 'Xanthippe'];
const RECORD = `${DAY}T10:00:00Z`;
const PERSONAL: RawFiles = {
  [`purchase/dt=${DAY}/a.csv`]: csv(PURCHASE, [
    ['p1', RECORD, 'CUST-4711', 'm', '12.345'],
    ['p2', RECORD, 'CUST-4711', 'm', '-5.00'],
    ['p3', RECORD, 'CUST-0815', 'm', '1.00'],
    ['p3', RECORD, 'CUST-4711', 'm', '1.00'],
  ]),
  [`purchase/dt=${DAY}/ragged.csv`]: `${PURCHASE.join(',')}\np9,${RECORD},CUST-0815,m\np8,${RECORD},"CUST-4711"x,m,1.00\np7,${RECORD},CUST-4711,"m,1.00\n`,
  [`purchase/dt=${DAY}/b.jsonl`]: [
    `{"id":"p5","timestamp":"${RECORD}","customer_id":["CUST-4711"],"merchant_id":"m","amount":1.00}`,
    `{"id":"p6","timestamp":"${RECORD}","customer_id":"CUST-0815","customer_id":"CUST-4711","merchant_id":"m","amount":1.00}`,
    `{"id":"p7","timestamp":"${RECORD}","customer_id":"CUST-4711`,
    '"CUST-0815"',
    '',
  ].join('\n'),
  [`purchase/dt=${DAY}/headless.csv`]: `p1,${RECORD},CUST-4711,m,1.00\np2,${RECORD},CUST-0815,m,1.00\n`,
  [`dim_customers/dt=${DAY}/a.csv`]: csv(
    ['customer_id', 'customer_name', 'postal_code'],
    [
      ['88442211', 'Quisling, Xanthippe', null],
      ['x', 'Zanzibar 7', 'W1Z-9QX'],
      ['88442211', 'Quisling', 'W1Z-9QX'],
      ['88442211', 'Zanzibar 7', 'W1Z-9QX'],
    ],
  ),
  [`dim_customers/dt=${DAY}/headless.csv`]: '88442211,Quisling,W1Z-9QX\n',
  [`orders/dt=${DAY}/a.csv`]: csv(
    ['order_id', 'customer_id', 'order_date', 'product_id', 'unit_price', 'quantity', 'total_price'],
    [
      ['1', '88442211', DAY, '1', '1.00', '0', '1.00'],
      ['2', '88442211', DAY, '1', '1.0.0', '1', '1.00'],
      ['3', '7', DAY, '1', '-1.00', '1', '1.00'],
    ],
  ),
};

describe('what a validation says', () => {
  it('holds no personal value: customer ids, names and postal codes are masked, and refused files are not quoted', async () => {
    await withLake(async (lake) => {
      const found = await judge(lake.write(PERSONAL));
      const said = JSON.stringify(found);
      for (const secret of SECRET) expect(said).not.toContain(secret);
      for (const table of ['base.purchase', 'base.dim_customers', 'base.orders'])
        expect(places(found, table, 'conforms'), table).not.toHaveLength(0);
      const customer = (table: string, check: string) =>
        checkOf(found, table, check)?.offenders.map(({ values }) => values.customer_id);
      expect(customer('base.purchase', 'at_least(amount)')).toEqual(['C***']);
      expect(customer('base.orders', 'at_least(quantity)')).toEqual(['8***']);
      expect(customer('base.orders', 'at_least(unit_price)')).toEqual(['***']);
      // So does the run's, at every check: findings, files, notes.
      const { result, findings, notes } = await lake.run(DAY);
      const ran = JSON.stringify({ result, findings, notes });
      for (const secret of SECRET) expect(ran).not.toContain(secret);
      expect(findings.length).toBeGreaterThan(5);
    });
  });

  it('names the rule, the numbers, three offenders by file and record, with all reasons', async () => {
    await withLake(async (lake) => {
      lake.write({
        [`purchase/dt=${DAY}/a.csv`]: purchases(
          ['p1', RECORD, '1.00'],
          ['p2', RECORD, 'much'],
          ['', RECORD, '1e5'],
          ['p4', RECORD, '12.345'],
          ['p5', RECORD, '.5'],
        ),
      });
      const finding = checkOf(await judge(lake), 'base.purchase', 'conforms');
      expect(finding).toMatchObject({ verdict: 'fail', severity: 'fail', failed: 4, total: 5 });
      expect(finding?.says).toBe('every record keeps the contract');
      expect(finding?.offenders.map(({ file, record }) => [file, record])).toEqual([
        [`purchase/dt=${DAY}/a.csv`, 2],
        [`purchase/dt=${DAY}/a.csv`, 3],
        [`purchase/dt=${DAY}/a.csv`, 4],
      ]);
      expect(finding?.offenders[1]?.values).toMatchObject({
        id: null,
        amount: '1e5',
        customer_id: '***',
        reasons: 'id is missing; amount is not a decimal with at most 10 digits before and 2 after the point',
      });
    });
  });

  it('names the blast radius: all that the table feeds, by how many paths, and one of them', async () => {
    const edges = [
      ...PLAN.tables.flatMap(({ name, reads }) => reads.map((read) => [read, name] as const)),
      ...PLAN.exposures.flatMap(({ kind, name, reads }) => reads.map((read) => [read, `${kind}.${name}`] as const)),
    ];
    /** Every path from a table, by walking. */
    const walk = (from: string): string[][] =>
      edges
        .filter(([read]) => read === from)
        .flatMap(([, to]) => [[from, to], ...walk(to).map((path) => [from, ...path])]);
    await withLake(async (lake) => {
      lake.write({
        [`purchase/dt=${DAY}/a.csv`]: purchases(['p', RECORD, 'much']),
        [`reviews/dt=${DAY}/a.csv`]: csv(['review', 'product_id'], [['9', '1']]),
      });
      const found = await judge(lake);
      for (const table of ['base.purchase', 'base.reviews']) {
        const paths = walk(table);
        const names = [...new Set(paths.map((path) => path.at(-1) ?? ''))].sort();
        const reaches = checkOf(found, table, 'conforms')?.reaches ?? [];
        expect(reaches.map(({ name }) => name).sort()).toEqual(names);
        for (const { name, paths: count, via } of reaches) {
          expect(count).toBe(String(paths.filter((path) => path.at(-1) === name).length));
          expect(paths).toContainEqual([...via]);
        }
      }
      expect(checkOf(found, 'base.purchase', 'conforms')?.reaches.map(({ name }) => name)).toContain(
        'dashboard.refunds',
      );
      for (const check of found.checks.filter(({ verdict }) => verdict === 'pass')) expect(check.reaches).toEqual([]);
    });
  });
});
