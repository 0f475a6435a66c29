import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DuckDb, rowsOf } from '../../lib/engines/index.ts';
import { generateSample } from '../../lib/sample/index.ts';
import { paymentsPlan, rowText, Workshop } from '../support/run-lake.ts';
import { RunProcess } from '../support/run-process.ts';

/** At least so many processes die per scenario; there are two. */
const KILLS = 26;
/** The first deaths are where nothing is left to chance: all computed and nothing written, and committed but not closed. */
const SURELY = ['publishing', 'published'];
/** So many die in a row before a run is let through. */
const IN_A_ROW = 6;

/** Numbers from 0 to 1, the same every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const LEDGER = {
  file: 'select dataset, path, sha256, status, rows from ops.file',
  quarantine: 'select dataset, file, record, reasons, raw from ops.quarantine',
  discard: 'select dataset, file, record, fate from ops.discard',
  step: 'select table_name, read, accepted, duplicate, superseded, quarantined, rows from ops.step',
  check: 'select table_name, check_name, verdict, failed, total from ops."check"',
  made: 'select table_name, as_ofs, rows from ops.made',
  run: 'select status, as_of from ops.run',
};

/** Everything that a lake says: every table with provenance, and the ledger without its times and run numbers. */
async function stateOf(shop: Workshop): Promise<string> {
  const db = await DuckDb.open({ path: join(shop.lake, 'lake.duckdb'), readOnly: true });
  try {
    const tables = await rowsOf(
      db,
      "select table_schema as s, table_name as t from information_schema.tables where table_schema in ('base', 'mart', 'feature') order by 1, 2",
    );
    const ledger = await rowsOf(db, "select 1 from information_schema.tables where table_schema = 'ops' limit 1");
    const selects = [
      ...tables.map(({ s, t }) => [`${s}.${t}`, `select * from ${s}."${t}"`] as const),
      ...(ledger.length > 0 ? Object.entries(LEDGER) : []),
    ];
    const state: string[] = [];
    for (const [name, sql] of selects) {
      const rows = (await rowsOf(db, sql)).map(rowText).sort();
      if (rows.length > 0 || name.includes('.')) state.push(`${name}\n${rows.join('\n')}`);
    }
    return state.join('\n');
  } finally {
    db.close();
  }
}

/** Sample files in two deliveries: those of the later half of the days wait beside the raw zone. */
async function withSample(): Promise<{ shop: Workshop; deliverRest: () => void }> {
  const shop = new Workshop(paymentsPlan());
  await generateSample({ out: shop.raw, rows: 300, days: 4, dirt: 0.05, datasets: ['purchase', 'refund', 'void'] });
  const days = new Set<string>();
  const files = readdirSync(shop.raw, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile() && entry.parentPath !== shop.raw)
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) days.add(/dt=([\d-]+)/.exec(file)?.[1] ?? '');
  const middle = [...days].filter((day) => day !== '').sort()[Math.floor(days.size / 2)] ?? '';
  const later = files.filter((file) => (/dt=([\d-]+)/.exec(file)?.[1] ?? '') >= middle);
  const waiting = (file: string) => join(shop.folder, 'waiting', file.slice(shop.raw.length));
  const move = (from: string, to: string) => {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  };
  for (const file of later) move(file, waiting(file));
  return {
    shop,
    deliverRest: () => {
      for (const file of later) move(waiting(file), file);
    },
  };
}

/** Kills runs at many moments; every state met on the way is the one before or the one after, and a re-run completes it. */
async function killMany(shop: Workshop, seed: number): Promise<{ killed: number; published: number }> {
  const chance = random(seed);
  const snapshot = join(shop.folder, 'snapshot');
  mkdirSync(shop.lake, { recursive: true });
  cpSync(shop.lake, snapshot, { recursive: true });
  const restore = () => {
    rmSync(shop.lake, { recursive: true, force: true });
    cpSync(snapshot, shop.lake, { recursive: true });
  };
  const fresh = readdirSync(snapshot).length === 0;
  const before = fresh ? '' : await stateOf(shop);

  // An undisturbed run, in a process like the ones that die: its end is what all must come to, its times where to kill.
  const undisturbed = new RunProcess(shop);
  await undisturbed.until('ready');
  const start = performance.now();
  await undisturbed.until('publishing');
  const publishing = performance.now();
  expect(await undisturbed.end()).toBe('ok');
  const ended = performance.now();
  const after = await stateOf(shop);
  expect(after).not.toBe(before);
  restore();

  let killed = 0;
  let published = 0;
  for (let inARow = 0; killed < KILLS; ) {
    const stop = SURELY[killed];
    const victim = new RunProcess(shop, stop);
    // Some die where they wait for it; of the rest every other one while it publishes, the others anywhere.
    const late = killed % 2 === 1;
    await victim.until(stop ?? (late ? 'publishing' : 'ready'));
    const span = stop ? 0 : late ? (ended - publishing) * 1.1 : ended - start;
    await new Promise((resolve) => setTimeout(resolve, chance() * span));
    const died = await victim.kill();
    if (died) {
      killed += 1;
      inARow += 1;
    }
    const file = join(shop.lake, 'lake.duckdb');
    const exists = readdirSync(shop.lake).includes('lake.duckdb');
    const now = exists ? await stateOf(shop) : '';
    expect([before, after], `the state of ${file} after a kill`).toContain(now.replace(/^made\n$/, ''));
    if (died && now === after) published += 1;
    if (stop) expect(now, stop).toBe(stop === 'published' ? after : before);
    if (now !== after && inARow < IN_A_ROW) continue;
    const report = await shop.run();
    expect(report.result.status).toBe(now === after ? 'nothing_new' : 'ok');
    expect(await stateOf(shop)).toBe(after);
    restore();
    inARow = 0;
  }
  return { killed, published };
}

describe('kill -9 at any moment', () => {
  test('leaves the state before or after, never half of it, and the next run ends in the same tables and ledger', async () => {
    const first = await withSample();
    const later = await withSample();
    await later.shop.run();
    later.deliverRest();
    const outcomes = await Promise.all([killMany(first.shop, 11), killMany(later.shop, 23)]);
    const killed = outcomes.reduce((sum, each) => sum + each.killed, 0);
    expect(killed).toBeGreaterThanOrEqual(50);
    // Deaths on both sides of the commit were met in each scenario.
    for (const each of outcomes) {
      expect(each.published).toBeGreaterThan(0);
      expect(each.published).toBeLessThan(each.killed);
    }
  }, 180_000);
});
