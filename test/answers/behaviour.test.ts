import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateSample, SAMPLE_LAST_DAY } from '../../lib/sample/index.ts';
import { storedAnswers, storedSources } from '../support/behaviour-lake.ts';
import { customers, funnel, serverActivity, sessions } from '../support/oracle-behaviour.ts';
import { type Lake, type RawFiles, withLake } from '../support/oracle-lake.ts';

const AS_OF = '2026-06-30';
const lines = (records: readonly object[]): string => records.map((each) => `${JSON.stringify(each)}\n`).join('');

/** Runs over some files, and holds every answer to the oracles. */
async function expectAnswers(lake: Lake): Promise<Awaited<ReturnType<typeof storedAnswers>>> {
  const stored = await storedSources(lake);
  const answers = await storedAnswers(lake);
  expect(answers.sessions).toEqual(sessions(stored.events));
  expect(answers.funnel).toEqual(funnel(stored.events));
  expect(answers.activity).toEqual(serverActivity(stored.requests));
  expect(answers.customers).toEqual(customers(stored));
  return answers;
}
const answersOf = (files: RawFiles) =>
  withLake(async (lake) => {
    await lake.write(files).run(AS_OF, ['behaviour']);
    return expectAnswers(lake);
  });

type Event = readonly [id: string, at: string, type?: string, visitor?: string, customer?: string | null];
const events = (list: readonly Event[]): string =>
  lines(
    list.map(([event_id, at, type = 'view', visitor_id = 'v', customer_id = null]) => ({
      event_id,
      visitor_id,
      customer_id,
      type,
      url: '/',
      occurred_at: `2026-06-30T${at}Z`,
    })),
  );

describe('sessions', () => {
  it.each<[string, Event[], [string, bigint][]]>([
    [
      'last while at most 30 minutes lie between events',
      [
        ['a', '10:00:00'],
        ['b', '10:30:00'],
        ['c', '11:00:00'],
      ],
      [['a', 3n]],
    ],
    [
      'end after 30 minutes and a microsecond',
      [
        ['a', '10:00:00'],
        ['b', '10:30:00.000001'],
      ],
      [
        ['a', 1n],
        ['b', 1n],
      ],
    ],
    [
      'are known by their first event, the smallest of equals',
      [
        ['b', '10:00:00'],
        ['a', '10:00:00'],
        ['0', '10:00:01'],
      ],
      [['a', 3n]],
    ],
    [
      'are of one visitor',
      [
        ['a', '10:00:00'],
        ['b', '10:00:01', 'view', 'w'],
      ],
      [
        ['a', 1n],
        ['b', 1n],
      ],
    ],
    [
      'go over midnight',
      [
        ['a', '00:00:01'],
        ['b', '23:59:59'],
      ],
      [
        ['a', 1n],
        ['b', 1n],
      ],
    ],
    [
      'count what was done',
      [
        ['a', '10:00:00', 'search'],
        ['b', '10:00:00', 'purchase'],
      ],
      [['a', 2n]],
    ],
  ])('%s', async (_says, list, expected) => {
    const answers = await answersOf({ 'site_event/a.jsonl': events(list) });
    expect(
      answers.sessions.map((each) => [
        Reflect.get(each as object, 'session_id'),
        Reflect.get(each as object, 'events'),
      ]),
    ).toEqual(expected);
  });

  it('are joined by a late event between them', async () => {
    await withLake(async (lake) => {
      await lake
        .write({
          'site_event/1.jsonl': events([
            ['a', '10:00:00'],
            ['c', '10:50:00'],
          ]),
        })
        .run(AS_OF, ['behaviour']);
      expect((await expectAnswers(lake)).sessions).toHaveLength(2);
      await lake.write({ 'site_event/2.jsonl': events([['b', '10:25:00']]) }).run(AS_OF, ['behaviour']);
      expect((await expectAnswers(lake)).sessions).toMatchObject([{ session_id: 'a', events: 3n }]);
    });
  });
});

describe('the funnel', () => {
  it('counts a visitor once a day and step, whatever the step before', async () => {
    const list: Event[] = [
      ['a', '00:00:00'],
      ['b', '10:00:00'],
      ['c', '10:00:00', 'purchase', 'w'],
      ['d', '23:59:59.999999', 'basket', 'w'],
    ];
    const { funnel: days } = await answersOf({ 'site_event/a.jsonl': events(list) });
    expect(days).toEqual([{ day: AS_OF, viewers: 1n, searchers: 0n, basketeers: 1n, buyers: 1n }]);
  });
});

const request = (at: string, status: string, seconds: string, bytes = '10'): string =>
  `10.0.0.1 - - [30/Jun/2026:${at} +0000] "GET / HTTP/1.1" ${status} ${bytes} "-" "-"${seconds === '' ? '' : ` ${seconds}`}\n`;

