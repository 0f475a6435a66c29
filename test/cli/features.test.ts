import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DuckDb } from '../../lib/engines/index.ts';
import { runCli } from '../support/cli.ts';

const line = (id: string, at: string, amount: number) =>
  JSON.stringify({
    transaction_id: id,
    card_id: 'k1',
    customer_id: 'c1',
    merchant_id: 'm1',
    merchant_country: 'DE',
    amount,
    timestamp: at,
    kind: 'purchase',
  });
const RAW: Record<string, string> = {
  'card_transaction/dt=2026-03-01/a.jsonl': `${line('t1', '2026-03-01T10:00:00Z', 10)}\n${line('t2', '2026-03-01T11:00:00Z', 20)}\n`,
  'card_transaction/dt=2026-03-02/a.jsonl': `${line('t3', '2026-03-02T10:00:00Z', 90)}\n`,
};

let folder = '';
const at = (name: string): string => join(folder, name);

async function features(...argv: string[]) {
  return runCli(['features', ...argv, '--lake', at('lake'), '--format', 'json']);
}

/** The file of points, and what is asked of it. */
async function over(points: string, ...argv: string[]) {
  writeFileSync(at('points.csv'), points);
  return features('card_activity', '--spine', at('points.csv'), '--out', at('out.csv'), ...argv);
}

async function query(sql: string) {
  const db = await DuckDb.open();
  try {
    return (await db.query(sql)).rows;
  } finally {
    db.close();
  }
}

/** Some columns of the written file, row by row. */
const written = (...columns: string[]): string[] => {
  const [header = '', ...lines] = readFileSync(at('out.csv'), 'utf8').trimEnd().split('\n');
  const places = columns.map((column) => header.split(',').indexOf(column));
  return lines.map((row) => places.map((place) => row.split(',')[place]).join(' '));
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'features-'));
  for (const [path, text] of Object.entries(RAW)) {
    mkdirSync(dirname(at(join('raw', path))), { recursive: true });
    writeFileSync(at(join('raw', path)), text);
  }
  const run = await runCli([
    'run',
    '--raw',
    at('raw'),
    '--lake',
    at('lake'),
    '--as-of',
    '2026-03-02',
    '--only',
    'fraud',
    '-q',
  ]);
  expect(run.stderr).not.toContain('crashed');
});