describe('server activity', () => {
  it('has the nearest rank of the times that are known', async () => {
    const log = Array.from({ length: 20 }, (_, at) => request('10:00:00', '200', `0.0${String(at + 10)}`)).join('');
    const { activity } = await answersOf({
      'web_log/a.log': log + request('10:59:59', '503', '', '-') + request('11:00:00', '404', ''),
    });
    expect(activity).toEqual([
      {
        day: AS_OF,
        hour: 10n,
        requests: 21n,
        client_errors: 0n,
        server_errors: 1n,
        bytes_sent: 200n,
        timed_requests: 20n,
        p50_ms: 19n,
        p95_ms: 28n,
        p99_ms: 29n,
      },
      {
        day: AS_OF,
        hour: 11n,
        requests: 1n,
        client_errors: 1n,
        server_errors: 0n,
        bytes_sent: 10n,
        timed_requests: 0n,
        p50_ms: null,
        p95_ms: null,
        p99_ms: null,
      },
    ]);
  });

  it('keeps equal lines: two equal requests are two', async () => {
    const { activity } = await answersOf({ 'web_log/a.log': request('10:00:00', '200', '1').repeat(3) });
    expect(activity).toMatchObject([{ requests: 3n, p50_ms: 1000n }]);
  });
});

type Change = readonly [id: string, position: number, operation: string, amount?: number | null];
const changes = (list: readonly Change[]): string =>
  lines(
    list.map(([purchase_id, log_position, operation, amount = 5]) => ({
      purchase_id,
      operation,
      log_position,
      customer_id: operation === 'delete' ? null : 'c',
      purchased_at: operation === 'delete' ? null : '2026-06-30T12:00:00Z',
      amount: operation === 'delete' ? null : amount,
    })),
  );

describe('purchases of the shop database', () => {
  const standing = async (files: readonly string[]): Promise<unknown[]> =>
    withLake(async (lake) => {
      for (const [at, file] of files.entries())
        await lake.write({ [`shop_purchase/${at}.jsonl`]: file }).run(AS_OF, ['behaviour']);
      await expectAnswers(lake);
      const [rows] = await lake.rows('select purchase_id, amount from mart.shop_purchase order by 1');
      return rows.map(({ purchase_id, amount }) => [purchase_id, amount]);
    });
  const insert = changes([['p', 10, 'insert', 5]]);
  const update = changes([['p', 20, 'update', 7]]);
  const remove = changes([['p', 30, 'delete']]);

  it.each<[string, string[], unknown[]]>([
    ['are as they were changed last', [insert, update], [['p', '7.00']]],
    ['do not care which change comes first', [update, insert], [['p', '7.00']]],
    ['go when they are deleted', [insert, update, remove], []],
    ['do not come back when earlier changes are replayed', [remove, update, insert], []],
    ['come back when they are inserted again', [remove, insert, changes([['p', 40, 'insert', 9]])], [['p', '9.00']]],
    [
      'are refused without an amount, unless deleted',
      [
        changes([
          ['p', 10, 'insert', null],
          ['q', 5, 'update', 1],
        ]),
      ],
      [['q', '1.00']],
    ],
  ])('%s', async (_says, files, expected) => {
    expect(await standing(files)).toEqual(expected);
  });
});

const contact = (contact_id: string, customer_id: string | null, email: string | null, day = '01') => ({
  contact_id,
  customer_id,
  name: contact_id.toUpperCase(),
  email,
  updated_at: `2026-06-${day}T00:00:00Z`,
});
const answer = (feedback_id: string, customer_id: string | null, email: string | null, score: number) => ({
  feedback_id,
  customer_id,
  email,
  score,
  comment: null,
  given_at: '2026-06-30T12:00:00Z',
});

describe('a customer', () => {
  it.each<[string, RawFiles, object[]]>([
    [
      'has the events of a visitor who was signed in as nobody else',
      {
        'site_event/a.jsonl': events([
          ['a', '10:00:00'],
          ['b', '12:00:00', 'basket', 'v', 'c'],
        ]),
      },
      [{ customer_id: 'c', visitors: 1n, sessions: 2n, events: 2n, baskets: 1n }],
    ],
    [
      'has of a shared browser only what was done while signed in',
      {
        'site_event/a.jsonl': events([
          ['a', '10:00:00'],
          ['b', '10:01:00', 'view', 'v', 'c'],
          ['d', '10:02:00', 'view', 'v', 'e'],
        ]),
      },
      [
        { customer_id: 'c', visitors: 0n, sessions: 0n, events: 1n },
        { customer_id: 'e', events: 1n },
      ],
    ],
    [
      'has the answers left with the address of its contacts, capitals or not',
      {
        'crm_contact/a.jsonl': lines([contact('k', 'c', 'Ann@x.example')]),
        'feedback/a.jsonl': lines([
          answer('f', null, 'aNN@X.example', 10),
          answer('g', 'c', null, 0),
          answer('h', null, 'bob@x.example', 3),
        ]),
      },
      [{ customer_id: 'c', answers: 2n, promoters: 1n, detractors: 1n }],
    ],
    [
      'does not have answers of an address that two customers share',
      {
        'crm_contact/a.jsonl': lines([contact('k', 'c', 'x@x'), contact('l', 'd', 'x@x')]),
        'feedback/a.jsonl': lines([answer('f', null, 'x@x', 10)]),
      },
      [
        { customer_id: 'c', answers: 0n },
        { customer_id: 'd', answers: 0n },
      ],
    ],
    [
      'is called as the contact changed last, the smallest of equals',
      {
        'crm_contact/a.jsonl': lines([
          contact('k', 'c', 'k@x', '02'),
          contact('m', 'c', null, '03'),
          contact('l', 'c', 'l@x', '03'),
        ]),
      },
      [{ customer_id: 'c', contacts: 3n, name: 'L', email: 'l@x' }],
    ],
    [
      'is one whom any source knows, prospects are none',
      {
        'crm_contact/a.jsonl': lines([contact('k', null, 'x@x')]),
        'shop_purchase/a.jsonl': changes([
          ['p', 1, 'insert'],
          ['q', 1, 'delete'],
        ]),
      },
      [{ customer_id: 'c', name: null, purchases: 1n, spent: '5.00', events: 0n, last_seen_at: null }],
    ],
  ])('%s', async (_says, files, expected) => {
    const { customers: found } = await answersOf(files);
    expect(found).toMatchObject(expected);
    expect(found).toHaveLength(expected.length);
  });
});

describe('any files in any order give the same answers', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  const customer_id = fc.constantFrom('c', 'd', null);
  const email = fc.constantFrom('x@x', 'X@x', 'y@y', null);
  const at = fc
    .constantFrom('10:00:00', '10:20:00', '10:50:00', '11:20:00.5', '23:45:00')
    .map((time) => `2026-06-29T${time}Z`);
  const datasets = {
    site_event: fc.record({
      event_id: id,
      visitor_id: fc.constantFrom('v', 'w'),
      customer_id,
      type: fc.constantFrom('view', 'search', 'basket', 'purchase'),
      url: fc.constantFrom('/', '/x'),
      occurred_at: at,
    }),
    crm_contact: fc.record({ contact_id: id, customer_id, name: fc.constantFrom('N', null), email, updated_at: at }),
    feedback: fc.record({
      feedback_id: id,
      customer_id,
      email,
      score: fc.integer({ min: 0, max: 10 }),
      comment: fc.constant(null),
      given_at: at,
    }),
    shop_purchase: fc
      .record({
        purchase_id: id,
        operation: fc.constantFrom('insert', 'update', 'delete'),
        log_position: fc.integer({ min: 1, max: 4 }),
        customer_id,
        purchased_at: at,
        amount: fc.integer({ min: 0, max: 9 }),
      })
      .map((change) =>
        change.operation === 'delete' ? { ...change, customer_id: null, purchased_at: null, amount: null } : change,
      ),
  };
  type Delivery = { readonly dataset: string; readonly record: object; readonly run: number };

  it('as all at once, and as the oracles say', async () => {
    const delivery = fc.oneof(
      ...Object.entries(datasets).map(([dataset, record]) =>
        fc.record({ dataset: fc.constant(dataset), record: record as fc.Arbitrary<object>, run: fc.nat(2) }),
      ),
    );
    const files = (list: readonly Delivery[], name: string): RawFiles =>
      Object.fromEntries(
        Object.keys(datasets).flatMap((dataset) => {
          const mine = list.filter((each) => each.dataset === dataset).map((each) => each.record);
          return mine.length === 0 ? [] : [[`${dataset}/${name}.jsonl`, lines(mine)]];
        }),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { minLength: 1, maxLength: 40 }), async (list) => {
        await withLake(async (lake) => {
          for (const run of [0, 1, 2])
            await lake
              .write(
                files(
                  list.filter((each) => each.run === run),
                  `${2 - run}`,
                ),
              )
              .run(AS_OF, ['behaviour']);
          const answers = await expectAnswers(lake);
          await withLake(async (other) => {
            await other.write(files([...list].reverse(), 'all')).run(AS_OF, ['behaviour']);
            expect(await storedAnswers(other)).toEqual(answers);
          });
        });
      }),
      { numRuns: 8 },
    );
  });
});

describe('on a generated sample', () => {
  it('every answer is that of the oracles, and none is empty', async () => {
    await withLake(async (lake) => {
      const datasets = ['site_event', 'web_log', 'shop_purchase', 'crm_contact', 'feedback'];
      await generateSample({ out: lake.raw, rows: 1500, seed: 5, dirt: 0.05, datasets });
      await lake.run(SAMPLE_LAST_DAY, ['behaviour']);
      const answers = await expectAnswers(lake);
      for (const [name, rows] of Object.entries(answers)) expect(rows.length, name).toBeGreaterThan(20);
      const list = answers.customers as unknown as Record<string, bigint>[];
      for (const fact of ['visitors', 'sessions', 'baskets', 'purchases', 'promoters', 'detractors'])
        expect(
          list.some((each) => (each[fact] ?? 0n) > 0n),
          fact,
        ).toBe(true);
    });
  });
});