describe('lakehouse features', () => {
  it.each([
    ['2026-03-01', 'k1 2026-03-02T00:00:00Z 2 30.00'],
    ['2026-03-02', 'k1 2026-03-03T00:00:00Z 1 90.00'],
  ])('--as-of %s: every entity at the end of that day', async (day, row) => {
    const { code, stdout } = await features('card_activity', '--as-of', day, '--out', at('out.csv'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { table: 'feature.card_activity', rows: 1, columns: 16, path: at('out.csv') },
    ]);
    expect(written('card_id', 'event_time', 'purchases_24h', 'amount_24h')).toEqual([row]);
  });

  it('before anything was known there is nobody', async () => {
    expect(await features('card_activity', '--as-of', '2026-02-27', '--out', at('out.csv'))).toMatchObject({ code: 0 });
    expect(written('card_id')).toEqual([]);
  });

  it('--spine: its rows in their order, repeated ones too, strangers with nothing known, further columns along', async () => {
    const points = `label,event_time,card_id,note
1,2026-03-03T00:00:00Z,k1,"a, ""b"""
0,2026-03-02 00:00:00,k1,
,2026-03-03T02:00:00+02:00,k1,x
0,2026-03-03T00:00:00.250Z,nobody,y
1,2026-03-01T12:00:00Z,k1,z
`;
    expect(await over(points)).toMatchObject({ code: 0 });
    const text = readFileSync(at('out.csv'), 'utf8');
    expect(text.split('\n')[0]?.endsWith(',disputed_90d,label,note')).toBe(true);
    expect(text.split('\n')[1]?.endsWith(',1,"a, ""b"""')).toBe(true);
    const whole = 'card_id event_time purchases_24h'.split(' ');
    expect(written(...whole)).toEqual([
      'k1 2026-03-03T00:00:00Z 1',
      'k1 2026-03-02T00:00:00Z 2',
      'k1 2026-03-03T00:00:00Z 1',
      'nobody 2026-03-03T00:00:00.250Z 0',
      'k1 2026-03-01T12:00:00Z 0',
    ]);
  });

  it('Parquet in and out: types stay, times are text as Feature Store takes them', async () => {
    const points = `select 'k1' as card_id, timestamp '2026-03-02 00:00:00' as event_time, 0.5::double as weight, true as label`;
    await query(`copy (${points}) to '${at('points.parquet')}' (format parquet)`);
    const out = at('deep/er/out.parquet');
    expect(await features('feature.card_activity', '--spine', at('points.parquet'), '--out', out)).toMatchObject({
      code: 0,
    });
    expect(await query(`select card_id, event_time, purchases_24h, amount_24h, weight, label from '${out}'`)).toEqual([
      {
        card_id: 'k1',
        event_time: '2026-03-02T00:00:00Z',
        purchases_24h: 2n,
        amount_24h: '30.00',
        weight: 0.5,
        label: true,
      },
    ]);
  });

  const OURS = '_at _fault _faults _raw _along_0 _along_1 raw_card_id _cast_event_time x0 s f rowid'.split(' ');

  it('further columns may have any name, also one that is used within', async () => {
    const header = ['card_id', 'event_time', ...OURS].join(',');
    expect(await over(`${header}\nk1,2026-03-02T00:00:00Z,${OURS.map((_, n) => n).join(',')}\n`)).toMatchObject({
      code: 0,
    });
    expect(written(...OURS)).toEqual([OURS.map((_, n) => n).join(' ')]);
    const columns = OURS.map((name, n) => `${n} as "${name}"`).join(', ');
    const points = `select 'k1' as card_id, timestamp '2026-03-02 00:00:00' as event_time, ${columns}`;
    await query(`copy (${points}) to '${at('ours.parquet')}' (format parquet)`);
    expect(await features('card_activity', '--spine', at('ours.parquet'), '--out', at('out.csv'))).toMatchObject({
      code: 0,
    });
    expect(written(...OURS)).toEqual([OURS.map((_, n) => n).join(' ')]);
  });

  it('leaves nothing beside the file, also when it fails', async () => {
    await over('card_id,event_time\nk1,2026-03-02T00:00:00Z\n');
    await over('card_id,event_time\nk1,yesterday\n');
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  const HEAD = 'card_id,event_time\n';
  const GOOD = 'k1,2026-03-02T00:00:00Z\n';
  it.each([
    [
      'a time that is none',
      `${HEAD}${GOOD}k1,2026-02-30T00:00:00Z\nk1,\n`,
      /record 2: event_time is not .*; record 3: event_time is missing/,
    ],
    ['an entity that is missing', `${HEAD},2026-03-02T00:00:00Z\n`, /record 1: card_id is missing/],
    ['a key with spaces', `${HEAD} k1,2026-03-02T00:00:00Z\n`, /record 1: card_id is a key with spaces/],
    ['a ragged record', `${HEAD}${GOOD}k1\n`, /record 2: too_few_fields/],
    [
      'a column that is missing',
      'card_id,time\nk1,2026-03-02T00:00:00Z\n',
      /has no column event_time; it has card_id, time/,
    ],
    [
      'a column that is a feature',
      'card_id,event_time,amount_1h\nk1,2026-03-02T00:00:00Z,1\n',
      /amount_1h is also a feature/,
    ],
    [
      'a column that is a feature, however it is written',
      'card_id,event_time,Amount_1H\nk1,2026-03-02T00:00:00Z,1\n',
      /column Amount_1H is also a feature/,
    ],
    [
      'a column without a name',
      ',card_id,event_time\n0,k1,2026-03-02T00:00:00Z\n',
      /column 1 has no name; name it, or leave it out/,
    ],
    [
      'names that only case tells apart',
      'card_id,event_time,Label,label\nk1,2026-03-02T00:00:00Z,1,2\n',
      /columns Label and label differ in upper and lower case only/,
    ],
    ['no header', '', /found no header/],
  ])('a spine with %s is refused, and an earlier file stays', async (_what, points, says) => {
    writeFileSync(at('out.csv'), 'earlier');
    const { code, stderr } = await over(points);
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
    expect(readFileSync(at('out.csv'), 'utf8')).toBe('earlier');
  });

  it('Parquet with a time of another type, or that is no Parquet, is refused', async () => {
    await query(`copy (select 'k1' as card_id, 1.5::double as event_time) to '${at('odd.parquet')}' (format parquet)`);
    const odd = await features('card_activity', '--spine', at('odd.parquet'), '--out', at('out.csv'));
    expect([odd.code, odd.stderr]).toEqual([
      1,
      expect.stringContaining('column event_time is double; write it as timestamp or text'),
    ]);
    writeFileSync(at('bad.parquet'), 'PAR1 no');
    const bad = await features('card_activity', '--spine', at('bad.parquet'), '--out', at('out.csv'));
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining('no Parquet file that can be read')]);
  });

  it.each<[string[], RegExp, number]>([
    [['card_activity', '--spine', 'p.csv', '--as-of', '2026-03-01', '--out', 'o.csv'], /either --as-of or --spine/, 2],
    [['card_activity', '--out', 'o.txt'], /--out o.txt: expected a file that ends in .csv or .parquet/, 2],
    [['card_activity', '--spine', 'p.json', '--out', 'o.csv'], /--spine p.json: expected/, 2],
    [['card_activit', '--out', 'o.csv'], /there is no feature table card_activit.*card_activity/, 2],
    [['card_activity'], /--out/, 2],
    [['card_activity', '--spine', '/nowhere/p.csv', '--out', 'o.csv'], /\/nowhere\/p.csv: there is no such file/, 1],
  ])('%j is refused', async (argv, says, exit) => {
    const out = argv.indexOf('o.csv');
    const { code, stderr } = await features(...argv.map((arg, place) => (place === out ? at('never.csv') : arg)));
    expect(stderr).toMatch(says);
    expect(code).toBe(exit);
    expect(existsSync(at('never.csv'))).toBe(false);
  });

  it('a lake that was never made, or has no such table yet, says how to make it', async () => {
    const none = await runCli(['features', 'card_activity', '--lake', at('none'), '--out', at('never.csv')]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('lakehouse run')]);
    await runCli([
      'run',
      '--raw',
      at('raw'),
      '--lake',
      at('part'),
      '--as-of',
      '2026-03-02',
      '--only',
      'base.chargeback',
      '-q',
    ]);
    const part = await runCli(['features', 'card_activity', '--lake', at('part'), '--out', at('never.csv')]);
    expect([part.code, part.stderr]).toEqual([1, expect.stringContaining('has no base.card_transaction yet')]);
  });
});
